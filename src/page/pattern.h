/* SPDX-License-Identifier: MIT */
/*
 * Which frames are held: each function is one choice among a zone's free frames, made by
 * the profile's random sequence in one sweep, and returns how many frames it took.
 *
 * Where so many of so many are chosen, each is with chance (still needed) / (still to
 * come): so exactly so many are, and every choice is as likely as every other.
 */
#ifndef PAGE_PATTERN_H
#define PAGE_PATTERN_H

#include "holding.h"

/* Every second block of 2^order frames, free or not; which half is random. */
unsigned long pattern_checkerboard(struct kalloc_fragmentation *frag, unsigned int order);

/* A share of the free frames. */
unsigned long pattern_random(struct kalloc_fragmentation *frag, double share);

/*
 * One free frame in a share of the pageblocks that have any. Return: 0; -ENOMEM if the host
 * has no memory for a number for each pageblock.
 */
int pattern_scatter(struct kalloc_fragmentation *frag, double share);

/*
 * One frame in each of @need of the units of 2^@order frames that the free blocks of
 * orders @order .. @highest are made of; @total: how many there are.
 */
unsigned long pattern_pin(struct kalloc_fragmentation *frag, unsigned int order,
			  unsigned int highest, unsigned long need, unsigned long total);

/* All frames of @need of the @total free blocks of @order, as fillers. */
unsigned long pattern_fill_blocks(struct kalloc_fragmentation *frag, unsigned int order,
				  unsigned long need, unsigned long total);

/* @need of the @total free frames in blocks below @order, block after block, as fillers. */
unsigned long pattern_fill_frames(struct kalloc_fragmentation *frag, unsigned int order,
				  unsigned long need, unsigned long total);

#endif
