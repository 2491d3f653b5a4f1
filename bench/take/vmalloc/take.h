/* SPDX-License-Identifier: MIT */
/* vmalloc of the default machine. */
#ifndef TAKE_H
#define TAKE_H

#include <kalloc/vmalloc.h>

static inline void take_boot(void)
{
}

static inline void *take(size_t size)
{
	return vmalloc(size);
}

static inline void give(void *p, size_t size)
{
	(void)size;
	vfree(p);
}

#endif
