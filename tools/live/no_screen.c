/* SPDX-License-Identifier: MIT */
#include "screen.h"

const bool screen_is_built = false;

int screen_open(void)
{
	return -1;
}

void screen_close(void)
{
}

size_t screen_show(const struct view_lines *lines, size_t top, const char *keys)
{
	return 0;
}

int screen_key(int ms)
{
	return 'q';
}
