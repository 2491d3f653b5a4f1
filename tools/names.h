/* SPDX-License-Identifier: MIT */
/*
 * Texts as small numbers: each different text gets the next number, from 0. Used
 * for the names of caches and for call sites, so that tables hold numbers only.
 */
#ifndef TOOLS_NAMES_H
#define TOOLS_NAMES_H

#include <stddef.h>

#include "table.h"

struct names {
	char **texts;
	size_t capacity;
	size_t count;
	struct table ids; /* hash of a text → its number */
};

/* Return: the number of text[0..len), a new one if it was never seen. */
size_t names_id(struct names *names, const char *text, size_t len);

/* A hash of a text, never 0. */
uint64_t names_hash(const char *text, size_t len);

void names_fini(struct names *names);

#endif
