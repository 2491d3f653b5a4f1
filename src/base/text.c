/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "text.h"

void text_vadd(struct text *text, const char *fmt, va_list args)
{
	size_t room = text->len < text->size ? text->size - text->len : 0;
	int n = vsnprintf(room ? text->buf + text->len : NULL, room, fmt, args);

	if (n > 0)
		text->len += (size_t)n;
}

void text_add(struct text *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_vadd(text, fmt, args);
	va_end(args);
}
