/* SPDX-License-Identifier: MIT */
#include <ncurses.h>
#include <stdlib.h>
#include <unistd.h>

#include "screen.h"

const bool screen_is_built = true;

static SCREEN *terminal;

int screen_open(void)
{
	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return -1;
	terminal = newterm(NULL, stdout, stdin); /* initscr() would end the program */
	if (!terminal)
		return -1;
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	return 0;
}

void screen_close(void)
{
	endwin();
	delscreen(terminal);
}

size_t screen_show(const struct view_lines *lines, size_t top, const char *keys)
{
	size_t height = LINES > 1 ? (size_t)LINES - 1 : 0, row = 0;
	size_t room = height > lines->nr_fixed ? height - lines->nr_fixed : 0;
	size_t table = lines->nr - lines->nr_fixed;
	size_t most = table > room ? table - room : 0;

	if (top > most)
		top = most;
	erase();
	for (; row < lines->nr_fixed && row < height; row++) {
		bool is_head = row + 1 == lines->nr_fixed;

		if (is_head)
			attron(A_REVERSE);
		mvprintw((int)row, 0, "%-*.*s", COLS, COLS, lines->line[row]);
		if (is_head)
			attroff(A_REVERSE);
	}
	for (size_t i = top; i < table && row < height; i++, row++)
		mvprintw((int)row, 0, "%.*s", COLS, lines->line[lines->nr_fixed + i]);
	attron(A_DIM);
	mvprintw(LINES - 1, 0, "%.*s", COLS - 1, keys);
	attroff(A_DIM);
	refresh();
	return most;
}

int screen_key(int ms)
{
	int key;

	timeout(ms);
	key = getch();
	switch (key) {
	case ERR:
		return SCREEN_TIMEOUT;
	case KEY_RESIZE:
		return SCREEN_RESIZED;
	case KEY_UP:
		return SCREEN_UP;
	case KEY_DOWN:
		return SCREEN_DOWN;
	case KEY_PPAGE:
		return SCREEN_PAGE_UP;
	case KEY_NPAGE:
		return SCREEN_PAGE_DOWN;
	default:
		return key > 0 && key < 256 ? key : SCREEN_RESIZED;
	}
}
