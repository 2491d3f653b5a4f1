/* SPDX-License-Identifier: MIT */
/*
 * What the room says of objects and caches while its events are wanted (probe/trace.h), and
 * how it comes to be asked.
 *
 * Programs take and free objects in their own code and ask nobody (kalloc/inline.h). As long
 * as events of objects are wanted, all fronts are hidden (front.h): they are empty and full
 * to such code, so that it calls the library each time, which takes the object from the same
 * front as it would have been taken from. So nobody gets another object for being watched.
 * A program that observes (probe/observe.h) hears of the objects at the same places.
 *
 * Caches that so have every request told of are *told*, and those with a shadow are (shadow.h),
 * for the bytes that were asked for.
 *
 * A recording is to be replayed, so it tells more than Linux 6.1 does: of each object that is
 * taken or freed in bulk, in the order in which single calls would have had them; and marks
 * where a cache is made, shrunk or destroyed. Caches that were made before are told of when
 * recording begins.
 *
 * Source: the tracepoints of Linux 6.1 mm/slub.c and mm/slab_common.c.
 */
#ifndef SLAB_TRACE_SLAB_H
#define SLAB_TRACE_SLAB_H

#include "cache.h"
#include "trace.h"

/* Who asked for an object, and for how much. */
struct asker {
	const void *site; /* where the call returns to */
	size_t bytes;	  /* of kmalloc(); 0: an object of its cache, how much is not known */
};

/* The caller of the function that this is written in. */
#define ASKER(bytes_) ((struct asker){ .site = __builtin_return_address(0), .bytes = (bytes_) })

/* An object was taken, or not: @object may be NULL. */
void trace_slab_alloc(struct kmem_cache *s, void *object, gfp_t gfp, int nid, struct asker asker);

/* The same of a kmalloc() that is frames. */
void trace_slab_large(struct kalloc_machine *m, const void *object, gfp_t gfp, int nid,
		      struct asker asker);

void trace_slab_free(struct kmem_cache *s, const void *object, const void *site);
void trace_slab_kfree(struct kalloc_machine *m, const void *object, const void *site);

/* Objects taken by kmem_cache_alloc_bulk() in one go / to be freed by its counterpart. */
void trace_slab_alloc_many(struct kmem_cache *s, size_t count, void **p, gfp_t gfp,
			   const void *site);
void trace_slab_free_many(struct kmem_cache *s, size_t count, void **p, const void *site);

/* The calls that are marked: each begins, and ends with what the beginning returned. */
struct cache_request;
u32 trace_slab_create(struct kalloc_machine *m, const struct cache_request *req);
void trace_slab_created(struct kalloc_machine *m, struct kmem_cache *s, u32 number);
u32 trace_slab_destroy(struct kmem_cache *s);
void trace_slab_destroyed(struct kalloc_machine *m, u32 number);
u32 trace_slab_shrink(struct kmem_cache *s);
void trace_slab_shrunk(struct kmem_cache *s, u32 number);

/* Hide the fronts or show them, as is wanted now. */
void trace_slab_follow(struct kalloc_machine *m);

/* Somebody records objects / or hears of them in any way. */
static inline bool trace_slab_is_wanted(const struct kalloc_machine *m)
{
	return trace_wants(m, TRACE_OBJECTS);
}

static inline bool trace_slab_has_takers(const struct kalloc_machine *m)
{
	return trace_wants(m, TRACE_OBJECTS | TRACE_OBSERVED);
}

/* What kmem_cache.told is to be. */
static inline bool trace_slab_is_told(const struct slab_room *room, const struct kmem_cache *s)
{
	return room->fronts.is_hidden || s->flags & SLAB_KASAN;
}

#endif
