/* SPDX-License-Identifier: MIT */
/*
 * Reading a kernel command line: words separated by spaces, "name=value" or a
 * bare "name"; double quotes keep spaces in a value. Only the splitting and the
 * number formats; which names exist is src/params.c's affair.
 */
#ifndef BASE_CMDLINE_H
#define BASE_CMDLINE_H

#include "base.h"

struct cmdline_word {
	const char *name;
	size_t name_len;
	const char *value; /* NULL for a bare name */
	size_t value_len;
};

/*
 * Take the next word from @cursor and move it on.
 * Return: 1 with @word filled, 0 at the end, -EINVAL for an unclosed quote.
 */
int cmdline_next(const char **cursor, struct cmdline_word *word);

/*
 * Read all of text[0..len) as a number of bytes: decimal or 0x, with a k, m, g, t
 * or p suffix in either case.
 * Return: 0, -EINVAL (no number, or something behind it), -ERANGE.
 */
int cmdline_bytes(const char *text, size_t len, unsigned long *bytes);

#endif
