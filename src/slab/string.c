/* SPDX-License-Identifier: MIT */
#include <kalloc/slab.h>

#include "base.h"
#include "slab.h"
#include "text.h"

#define CALLER __builtin_return_address(0)

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kmalloc_track(len, gfp, CALLER);

	if (copy && len)
		memcpy(copy, src, len);
	return copy;
}

static char *copy_text(const char *s, size_t len, gfp_t gfp, const void *site)
{
	char *copy;

	if (!s || len == SIZE_MAX)
		return NULL;
	copy = kmalloc_track(len + 1, gfp, site);
	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	return copy_text(s, len, gfp, CALLER);
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? copy_text(s, strlen(s), gfp, CALLER) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? copy_text(s, strnlen(s, max), gfp, CALLER) : NULL;
}

static char *print(gfp_t gfp, const char *fmt, va_list args, const void *site)
{
	struct text measure = text_on(NULL, 0), text;
	va_list again;
	char *buf;

	va_copy(again, args);
	text_vadd(&measure, fmt, again);
	va_end(again);
	buf = kmalloc_track(measure.len + 1, gfp, site);
	if (!buf)
		return NULL;
	text = text_on(buf, measure.len + 1);
	text_vadd(&text, fmt, args);
	return buf;
}

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	return print(gfp, fmt, args, CALLER);
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = print(gfp, fmt, args, CALLER);
	va_end(args);
	return text;
}
