/* SPDX-License-Identifier: MIT */
/*
 * Memory pools over an allocator that fails on command: the flags of each call that
 * reaches it, and the reserve after each step.
 */
#include "same.h"

#define NR_BODIES 64

/* An allocator of numbered elements. */
static struct {
	unsigned int bodies[NR_BODIES];
	unsigned int next, nr_allocs, nr_frees;
	bool failing;
	unsigned int fails_after; /* so many successes; 0: no limit */
} source;

static void *source_alloc(gfp_t gfp, void *data)
{
	bool fails =
		source.failing || (source.fails_after && source.nr_allocs >= source.fails_after);

	SAME("   alloc_fn 0x%x%s, data %d", gfp, fails ? " fails" : "", data == &source);
	source.nr_allocs++;
	if (fails)
		return NULL;
	source.bodies[source.next] = source.next;
	return &source.bodies[source.next++];
}

static void source_free(void *element, void *data)
{
	SAME("   free_fn %u, data %d", *(unsigned int *)element, data == &source);
	source.nr_frees++;
}

static void source_reset(void)
{
	memset(&source, 0, sizeof(source));
}

static void show_pool(const char *what, const mempool_t *pool)
{
	SAME("%s: min_nr %d, curr_nr %d, allocs %u, frees %u", what, pool->min_nr, pool->curr_nr,
	     source.nr_allocs, source.nr_frees);
}

static void *take(mempool_t *pool, const char *what, gfp_t gfp)
{
	unsigned int *element = mempool_alloc(pool, gfp);

	SAME("%s: %d", what, element ? (int)*element : -1);
	show_pool("  then", pool);
	return element;
}

static void show_exhaustion(mempool_t *pool, void **elements)
{
	elements[0] = take(pool, "GFP_KERNEL", GFP_KERNEL);
	source.failing = true;
	elements[1] = take(pool, "GFP_KERNEL, failing", GFP_KERNEL);
	elements[2] = take(pool, "GFP_NOWAIT, failing", GFP_NOWAIT);
	elements[3] = take(pool, "GFP_ATOMIC, failing", GFP_ATOMIC);
	elements[4] = take(pool, "GFP_NOIO, failing", GFP_NOIO);
	take(pool, "GFP_NOWAIT, empty", GFP_NOWAIT);
	take(pool, "GFP_ATOMIC, empty", GFP_ATOMIC);
	take(pool, "GFP_KERNEL without direct reclaim, empty", GFP_KERNEL & ~__GFP_DIRECT_RECLAIM);
	take(pool, "__GFP_HIGH, empty", __GFP_HIGH);
	mempool_free(elements[1], pool);
	show_pool("one freed", pool);
	elements[1] = take(pool, "the one freed", GFP_NOFS);
	mempool_free(NULL, pool);
	show_pool("NULL freed", pool);
	mempool_free(elements[2], pool);
	mempool_free(elements[3], pool);
	mempool_free(elements[0], pool);
	mempool_free(elements[1], pool);
	show_pool("reserve full", pool);
	mempool_free(elements[4], pool);
	show_pool("one more than the reserve", pool);
	source.failing = false;
}

static void show_resize(mempool_t *pool, int min_nr)
{
	SAME("resize(%d) = %d", min_nr, mempool_resize(pool, min_nr));
	show_pool("  then", pool);
}

static void show_script(void)
{
	void *elements[8];
	mempool_t *pool;

	source_reset();
	pool = mempool_create(4, source_alloc, source_free, &source);
	show_pool("create(4)", pool);
	show_exhaustion(pool, elements);
	show_resize(pool, 6);
	show_resize(pool, 6);
	show_resize(pool, 2);
	show_resize(pool, 1);
	source.failing = true;
	show_resize(pool, 8);
	source.failing = false;
	elements[0] = take(pool, "after a grow that failed", GFP_KERNEL);
	mempool_free(elements[0], pool);
	show_pool("freed into the larger reserve", pool);
	show_resize(pool, 3);
	mempool_destroy(pool);
	SAME("destroyed: allocs %u, frees %u", source.nr_allocs, source.nr_frees);
}

/* Scopes of the caller narrow what the page allocator is asked for, sooner or later. */
static void show_scopes(void)
{
	unsigned int scope;
	mempool_t *pool;

	source_reset();
	pool = mempool_create(1, source_alloc, source_free, &source);
	scope = memalloc_nofs_save();
	mempool_free(take(pool, "in a nofs scope", GFP_KERNEL), pool);
	memalloc_nofs_restore(scope);
	scope = memalloc_noio_save();
	mempool_free(take(pool, "in a noio scope", GFP_KERNEL), pool);
	memalloc_noio_restore(scope);
	mempool_destroy(pool);
}

static void show_making(void)
{
	mempool_t embedded, *pool;
	int status;

	source_reset();
	pool = mempool_create(0, source_alloc, source_free, &source);
	SAME("create(0): null %d", pool == NULL);
	show_pool("  then", pool);
	mempool_free(take(pool, "from no reserve", GFP_KERNEL), pool);
	mempool_destroy(pool);
	source_reset();
	source.fails_after = 2;
	SAME("create(4), third fails: null %d",
	     mempool_create(4, source_alloc, source_free, &source) == NULL);
	SAME("frees %u", source.nr_frees);
	source_reset();
	source.failing = true;
	memset(&embedded, 0, sizeof(embedded));
	status = mempool_init(&embedded, 2, source_alloc, source_free, &source);
	SAME("init, failing: %d, initialized %d", status, mempool_initialized(&embedded));
	source_reset();
	status = mempool_init(&embedded, 2, source_alloc, source_free, &source);
	SAME("init: %d, initialized %d", status, mempool_initialized(&embedded));
	mempool_exit(&embedded);
	SAME("exit: initialized %d, frees %u", mempool_initialized(&embedded), source.nr_frees);
	mempool_exit(&embedded);
	source_reset();
	pool = mempool_create_node(2, source_alloc, source_free, &source, GFP_NOIO, 0);
	show_pool("create_node with GFP_NOIO", pool);
	mempool_destroy(pool);
	mempool_destroy(NULL);
}

static void show_ready_made(void)
{
	struct kmem_cache *s = kmem_cache_create("same_pool", 100, 0, 0, NULL);
	mempool_t *pool = mempool_create_slab_pool(3, s);
	void *p = mempool_alloc(pool, GFP_KERNEL);

	SAME("slab pool: curr_nr %d, ksize %zu", pool->curr_nr, ksize(p));
	mempool_free(p, pool);
	mempool_destroy(pool);
	SAME("slab pool destroyed, shrink %d", kmem_cache_shrink(s));
	kmem_cache_destroy(s);
	pool = mempool_create_kmalloc_pool(3, 100);
	p = mempool_alloc(pool, GFP_KERNEL);
	SAME("kmalloc pool: curr_nr %d, ksize %zu", pool->curr_nr, ksize(p));
	mempool_free(p, pool);
	mempool_destroy(pool);
	pool = mempool_create_page_pool(3, 1);
	p = mempool_alloc(pool, GFP_KERNEL);
	SAME("page pool of order 1: curr_nr %d, references %d, compound %d", pool->curr_nr,
	     page_count(p), PageCompound(p));
	mempool_free(p, pool);
	mempool_destroy(pool);
}

void same_mempool(void)
{
	show_script();
	show_scopes();
	show_making();
	show_ready_made();
}
