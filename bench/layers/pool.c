/* SPDX-License-Identifier: MIT */
#include <kalloc/mempool.h>
#include <kalloc/slab.h>

#include "layers.h"
#include "pair.h"

#define RESERVE 16

static mempool_t *pool;

static void pool_make(mempool_t *made)
{
	pool = made;
	if (!pool)
		shape_fail("pool: no memory");
}

static struct kmem_cache *cache_make(void)
{
	return kmem_cache_create("bench", 64, 0, SLAB_PANIC, NULL);
}

PAIR(pool_slab, pool_make(mempool_create_slab_pool(RESERVE, cache_make())),
     mempool_alloc(pool, GFP_KERNEL), mempool_free(p, pool))
PAIR(pool_kmalloc, pool_make(mempool_create_kmalloc_pool(RESERVE, 64)),
     mempool_alloc(pool, GFP_KERNEL), mempool_free(p, pool))
PAIR(pool_page, pool_make(mempool_create_page_pool(RESERVE, 0)), mempool_alloc(pool, GFP_KERNEL),
     mempool_free(p, pool))
