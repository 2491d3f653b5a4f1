/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "machine_file.h"

#include <kalloc/kalloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_BYTES (64UL << 10)

/* The file may grow from one reading to the next. */
struct machine_file machine_file_take(const char *path)
{
	size_t bytes = FIRST_BYTES;

	for (;;) {
		char *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				   -1, 0);
		long len = start == MAP_FAILED ? -1 : kalloc_read(path, start, bytes);

		if (len >= 0 && (size_t)len < bytes)
			return (struct machine_file){ start, (size_t)len, bytes };
		if (start != MAP_FAILED)
			munmap(start, bytes);
		if (len < 0)
			return (struct machine_file){ 0 };
		bytes = (size_t)len + FIRST_BYTES;
	}
}

void machine_file_give(const struct machine_file *file)
{
	if (file->start)
		munmap(file->start, file->bytes);
}

unsigned long machine_file_number(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoul(at + strlen(name), NULL, 10) : 0;
}
