/* SPDX-License-Identifier: MIT */
/*
 * Quarantine, with kasan=on: objects that were freed are not used again before others of a
 * 32nd of the machine's memory were freed, so that whoever still uses one is seen. Until
 * then they count as in use. The oldest leave first; those of a cache leave when it is
 * shrunk or destroyed, and all there are when memory is short.
 *
 * They are chained through their free pointers. The lock (RANK_QUARANTINE) protects the
 * chain; nothing is given to the slabs with it held.
 *
 * Source: Linux 6.1 mm/kasan/quarantine.c, which has one for each CPU besides.
 */
#ifndef SLAB_QUARANTINE_H
#define SLAB_QUARANTINE_H

#include "base.h"
#include "plat.h"

struct kmem_cache;
struct slab_room;

/* Objects of any caches. */
struct object_chain {
	void *first, *last; /* NULL if there is none */
};

struct quarantine {
	struct lock lock;
	struct object_chain chain;
	size_t bytes, most; /* of the slots of all in it */
};

/* @bytes: the machine's memory. */
void quarantine_init(struct quarantine *q, size_t bytes);

/* Keep an object of @s, and give back those that have waited long enough. */
void quarantine_give(struct kmem_cache *s, void *object);

/* Give back all objects of @s; NULL: all there are. */
void quarantine_flush(struct slab_room *room, const struct kmem_cache *s);

#endif
