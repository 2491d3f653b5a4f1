/* SPDX-License-Identifier: MIT */
/* A kmem_cache of the default machine, for objects of TAKE_SIZE bytes. */
#ifndef TAKE_H
#define TAKE_H

#include <kalloc/slab.h>

/* May take() be called for any size, or only for TAKE_SIZE? */
#define TAKE_ANY_SIZE false

extern struct kmem_cache *take_cache;

void take_boot(void);

static inline __attribute__((__always_inline__)) void *take(size_t size)
{
	(void)size;
	return kmem_cache_alloc(take_cache, GFP_KERNEL);
}

static inline __attribute__((__always_inline__)) void give(void *p, size_t size)
{
	(void)size;
	kmem_cache_free(take_cache, p);
}

#endif
