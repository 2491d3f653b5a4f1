/* SPDX-License-Identifier: MIT */
/*
 * Pageblocks: the migratetype of each group of 512 frames (block_order 9, or
 * the largest order where that is smaller), and what happens when the lists of
 * one type run out: fallback to another type's, and stealing of its pageblock.
 *
 * Types are kept as one byte of struct pageblock, stored so that 0 means movable, the
 * state that all memory boots in. They are written under the zone's lock; a frame
 * that is freed to a CPU's list looks without it, as in Linux.
 *
 * Falling back looks for the largest block of the fallback types, so that one
 * steal serves many requests, except that a movable request that may not claim
 * the pageblock takes the smallest. A block of at least a pageblock changes its
 * type; of a smaller one, all free pages of its pageblock change lists, and the
 * pageblock changes type if at least half of it is then free or compatible.
 * A partial steal raises the zone's watermarks (boost), so that kswapd clears
 * whole pageblocks.
 *
 * The zone's lock is held throughout. Source: Linux 6.1 mm/page_alloc.c.
 */
#ifndef PAGE_BLOCK_H
#define PAGE_BLOCK_H

#include "buddy.h"

struct zone;

/* As /proc/pagetypeinfo has them. */
extern const char *const migratetype_names[MIGRATE_TYPES];

static inline enum migratetype block_type(const struct buddy *buddy, unsigned long pfn)
{
	return (enum migratetype)(READ_ONCE(buddy->blocks[pfn >> buddy->block_order].type) ^
				  MIGRATE_MOVABLE);
}

static inline void block_set_type(struct buddy *buddy, unsigned long pfn, enum migratetype mt)
{
	WRITE_ONCE(buddy->blocks[pfn >> buddy->block_order].type, (u8)(mt ^ MIGRATE_MOVABLE));
}

/* Whether blocks of two pageblocks of these types may merge. */
static inline bool block_can_merge(enum migratetype a, enum migratetype b)
{
	return a == b || (a < MIGRATE_PCPTYPES && b < MIGRATE_PCPTYPES);
}

/*
 * Move the free blocks of @pfn's pageblock to the lists of @mt.
 * *@nr_movable (may be NULL) receives the number of its used frames that an owner
 * has declared movable.
 * Return: the number of frames moved; 0 if the pageblock crosses the zone's end.
 */
unsigned long block_move_free(struct zone *zone, unsigned long pfn, enum migratetype mt,
			      unsigned long *nr_movable);

/*
 * Make blocks of at least @order available on the lists of @mt by taking them from
 * another type's. @flags: ALLOC_NOFRAGMENT keeps to blocks of a pageblock or more,
 * ALLOC_KSWAPD marks the zone for kswapd when the watermark was boosted.
 * Return: false if no other type has a block either.
 */
bool block_fall_back(struct zone *zone, unsigned int order, enum migratetype mt,
		     unsigned int flags);

/*
 * Whether a block of exactly @order is free for a request of @mt: on its own lists, or
 * on those of another type whose pageblock it may claim.
 */
bool block_can_serve(const struct buddy *buddy, unsigned int order, enum migratetype mt);

/* Reserve @page's pageblock for high-order atomic requests, up to about 1 % of the zone. */
void block_reserve_highatomic(struct zone *zone, struct page *page);

/*
 * Give one reserved pageblock back to @mt. @force: also the last one.
 * Return: true if free pages moved.
 */
bool block_unreserve_highatomic(struct zone *zone, enum migratetype mt, bool force);

#endif
