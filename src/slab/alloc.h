/* SPDX-License-Identifier: MIT */
/*
 * Alloc: an object as its user gets it (cleared if asked for), and its way back.
 * The public doors, kmalloc and the bulk calls all pass here.
 */
#ifndef SLAB_ALLOC_H
#define SLAB_ALLOC_H

#include "front.h"
#include "trace_slab.h"

/*
 * Take an object; @nid out of range counts as NUMA_NO_NODE. NULL if there is none. What needs
 * nothing but an object from the front is done here and now; the caller's scopes only matter
 * to what comes below, and who asked only to that. A macro, so that it is not found out before.
 */
#define alloc_take(s, gfp, nid, asker) \
	(alloc_take_quick(s, gfp, nid) ?: alloc_take_slow(s, gfp, nid, asker))

void *alloc_take_slow(struct kmem_cache *s, gfp_t gfp, int nid, struct asker asker);

static inline void *alloc_take_quick(struct kmem_cache *s, gfp_t gfp, int nid)
{
	return likely(task_is_unmarked() && nid == NUMA_NO_NODE && !(gfp & __GFP_ZERO))
		       ? front_pop(s)
		       : NULL;
}

static inline bool alloc_wants_zero(const struct kmem_cache *s, gfp_t gfp)
{
	return s->zero_on_alloc || ((gfp & __GFP_ZERO) && !s->zero_never);
}

/*
 * What has to be done to an object before its user sees it; nothing if it is not to be
 * cleared, nor is cleared when it is freed.
 */
void alloc_prepare(const struct kmem_cache *s, gfp_t gfp, void *object);

/* An object of a cache without fronts, from the slabs; neither cleared nor told of. Or NULL. */
void *alloc_take_bare(struct kmem_cache *s, gfp_t gfp, int nid);

/* Clear an object on its way back, if the machine clears on free. */
void alloc_wipe(const struct kmem_cache *s, void *object);

/* kmem_cache_free() and kfree() for @site, of an object that no front takes, whatever the reason. */
void alloc_free(struct kmem_cache *s, void *object, const void *site);
void alloc_kfree(const void *object, const void *site);

/* Give one object of @slab back. */
void alloc_give(struct kmem_cache *s, struct slab *slab, void *object);

/* The cache that @object really is from, after a report if it is not @s; NULL if from none. */
struct kmem_cache *alloc_cache_of(struct kmem_cache *s, const void *object, struct slab **slab);

#endif
