/* SPDX-License-Identifier: MIT */
/* What the C library has, and what it lacks. Copies in memory of their own: linux/slab.h. */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/string.h>

#define memzero_explicit(at, bytes)       \
	do {                              \
		memset((at), 0, (bytes)); \
		barrier();                \
	} while (0)

/* Return: the length of @from; -E2BIG if it was cut, to @bytes - 1. */
static inline ssize_t strscpy(char *to, const char *from, size_t bytes)
{
	size_t length = strnlen(from, bytes);
	bool is_cut = length == bytes;

	if (!bytes)
		return -E2BIG;
	memcpy(to, from, length - is_cut);
	to[length - is_cut] = '\0';
	return is_cut ? -E2BIG : (ssize_t)length;
}

/* The first byte that is not @c; NULL if all are. */
static inline void *memchr_inv(const void *at, int c, size_t bytes)
{
	for (const unsigned char *byte = at; bytes--; byte++)
		if (*byte != (unsigned char)c)
			return (void *)byte;
	return NULL;
}

#endif
