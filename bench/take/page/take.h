/* SPDX-License-Identifier: MIT */
/* Blocks of frames of the default machine, each of TAKE_SIZE bytes: a power of two of frames. */
#ifndef TAKE_H
#define TAKE_H

#include <kalloc/page.h>

#define TAKE_ORDER ((unsigned int)__builtin_ctzl(TAKE_SIZE >> PAGE_SHIFT))

/* May take() be called for any size, or only for TAKE_SIZE? */
#define TAKE_ANY_SIZE false

static inline void take_boot(void)
{
}

static inline __attribute__((__always_inline__)) void *take(size_t size)
{
	(void)size;
	return alloc_pages(GFP_KERNEL, TAKE_ORDER);
}

static inline __attribute__((__always_inline__)) void give(void *p, size_t size)
{
	(void)size;
	__free_pages((struct page *)p, TAKE_ORDER);
}

#endif
