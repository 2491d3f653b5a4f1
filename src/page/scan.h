/* SPDX-License-Identifier: MIT */
/*
 * The two scanners of a compaction run, and how far they have come.
 *
 * The migrate scanner goes up, one pageblock a call, and isolates up to 32 pages that
 * can move. A direct asynchronous run looks only at pageblocks of its own type, and
 * gives an aligned block of the wanted order up, with all it has isolated there, at the
 * first page that cannot move: that block will not become free.
 *
 * The free scanner comes down and takes free blocks apart, until there are frames for
 * all isolated pages. It keeps to movable pageblocks, unless told to take any, leaves
 * free blocks of a pageblock or more alone (they are what is wanted), and stops at the
 * min mark. Asynchronous runs look at every 32nd frame of a pageblock until they have
 * found one that is free.
 *
 * The frames that were taken and not used go back when the run ends, and the free
 * scanner starts there the next time.
 *
 * Locks: frames are looked at without one and made sure of under the lock of what they
 * turn out to be: the zone's, the LRU's, zone->compact.lock for movable pages. The
 * positions that are kept in the zone are under zone->compact.lock.
 *
 * Differs from Linux 6.1: no pageblocks are marked to be skipped, and the free lists are
 * not searched for a quick start; only the positions are kept.
 *
 * Source: Linux 6.1 mm/compaction.c.
 */
#ifndef PAGE_SCAN_H
#define PAGE_SCAN_H

#include "migrate.h"
#include "request.h"

#define SCAN_WHOLE_ZONE (-1) /* as an order: as far as it can be compacted */

struct compaction {
	struct zone *zone;
	int order; /* or SCAN_WHOLE_ZONE */
	gfp_t gfp;
	enum migratetype mt;
	unsigned int flags;   /* ALLOC_ flags of the request */
	unsigned int highest; /* rank of the highest zone it may use */
	enum migrate_mode mode;
	bool direct;	/* on behalf of a request */
	bool whole;	/* from one end of the zone to the other */
	bool any_block; /* free frames of all pageblocks will do */

	unsigned long migrate_pfn;
	unsigned long free_pfn;
	struct migrate_batch batch;
	struct list_head frames; /* to move pages to, by lru */
	unsigned long nr_frames;
	unsigned long migrate_scanned;
	unsigned long free_scanned;
};

/* Put the scanners where they start, anew after a @restart. */
void scan_begin(struct compaction *cc, bool restart);

static inline bool scan_met(const struct compaction *cc)
{
	unsigned int shift = cc->zone->buddy.block_order;

	return cc->free_pfn >> shift <= cc->migrate_pfn >> shift;
}

/* The scanners have met: the next run starts anew. */
void scan_reset(struct zone *zone);

/* Isolate pages of the next pageblock that has any. Return: whether the batch has pages. */
bool scan_for_pages(struct compaction *cc);

/* Take free frames, as many as there are pages in the batch. */
void scan_for_frames(struct compaction *cc);

/* Give the frames that were not used back. */
void scan_end(struct compaction *cc);

#endif
