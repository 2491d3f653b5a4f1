/* SPDX-License-Identifier: MIT */
#include <kalloc/context.h>
#include <kalloc/slab.h>

#include "layers.h"
#include "pair.h"

#define BULK 32

static struct kmem_cache *cache;

static void cache_make(unsigned int size)
{
	cache = kmem_cache_create("bench", size, 0, SLAB_PANIC, NULL);
}

static void *bulk_take(void)
{
	static void *objects[BULK];

	return kmem_cache_alloc_bulk(cache, GFP_KERNEL, BULK, objects) ? objects : NULL;
}

/* Two calls of a function that only returns an address: what calls alone cost. */
PAIR(two_calls, , kalloc_task(), ((void)p, opaque(kalloc_task())))

/* Both are calls, as where nothing is inline. */
static void (*volatile call_free)(const void *) = kfree;
PAIR(cache_called, cache_make(64), kalloc_call_cache_alloc(cache, GFP_KERNEL),
     kalloc_call_cache_free(cache, p))
PAIR(kmalloc_called, , kalloc_call_kmalloc(64, GFP_KERNEL), call_free(p))
PAIR(cache_256, cache_make(256), kmem_cache_alloc(cache, GFP_KERNEL), kmem_cache_free(cache, p))
PAIR(cache_zeroed, cache_make(64), kmem_cache_zalloc(cache, GFP_KERNEL), kmem_cache_free(cache, p))
PAIR(cache_bulk, cache_make(64), bulk_take(), kmem_cache_free_bulk(cache, BULK, p))
PAIR(kmalloc_1024, , kmalloc(1024, GFP_KERNEL), kfree(p))
PAIR(kzalloc_1024, , kzalloc(1024, GFP_KERNEL), kfree(p))
PAIR(kmalloc_8192, , kmalloc(8192, GFP_KERNEL), kfree(p))
PAIR(kmalloc_16384, , kmalloc(16384, GFP_KERNEL), kfree(p))
PAIR(kmalloc_65536, , kmalloc(65536, GFP_KERNEL), kfree(p))
