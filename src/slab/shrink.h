/* SPDX-License-Identifier: MIT */
/*
 * Shrink: giving back slabs that hold no object. By request, one cache, its CPUs' too
 * (kmem_cache_shrink); by reclaim, through a shrinker of the room whose objects are the
 * empty slabs on the partial lists of all caches. Counting them empties the barns first,
 * and where that leaves no empty slab all CPUs' fronts, since objects at hand keep slabs.
 *
 * Differs from Linux 6.1, which has no such shrinker: there up to min_partial empty
 * slabs of each cache stay however tight memory is.
 */
#ifndef SLAB_SHRINK_H
#define SLAB_SHRINK_H

struct kalloc_machine;

/* Offer the room's empty slabs to reclaim / no longer. The room is up. */
void shrink_boot(struct kalloc_machine *m);
void shrink_halt(struct kalloc_machine *m);

#endif
