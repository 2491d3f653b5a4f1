/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <kalloc/kalloc.h>

#include "memory.h"
#include "text_file.h"

#define PIECE (256UL << 10)

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

int text_file_copy(const char *path, FILE *to)
{
	char *piece = memory_new(PIECE, 1);
	unsigned long offset = 0;
	long len;

	while ((len = kalloc_read_at(path, piece, PIECE, offset)) > 0) {
		if (fwrite(piece, 1, (size_t)len, to) != (size_t)len)
			break;
		offset += (unsigned long)len;
	}
	free(piece);
	if (len < 0)
		errno = (int)-len;
	return len ? -1 : 0;
}
