/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include <kalloc/kalloc.h>

#include "memory.h"
#include "text_file.h"

char *text_file_read(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	long len = kalloc_read(path, NULL, 0);

	/* The text may grow between two calls. */
	while (len >= 0 && (size_t)len >= size) {
		size = (size_t)len + 64;
		free(text);
		text = memory_new(size, 1);
		len = kalloc_read(path, text, size);
	}
	if (len >= 0)
		return text;
	free(text);
	errno = (int)-len;
	return NULL;
}
