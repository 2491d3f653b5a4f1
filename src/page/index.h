/* SPDX-License-Identifier: MIT */
/*
 * How fragmented a zone is, by Linux's two formulas (<kalloc/fragment.h>), from its free
 * blocks alone. Pure: on a count of blocks, which may be one that nobody has made yet.
 *
 * Source: Linux 6.1 mm/vmstat.c.
 */
#ifndef PAGE_INDEX_H
#define PAGE_INDEX_H

#include "buddy.h"

/* Free blocks by order. */
struct free_blocks {
	unsigned long nr[BUDDY_ORDERS];
};

/* As the lists are now; without the zone's lock, as they were a moment ago. */
struct free_blocks index_count(const struct buddy *buddy);

/* Frames in the blocks of orders @lowest .. @highest. */
unsigned long index_frames(const struct free_blocks *blocks, unsigned int lowest,
			   unsigned int highest);

/* The indices in thousandths, cut off as Linux cuts them. */
int index_unusable(const struct free_blocks *blocks, unsigned int order);
int index_extfrag(const struct free_blocks *blocks, unsigned int order);

/* The unusable index as it is. */
double index_unusable_exact(const struct free_blocks *blocks, unsigned int order);

#endif
