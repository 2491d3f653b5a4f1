/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "complete.h"
#include "history_path.h"
#include "interrupt.h"
#include "lines.h"
#include "lines_plain.h"

#define HISTORY_MOST 1000

/* readline's callbacks have no argument of ours. */
static const struct session *completing;
static bool is_terminal;
static char *path; /* of the history; NULL: it is not kept */

/* The list as readline wants it: first what all have in common. */
static char **with_common(char **words)
{
	size_t count = 0, common = words[0] ? strlen(words[0]) : 0;
	char **list;

	while (words[count]) {
		size_t len = 0;

		while (len < common && words[count][len] == words[0][len])
			len++;
		common = len;
		count++;
	}
	if (!count) {
		complete_fini(words);
		return NULL;
	}
	list = calloc(count + 2, sizeof(*list));
	list[0] = strndup(words[0], common);
	/* One alone is what all have in common. */
	if (count > 1)
		memcpy(list + 1, words, count * sizeof(*list));
	else
		free(words[0]);
	free(words);
	return list;
}

static char **complete_line(const char *text, int start, int end)
{
	char **list = with_common(complete(completing, rl_line_buffer, (size_t)start, (size_t)end));
	size_t len = list ? strlen(list[0]) : 0;

	rl_attempted_completion_over = 1;
	rl_completion_append_character = len && list[0][len - 1] == '=' ? '\0' : ' ';
	return list;
}

/*
 * Wait for a key or SIGINT, which is blocked until then: none is missed. Return: less than 0
 * if there is no key yet.
 */
static int wait_for_key(int fd)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };
	sigset_t interrupt, before;
	int ready = -1;

	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, &before);
	errno = EINTR;
	if (!rl_pending_signal() && !interrupt_came())
		ready = ppoll(&input, 1, NULL, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ready;
}

/* What readline reads its keys with. An interrupted line is given up, and ends. */
static int read_key(FILE *stream)
{
	unsigned char key;

	for (;;) {
		int ready = wait_for_key(fileno(stream));
		int why = errno;

		rl_check_signals();
		if (interrupt_came()) {
			rl_replace_line("", 0);
			return '\n';
		}
		if (ready > 0)
			return read(fileno(stream), &key, 1) == 1 ? key : EOF;
		if (why != EINTR)
			return EOF;
	}
}

void lines_begin(const struct session *session)
{
	is_terminal = isatty(STDIN_FILENO);
	if (!is_terminal)
		return;
	completing = session;
	rl_readline_name = "kalloc";
	rl_attempted_completion_function = complete_line;
	rl_getc_function = read_key;
	rl_completer_word_break_characters = " \t\n=|()[],+*%<>&^~\"";
	using_history();
	stifle_history(HISTORY_MOST);
	path = history_path();
	if (path)
		read_history(path);
	interrupt_begin();
}

void lines_end(void)
{
	if (is_terminal)
		interrupt_end();
	if (path && write_history(path))
		fprintf(stderr, "kalloc shell: %s: %s: the history is not kept\n", path,
			strerror(errno));
	free(path);
	path = NULL;
}

char *lines_read(const char *prompt)
{
	char *line;

	if (!is_terminal)
		return lines_plain_read(prompt);
	line = readline(prompt);
	if (line && *line)
		add_history(line);
	return line;
}
