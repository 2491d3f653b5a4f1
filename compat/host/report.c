/* SPDX-License-Identifier: MIT */
/*
 * What the library says: to standard error, and what of it is a report on the program, by the
 * words that a kernel has for that: a sleep in the wrong context, a pointer that is none of its
 * own, memory that was overwritten.
 */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <kalloc/kalloc.h>
#include <kalloc/kernel/host.h>

static void (*report_seen)(void);

static bool has_line(const char *text, const char *start)
{
	const char *at = text;

	for (; (at = strstr(at, start)) != NULL; at++)
		if (at == text || at[-1] == '\n')
			return true;
	return false;
}

static void say(void *ctx, const char *text)
{
	host_print_error(text, strlen(text));
	if (has_line(text, "WARNING: ") || has_line(text, "BUG"))
		report_seen();
}

void host_await_reports(void (*seen)(void))
{
	report_seen = seen;
	kalloc_set_console(say, NULL);
}
