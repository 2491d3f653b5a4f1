/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "lines.h"
#include "lines_plain.h"

void lines_begin(const struct session *session)
{
	if (isatty(STDIN_FILENO))
		fputs("kalloc shell: built without readline: no history, no completion\n", stderr);
}

void lines_end(void)
{
}

char *lines_read(const char *prompt)
{
	return lines_plain_read(prompt);
}
