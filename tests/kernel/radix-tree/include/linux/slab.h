/* SPDX-License-Identifier: MIT */
/*
 * The allocator of the suites: libkalloc, in place of the stub over malloc that they bring.
 * They rely on one thing of that stub: a request that must not sleep fails. So they reach
 * the paths for want of memory.
 */
#ifndef KALLOC_SUITE_SLAB_H
#define KALLOC_SUITE_SLAB_H

#include <linux/gfp.h>
#include <urcu.h>

#define __KERNEL__
#include <kalloc/slab.h>
#undef __KERNEL__

struct list_lru;

static inline void *suite_cache_alloc(struct kmem_cache *s, gfp_t gfp)
{
	return gfpflags_allow_blocking(gfp) ? kmem_cache_alloc(s, gfp) : NULL;
}

static inline void *suite_kmalloc(size_t size, gfp_t gfp)
{
	return gfpflags_allow_blocking(gfp) ? kmalloc(size, gfp) : NULL;
}

#define kmem_cache_alloc(s, gfp)	  suite_cache_alloc((s), (gfp))
#define kmem_cache_alloc_lru(s, lru, gfp) suite_cache_alloc((s), (gfp))
#define kmalloc(size, gfp)		  suite_kmalloc((size), (gfp))
#define kzalloc(size, gfp)		  suite_kmalloc((size), (gfp) | __GFP_ZERO)

#endif
