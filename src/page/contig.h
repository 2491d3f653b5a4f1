/* SPDX-License-Identifier: MIT */
/*
 * Ranges of frames on order (<kalloc/reclaim.h>: alloc_contig_range and its kin): not
 * whatever frames are free, but these, whatever they hold.
 *
 *	1  the pageblocks of the range become MIGRATE_ISOLATE: their free frames are on
 *	   lists that nobody takes from and are no longer counted as free, and what is
 *	   freed there joins them
 *	2  the CPUs' lists are given back
 *	3  the pages in the range are moved out of it
 *	4  the range's frames, now all free, are taken
 *	5  the pageblocks get a type again, and the frames around the range are free as before
 *
 * A pageblock that another caller has isolated, that is reserved for atomic requests or
 * that two zones share is refused. Step 1 looks for pages that cannot move, so as not to
 * begin in vain; step 4 is what counts.
 *
 * Locks: steps 1, 4 and 5 each hold the zone's lock throughout. Whoever has isolated a
 * pageblock owns its isolation.
 *
 * Invariant: zone->nr_isolated_blocks == pageblocks of the zone of type MIGRATE_ISOLATE.
 *
 * Differs from Linux 6.1: clean page-cache pages in the range are moved as well, not
 * dropped; compound pages never move.
 *
 * Source: Linux 6.1 mm/page_alloc.c, mm/page_isolation.c.
 */
#ifndef PAGE_CONTIG_H
#define PAGE_CONTIG_H

#include "zone.h"

/* A range within one zone, and the pageblocks that it touches. */
struct contig {
	struct zone *zone;
	unsigned long start, end;
	unsigned long first, last; /* pageblocks, last exclusive, cut to the zone */
};

/* Step 1: all pageblocks or none. Return: 0 or -EBUSY. */
int contig_isolate(const struct contig *contig);

/* Step 4: all frames or none. Return: 0 or -EBUSY. */
int contig_take(const struct contig *contig);

/* Step 5. */
void contig_restore(const struct contig *contig, enum migratetype mt);

#endif
