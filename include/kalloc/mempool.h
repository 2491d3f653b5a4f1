/* SPDX-License-Identifier: MIT */
/*
 * Memory pools: an allocator with a reserve of elements that it falls back on.
 *
 * A pool keeps up to min_nr elements aside. mempool_alloc() asks the allocator
 * first, so that the reserve stays full as long as there is memory, and takes
 * the last element of the reserve only when the allocator has none; if the
 * reserve is empty too it waits for mempool_free(), provided the caller may
 * sleep. mempool_free() fills the reserve first and frees only what is above it.
 * A caller that may sleep and frees what it takes therefore always makes
 * progress, with as many elements in flight as the reserve holds.
 *
 *   0 <= curr_nr <= nr_owned <= min_nr
 *   elements[0 .. curr_nr - 1] are in the reserve; nr_owned - curr_nr of those
 *   that were are with callers
 *
 * Locks. pool->lock protects min_nr, curr_nr, nr_owned and elements; it is never
 * held while the allocator runs, so pools may be stacked. mempool_free() looks
 * at curr_nr and min_nr without it: whoever frees an element knows of every
 * change up to the moment it was taken, so it sees a reserve that was short then
 * unless somebody has filled it since.
 *
 * Around fork() a pool is like any lock of the program: a child may use it if no
 * other thread was inside a call on it.
 *
 * The machine that was current when the pool was made is the pool's own: the
 * reserve comes from it, and the allocator runs with it as the current one.
 *
 * Source of behaviour: Linux 6.1 mm/mempool.c. Differences: a pool that is
 * destroyed while elements of its reserve are with callers is reported (2.6
 * stopped there, 6.1 does not look); resizing to less than one element is
 * reported and refused (6.1 stops); a new pool need not be zeroed; the allocator sees
 * the flags as the caller's scopes (kalloc/context.h) narrow them (6.1 narrows them one
 * layer below).
 *
 * Eras (KALLOC_LINUX_VERSION): before 2.6.12 flags are plain int (the symbols and
 * their ABI are the same); before 3.5 mempool_create_node() has no flags; before
 * 4.1 mempool_resize() has some.
 */
#ifndef KALLOC_MEMPOOL_H
#define KALLOC_MEMPOOL_H

#include <kalloc/gfp.h>

struct kmem_cache;

#if KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 12)
typedef int mempool_gfp_t;
#else
typedef gfp_t mempool_gfp_t;
#endif

/* Make an element, or NULL. It may sleep as far as the flags allow. */
typedef void *(mempool_alloc_t)(mempool_gfp_t gfp_mask, void *pool_data);
/* Free an element; NULL is never passed. */
typedef void(mempool_free_t)(void *element, void *pool_data);

/* The kernel's fields in the kernel's order, then our own. */
typedef struct mempool_s {
	struct {
		unsigned int words[2];
	} lock;
	int min_nr;  /* size of the reserve */
	int curr_nr; /* elements in it now */
	void **elements;

	void *pool_data;
	mempool_alloc_t *alloc;
	mempool_free_t *free;
	struct {
		unsigned int words[2];
	} wait;

	int nr_owned; /* elements the reserve would hold if all were back */
	struct kalloc_machine *machine;
} mempool_t;

/** mempool_initialized() - true between a mempool_init() that succeeded and mempool_exit() */
static inline bool mempool_initialized(mempool_t *pool)
{
	return pool->elements != NULL;
}

KALLOC_BEGIN_DECLS

/* --- making and unmaking ---------------------------------------------- */

/**
 * mempool_create() - make a pool and fill its reserve
 * @min_nr: elements to keep in reserve; 0 is legal
 * @alloc_fn: makes an element; called with GFP_KERNEL while the reserve is filled
 * @free_fn: frees one
 * @pool_data: handed to both
 *
 * May sleep.
 *
 * Return: the pool, or NULL (no memory, or @alloc_fn gave NULL), with all that
 * was made freed again.
 */
KALLOC_API mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
				     void *pool_data);

/**
 * mempool_create_node() - mempool_create() with flags and a node of its own
 * @min_nr: as in mempool_create()
 * @alloc_fn: as in mempool_create(), called with @gfp_mask
 * @free_fn: as in mempool_create()
 * @pool_data: as in mempool_create()
 * @gfp_mask: for the pool itself and the first elements; GFP_KERNEL before 3.5
 * @nid: where the pool itself lies; NUMA_NO_NODE for anywhere
 *
 * Return: as mempool_create().
 */
KALLOC_API mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn,
					  mempool_free_t *free_fn, void *pool_data, gfp_t gfp_mask,
					  int nid);
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(3, 5, 0)
#define mempool_create_node(min_nr, alloc_fn, free_fn, pool_data, nid) \
	mempool_create_node((min_nr), (alloc_fn), (free_fn), (pool_data), GFP_KERNEL, (nid))
#endif

/**
 * mempool_init() - as mempool_create(), in a pool that the caller embeds
 * @pool: any bytes; undo with mempool_exit()
 * @min_nr: as in mempool_create()
 * @alloc_fn: as in mempool_create()
 * @free_fn: as in mempool_create()
 * @pool_data: as in mempool_create()
 *
 * Return: 0, or -ENOMEM with nothing left behind.
 */
KALLOC_API int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn,
			    mempool_free_t *free_fn, void *pool_data);

