/* SPDX-License-Identifier: MIT */
#include <kalloc/slab.h>

#include "base.h"
#include "text.h"

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = __kmalloc(len, gfp);

	if (copy && len)
		memcpy(copy, src, len);
	return copy;
}

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *copy;

	if (!s || len == SIZE_MAX)
		return NULL;
	copy = __kmalloc(len + 1, gfp);
	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strlen(s), gfp) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	struct text measure = text_on(NULL, 0), print;
	va_list again;
	char *buf;

	va_copy(again, args);
	text_vadd(&measure, fmt, again);
	va_end(again);
	buf = __kmalloc(measure.len + 1, gfp);
	if (!buf)
		return NULL;
	print = text_on(buf, measure.len + 1);
	text_vadd(&print, fmt, args);
	return buf;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}
