/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "lines.h"
#include "lines_plain.h"

static bool is_terminal;

void lines_begin(const struct session *session)
{
	is_terminal = isatty(STDIN_FILENO);
	if (!is_terminal)
		return;
	fputs("kalloc shell: built without readline: no history, no completion\n", stderr);
	interrupt_begin();
}

void lines_end(void)
{
	if (is_terminal)
		interrupt_end();
}

char *lines_read(const char *prompt)
{
	char *line;

	if (!is_terminal)
		return lines_plain_read(prompt);
	interrupt_reading(true);
	line = lines_plain_read(prompt);
	interrupt_reading(false);
	if (line || !interrupt_came())
		return line;
	clearerr(stdin);
	putchar('\n');
	return strdup("");
}
