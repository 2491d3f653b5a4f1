/* SPDX-License-Identifier: MIT */
/* Anonymous memory from the host: what a program uses that has no vmalloc. */
#ifndef TAKE_H
#define TAKE_H

#include <stddef.h>
#include <sys/mman.h>

static inline void take_boot(void)
{
}

static inline void *take(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static inline void give(void *p, size_t size)
{
	munmap(p, size);
}

#endif