/** mempool_init_node() - mempool_init() with the flags and node of mempool_create_node() */
KALLOC_API int mempool_init_node(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn,
				 mempool_free_t *free_fn, void *pool_data, gfp_t gfp_mask,
				 int node_id);

/**
 * mempool_exit() - free the reserve of an embedded pool
 * @pool: from mempool_init(), or zeroed bytes, or a pool that has exited (no-op)
 *
 * Warns if elements of the reserve are still with callers, and how many. Those
 * that the allocator made while the reserve was full are not counted. No other
 * thread may use the pool any more. Sleeps only if the pool's free_fn does.
 */
KALLOC_API void mempool_exit(mempool_t *pool);

/** mempool_destroy() - mempool_exit() for a pool from mempool_create(); NULL is a no-op */
KALLOC_API void mempool_destroy(mempool_t *pool);

/**
 * kalloc_mempool_resize() - mempool_resize() as it was before 4.1
 * @pool: the pool
 * @new_min_nr: as in mempool_resize()
 * @gfp_mask: for the table and the new elements
 *
 * Return: as mempool_resize().
 */
KALLOC_API int kalloc_mempool_resize(mempool_t *pool, int new_min_nr, gfp_t gfp_mask);

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(4, 1, 0)
/**
 * mempool_resize() - change the size of the reserve
 * @pool: the pool; others may allocate and free meanwhile
 * @new_min_nr: elements to keep in reserve, at least 1
 *
 * What is too much is freed at once. What is missing is made now as far as the
 * allocator can, and filled up by later mempool_free() calls; that is no error.
 * May sleep.
 *
 * Return: 0, -ENOMEM (no memory for the larger table, nothing changed), -EINVAL
 * (@new_min_nr is below 1; also a warning).
 */
KALLOC_API int mempool_resize(mempool_t *pool, int new_min_nr);
#else
static inline int mempool_resize(mempool_t *pool, int new_min_nr, mempool_gfp_t gfp_mask)
{
	return kalloc_mempool_resize(pool, new_min_nr, (gfp_t)gfp_mask);
}
#endif

/* --- elements --------------------------------------------------------- */

/**
 * mempool_alloc() - take an element
 * @pool: the pool
 * @gfp_mask: flags. __GFP_NOMEMALLOC, __GFP_NORETRY and __GFP_NOWARN are added;
 *	the allocator is asked without __GFP_DIRECT_RECLAIM and __GFP_IO first and
 *	with them only when the reserve is empty. __GFP_ZERO is not possible: an
 *	element of the reserve is as its last user left it.
 *
 * Sleeps only with __GFP_DIRECT_RECLAIM, and then until there is an element.
 *
 * Return: an element. NULL only without __GFP_DIRECT_RECLAIM.
 */
KALLOC_API void *mempool_alloc(mempool_t *pool, mempool_gfp_t gfp_mask);

/**
 * mempool_free() - give an element back
 * @element: from mempool_alloc(); NULL is a no-op
 * @pool: the pool it came from
 *
 * To the reserve if that is not full, waking who waits for it; else to the
 * pool's free_fn. Sleeps only if that does.
 */
KALLOC_API void mempool_free(void *element, mempool_t *pool);

/* --- ready-made allocators -------------------------------------------- */

/** mempool_alloc_slab(), mempool_free_slab() - @pool_data is a cache without a constructor */
KALLOC_API void *mempool_alloc_slab(mempool_gfp_t gfp_mask, void *pool_data);
KALLOC_API void mempool_free_slab(void *element, void *pool_data);

/** mempool_kmalloc(), mempool_kfree() - @pool_data is the size in bytes */
KALLOC_API void *mempool_kmalloc(mempool_gfp_t gfp_mask, void *pool_data);
KALLOC_API void mempool_kfree(void *element, void *pool_data);

/** mempool_alloc_pages(), mempool_free_pages() - @pool_data is the order, elements struct page */
KALLOC_API void *mempool_alloc_pages(mempool_gfp_t gfp_mask, void *pool_data);
KALLOC_API void mempool_free_pages(void *element, void *pool_data);

/** mempool_create_slab_pool(), mempool_init_slab_pool() - pool of @cache's objects */
static inline mempool_t *mempool_create_slab_pool(int min_nr, struct kmem_cache *cache)
{
	return mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab, (void *)cache);
}

static inline int mempool_init_slab_pool(mempool_t *pool, int min_nr, struct kmem_cache *cache)
{
	return mempool_init(pool, min_nr, mempool_alloc_slab, mempool_free_slab, (void *)cache);
}

/** mempool_create_kmalloc_pool(), mempool_init_kmalloc_pool() - pool of @size bytes each */
static inline mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size)
{
	return mempool_create(min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

static inline int mempool_init_kmalloc_pool(mempool_t *pool, int min_nr, size_t size)
{
	return mempool_init(pool, min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

/** mempool_create_page_pool(), mempool_init_page_pool() - pool of blocks of 2^@order frames */
static inline mempool_t *mempool_create_page_pool(int min_nr, int order)
{
	return mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(long)order);
}

static inline int mempool_init_page_pool(mempool_t *pool, int min_nr, int order)
{
	return mempool_init(pool, min_nr, mempool_alloc_pages, mempool_free_pages,
			    (void *)(long)order);
}

KALLOC_END_DECLS

#endif
