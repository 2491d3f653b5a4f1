/* SPDX-License-Identifier: MIT */
/*
 * printk without a tree: formatted by the C library, without the level, a write for each
 * message. The letters that kernel code puts behind %p are taken away, since the C library
 * would print them.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "../../core/core.h"

bool printk_quiet, printk_mute;

#define FORMAT_MAX 512

/* What may stand between % and the letter that says what is printed. */
#define FIELD "-+ #0123456789.*hlzjt"

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Past the level that @fmt begins with. */
static const char *level_skip(const char *fmt, int *level)
{
	while (fmt[0] == KERN_SOH[0] && fmt[1]) {
		if (fmt[1] >= '0' && fmt[1] <= '7')
			*level = fmt[1] - '0';
		fmt += 2;
	}
	return fmt;
}

/* @fmt to @to, as the C library reads it; what is too long is cut. */
static void format_plain(char *to, const char *fmt)
{
	char *end = to + FORMAT_MAX - 1;

	while (*fmt && to < end) {
		size_t bytes = 1;

		if (*fmt == '%')
			bytes += strspn(fmt + 1, FIELD) + 1;
		bytes = min_t(size_t, strnlen(fmt, bytes), (size_t)(end - to));
		memcpy(to, fmt, bytes);
		to += bytes;
		fmt += bytes;
		if (bytes > 1 && fmt[-1] == 'p')
			while (is_letter_or_digit(*fmt))
				fmt++;
	}
	*to = '\0';
}

int vprintk(const char *fmt, va_list args)
{
	char plain[FORMAT_MAX], text[1024];
	int level = 4;
	int bytes;

	if (READ_ONCE(printk_mute))
		return 0;
	format_plain(plain, level_skip(fmt, &level));
	bytes = vsnprintf(text, sizeof(text), plain, args);
	bytes = clamp_t(int, bytes, 0, sizeof(text) - 1);
	if (!printk_quiet || level <= 4)
		host_print(text, (unsigned long)bytes);
	return bytes;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int bytes;

	va_start(args, fmt);
	bytes = vprintk(fmt, args);
	va_end(args);
	return bytes;
}

int scnprintf(char *to, size_t bytes, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(to, bytes, fmt, args);
	va_end(args);
	return bytes ? clamp_t(int, length, 0, bytes - 1) : 0;
}
