/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static void *or_end(void *memory)
{
	if (memory)
		return memory;
	fputs("kalloc: out of memory\n", stderr);
	exit(1);
}

void *memory_new(size_t count, size_t size)
{
	return or_end(calloc(count ? count : 1, size));
}

void *memory_grow(void *array, size_t *capacity, size_t need, size_t size)
{
	size_t grown = *capacity ? *capacity : 16;

	if (need <= *capacity)
		return array;
	while (grown < need)
		grown *= 2;
	array = or_end(reallocarray(array, grown, size));
	memset((char *)array + *capacity * size, 0, (grown - *capacity) * size);
	*capacity = grown;
	return array;
}

char *memory_text(const char *text, size_t len)
{
	return or_end(strndup(text, len));
}
