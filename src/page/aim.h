/* SPDX-License-Identifier: MIT */
/*
 * What has to be taken from a zone's free blocks so that an index at an order k becomes a
 * given one, or as near it as it can. Pure: blocks in, numbers out.
 *
 * Two things are done to free memory, in this order:
 *
 *	pin	hold one frame in a block of order o: it is left as one block of each
 *		order below o. Blocks of order k and more are pinned by units of order k.
 *	fill	hold all frames of a block, or some
 *
 * Unusable index. With F free frames, S of them in blocks below k, pinning m units makes
 * it (S + m(2^k - 1)) / (F - m): up to 1 with all units pinned. Filling n frames of the
 * small blocks makes it (S - n) / (F - n): down to 0. So while a block of the order is left
 * every index can be had as closely as F - m allows; between the last unit left and none
 * there is a gap.
 *
 * External fragmentation index. It is defined when no unit is left, so all are pinned.
 * With B free blocks it is 1 - (1 + F / 2^k) / B. Pinning smaller blocks, the largest
 * first, makes many of few and raises it, up to 1 - 2^-k - 1/B with every frame alone.
 * Filling blocks, the smallest first, lowers it: to 1/2 - 1/B when only the largest are
 * left, so below 1/2 few blocks may be. Few blocks have few indices; which of the choices
 * of up to AIM_FEW is nearest is tried out.
 */
#ifndef PAGE_AIM_H
#define PAGE_AIM_H

#include <kalloc/fragment.h>

#include "index.h"

/* How near an index is to be, and how near is near enough not to fill for more. */
#define AIM_TOLERANCE 0.02
#define AIM_CLOSE     0.005

#define AIM_FEW	      8

struct aim {
	unsigned long pins;		   /* of nr_units */
	unsigned long nr_units;		   /* of the order, in free blocks */
	unsigned long split[BUDDY_ORDERS]; /* blocks of each order to pin, from the largest down */
	unsigned long fill[BUDDY_ORDERS];  /* then blocks of each order to fill */
	unsigned long fill_frames;	   /* frames of smaller blocks to fill */
	double reached;			   /* what the index is then */
};

/* The number of units to pin for an unusable index of @index, to the nearest; never to fill. */
struct aim aim_up(const struct free_blocks *blocks, unsigned int order, double index);

struct aim aim_at_unusable(const struct free_blocks *blocks, unsigned int order, double index);
struct aim aim_at_extfrag(const struct free_blocks *blocks, unsigned int order, double index);

#endif
