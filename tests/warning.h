/* SPDX-License-Identifier: MIT */
/*
 * A warning of the library, byte for byte the kernel's but for what differs from run to
 * run: the process, and the place in the source.
 */
#ifndef TEST_WARNING_H
#define TEST_WARNING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* What follows a warning with this message at the start of @text; NULL if none is there. */
static inline const char *warning_end(const char *text, const char *message)
{
	static const char cut[] = "------------[ cut here ]------------\n";
	static const char trace[] = "---[ end trace 0000000000000000 ]---\n";
	int end = -1;

	if (strncmp(text, cut, sizeof(cut) - 1) != 0)
		return NULL;
	text += sizeof(cut) - 1;
	if (strncmp(text, message, strlen(message)) != 0)
		return NULL;
	text += strlen(message);
	sscanf(text, "WARNING: CPU: %*d PID: %*d at %*[^: \n]:%*d %*[^ \n]%n", &end);
	if (end < 0 || text[end] != '\n' || strncmp(text + end + 1, trace, sizeof(trace) - 1) != 0)
		return NULL;
	return text + end + sizeof(trace);
}

/* All of @text is this warning. */
static inline void assert_warning(const char *text, const char *message)
{
	const char *end = warning_end(text, message);

	if (!end || *end)
		fail_msg("'%s' expected, said:\n%s", message, text);
}

#endif
