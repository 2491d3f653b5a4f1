/* SPDX-License-Identifier: MIT */
/*
 * Slab: the front door for the rooms above. The public door is <kalloc/slab.h>;
 * what is declared here takes the machine it works on.
 *
 * An allocation goes one way and comes back as a plain return; each step tries
 * what it has, else asks the next:
 *
 *   alloc.c, kmalloc.c  the public doors: which cache, clearing
 *   front.c             this host CPU's sheaves, then full ones of the cache
 *   cpu_slab.c          the free list of this CPU's slab, then its partial slabs
 *   node.c              partial slabs of a node
 *   slab.c              a new slab from the page room
 *
 * Locks, outer to inner: the list of caches (RANK_CACHES), those of the fronts (front.h),
 * one CPU's part of one cache (RANK_SLAB_CPU), one node's part of one cache
 * (RANK_SLAB_NODE). None is held while frames are asked for or a constructor runs.
 */
#ifndef SLAB_SLAB_H
#define SLAB_SLAB_H

#include <kalloc/slab.h>

#include "base.h"
#include "machine.h"

/* Add what booting cuts. */
void slab_measure(const struct kalloc_machine *m, struct tables *tables);

/*
 * Boot and halt the room; the page room is up. Halting drops all that the caches
 * hold: their frames go with the machine. Return: 0 or -ENOMEM.
 */
int slab_boot(struct kalloc_machine *m);
void slab_halt(struct kalloc_machine *m);

/* Around fork: hold every lock of the room / let go of them. */
void slab_freeze(struct kalloc_machine *m);
void slab_thaw(struct kalloc_machine *m);

/* kmalloc_node() on machine @m. */
void *slab_kmalloc(struct kalloc_machine *m, size_t size, gfp_t gfp, int nid);

/* __kmalloc() on behalf of a function that returns to @site. */
void *kmalloc_track(size_t size, gfp_t flags, const void *site);

/* Slabs and objects of one cache, on one node or on all. */
struct slab_counts {
	unsigned long slabs;
	unsigned long objects;
	unsigned long partial_slabs; /* on the partial lists */
	unsigned long partial_used;  /* objects in use in them */
	unsigned long free;	     /* objects free in them */
};

/* Count the slabs that @s has on node @nid. */
struct slab_counts slab_count(const struct kmem_cache *s, unsigned int nid);

/* What /proc/slabinfo shows of one cache, counted as 6.1 counts. */
struct slab_info {
	const char *name;
	unsigned long active_objs; /* all but those free in partial slabs of a node */
	unsigned long num_objs;
	unsigned long num_slabs;
	unsigned int size; /* bytes from one object to the next */
	unsigned int objects_per_slab;
	unsigned int pages_per_slab;
	bool reclaimable;
};

/*
 * Call @visit for each cache, newest first. It runs under the list's lock: it
 * formats, and neither allocates nor frees.
 */
void slab_walk(struct kalloc_machine *m, void (*visit)(void *ctx, const struct slab_info *info),
	       void *ctx);

#endif
