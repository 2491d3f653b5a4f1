/* SPDX-License-Identifier: MIT */
/*
 * CPU slab: what SLUB keeps for one CPU of one cache: the free list of the CPU's slab,
 * last in first out, and partial slabs in reserve. The layer below the fronts
 * (front.h), and the first one of a cache without.
 *
 * The CPU's lock is held while a node is asked (RANK_SLAB_CPU before
 * RANK_SLAB_NODE), and dropped while frames are.
 */
#ifndef SLAB_CPU_SLAB_H
#define SLAB_CPU_SLAB_H

#include "slab_struct.h"

/* Take an object near @nid; neither cleared nor anything else. NULL if there is none. */
void *cpu_slab_take(struct kmem_cache *s, gfp_t gfp, int nid);

/* Take up to @count objects from this CPU's free list into @p. Return: how many. */
size_t cpu_slab_take_many(struct kmem_cache *s, size_t count, void **p);

/* Give back @cnt objects of one slab, chained from @head to @tail. */
void cpu_slab_give(struct kmem_cache *s, struct slab *slab, void *head, void *tail,
		   unsigned int cnt);

/* Return to the nodes what all CPUs hold. */
void cpu_slab_flush_all(struct kmem_cache *s);

#endif
