/* SPDX-License-Identifier: MIT */
/*
 * Taking chosen frames out of a zone's free blocks. A sweep looks at each free block once,
 * in ascending order, and asks which of its frames to hold. The block is then split around
 * them: they leave the lists with the counts of ordinary requests, single frames, of the
 * type that the profile's ratio deals out; what is left of the block goes back as the
 * largest blocks around them, at the tails of its pageblock's lists, whose type stays.
 *
 * So it is an allocation at which not the first frame of a block is kept, but the one
 * that was asked for; and the CPUs' lists are passed by.
 *
 * Free frames of an isolated pageblock are its isolator's, and left alone.
 *
 * Lock: the zone's is held throughout; the frames settle after it.
 */
#ifndef PAGE_SWEEP_H
#define PAGE_SWEEP_H

#include "holding.h"

struct sweep {
	unsigned int lowest, highest; /* orders of the blocks that are looked at */
	bool is_filler;
	/*
	 * Set the bits of the frames to hold of the free block of 2^@order frames at @pfn;
	 * bit 0 is the first frame, and all are clear. Return: whether any is set.
	 */
	bool (*choose)(struct sweep *sweep, unsigned long pfn, unsigned int order,
		       unsigned long *bits);
};

/* Return: the number of frames held. */
unsigned long sweep_run(struct kalloc_fragmentation *frag, struct sweep *sweep);

/* Call @visit for each free block that a sweep would look at. */
void sweep_look(struct zone *zone, void (*visit)(void *ctx, unsigned long pfn, unsigned int order),
		void *ctx);

static inline void sweep_set(unsigned long *bits, unsigned long at)
{
	bits[at / 64] |= 1UL << at % 64;
}

#endif
