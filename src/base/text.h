/* SPDX-License-Identifier: MIT */
/*
 * Building text into a buffer that may be too small, with snprintf's promise:
 * the length counted is that of the whole text, and what fits is terminated.
 *
 * Invariant: @len is the length the text would have; buf[min(len, size - 1)] == 0
 * whenever size > 0.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base.h"

struct text {
	char *buf;
	size_t size;
	size_t len;
};

static inline struct text text_on(char *buf, size_t size)
{
	if (size)
		buf[0] = '\0';
	return (struct text){ .buf = buf, .size = size };
}

void text_add(struct text *text, const char *fmt, ...) printf_like(2, 3);
void text_vadd(struct text *text, const char *fmt, va_list args) printf_like(2, 0);

#endif
