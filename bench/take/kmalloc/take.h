/* SPDX-License-Identifier: MIT */
/* kmalloc of the default machine. A constant size picks its class when compiled, as for users. */
#ifndef TAKE_H
#define TAKE_H

#include <kalloc/slab.h>

/* May take() be called for any size, or only for TAKE_SIZE? */
#define TAKE_ANY_SIZE true

static inline void take_boot(void)
{
}

static inline __attribute__((__always_inline__)) void *take(size_t size)
{
	return kmalloc(size, GFP_KERNEL);
}

static inline __attribute__((__always_inline__)) void give(void *p, size_t size)
{
	(void)size;
	kfree(p);
}

#endif
