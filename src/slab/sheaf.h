/* SPDX-License-Identifier: MIT */
/*
 * Sheaf: an array of free objects of one cache, last in first out. Whole sheaves
 * travel between a CPU and the barn, so that objects are touched by nobody on the way.
 *
 * All sheaves have the same size, whatever they hold, and lie outside the machine's
 * memory; empty ones wait in the room's pool for any cache.
 *
 * Lock: the pool's (RANK_SHEAVES) protects its list. A sheaf is whoever's has it.
 */
#ifndef SLAB_SHEAF_H
#define SLAB_SHEAF_H

#include "chunk.h"
#include "plat.h"

#define SHEAF_SLOTS 128

struct cacheline sheaf {
	struct sheaf *next; /* in the barn, or in the pool */
	u32 nr;		    /* objects; out of date while a CPU works on it (front.h) */
	void *slots[SHEAF_SLOTS];
};

/* Sheaves that lie side by side do not fall on the same lines of a cache. */
_Static_assert(sizeof(struct sheaf) / 64 % 2 == 1, "an odd number of lines");

struct sheaf_pool {
	struct lock lock;
	struct sheaf *empty;
	struct chunk_pool chunks; /* what the empty ones were cut from */
};

/* @first: chunk_first_bytes() of a sheaf. */
void sheaf_pool_init(struct sheaf_pool *pool, void *first);
void sheaf_pool_fini(struct sheaf_pool *pool);

/* A sheaf that holds nothing; NULL if the host has no memory. */
struct sheaf *sheaf_take(struct sheaf_pool *pool);
void sheaf_give(struct sheaf_pool *pool, struct sheaf *sheaf);

/* The sheaf that @slots belongs to. */
static inline struct sheaf *sheaf_of(void **slots)
{
	return container_of(slots, struct sheaf, slots);
}

#endif
