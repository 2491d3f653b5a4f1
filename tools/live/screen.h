/* SPDX-License-Identifier: MIT */
/* The terminal of kalloc top: screen.c with ncurses, no_screen.c without. */
#ifndef LIVE_SCREEN_H
#define LIVE_SCREEN_H

#include <stdbool.h>

#include "view.h"

extern const bool screen_is_built;

/* Return: 0, or -1 where there is no terminal that will do. */
int screen_open(void);
void screen_close(void);

/* Keys that are not letters. */
enum {
	SCREEN_TIMEOUT = -1,
	SCREEN_RESIZED = -2,
	SCREEN_UP = -3,
	SCREEN_DOWN = -4,
	SCREEN_PAGE_UP = -5,
	SCREEN_PAGE_DOWN = -6,
};

/* Show @lines, the table from its line @top on; @keys in the last line. Return: the last @top that makes sense. */
size_t screen_show(const struct view_lines *lines, size_t top, const char *keys);

/* Wait for a key, @ms at most. Return: the letter, or one of the above. */
int screen_key(int ms);

#endif
