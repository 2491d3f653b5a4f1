/* SPDX-License-Identifier: MIT */
/*
 * Object note: what an explained request (probe/explain.h) notes in this room. Each of these is a
 * look at one word where there is no record.
 */
#ifndef SLAB_OBJECT_NOTE_H
#define SLAB_OBJECT_NOTE_H

#include "explain.h"
#include "plat.h"
#include "slab_struct.h"

/* A request for an object, or for @nr of them in bulk, begins / has given so many. */
void note_object(const struct kmem_cache *s, gfp_t gfp, unsigned long nr);
void note_object_end(const void *object, unsigned long nr);

/* kmem_cache_create() begins / ends. */
void note_cache(const struct cache_request *req);
void note_cache_end(const struct kmem_cache *s);

/* Why the cache that is made is, or is not, one that was there. */
void note_shared(enum kalloc_shared how, const struct kmem_cache *other);

/* Where the object is. */
static inline void note_from(const struct kmem_cache *s, enum kalloc_from where, int nid)
{
	explain(.kind = KALLOC_NOTE_FROM,
		.from = { .where = where, .cpu = cpu_current(s->nr_cpus), .nid = nid });
}

#endif
