/* SPDX-License-Identifier: MIT */
#include "index.h"

struct free_blocks index_count(const struct buddy *buddy)
{
	struct free_blocks blocks = { 0 };

	for (unsigned int order = 0; order <= buddy->max_order; order++)
		blocks.nr[order] = READ_ONCE(buddy->area[order].nr_free);
	return blocks;
}

unsigned long index_frames(const struct free_blocks *blocks, unsigned int lowest,
			   unsigned int highest)
{
	unsigned long frames = 0;

	for (unsigned int order = lowest; order <= highest; order++)
		frames += blocks->nr[order] << order;
	return frames;
}

int index_unusable(const struct free_blocks *blocks, unsigned int order)
{
	unsigned long all = index_frames(blocks, 0, BUDDY_MAX_ORDER);
	unsigned long large = index_frames(blocks, order, BUDDY_MAX_ORDER);

	return all ? (int)((all - large) * 1000 / all) : 1000;
}

double index_unusable_exact(const struct free_blocks *blocks, unsigned int order)
{
	unsigned long all = index_frames(blocks, 0, BUDDY_MAX_ORDER);
	unsigned long large = index_frames(blocks, order, BUDDY_MAX_ORDER);

	return all ? (double)(all - large) / (double)all : 1.0;
}

int index_extfrag(const struct free_blocks *blocks, unsigned int order)
{
	unsigned long nr = 0;

	for (unsigned int at = 0; at < BUDDY_ORDERS; at++) {
		if (at >= order && blocks->nr[at])
			return -1000;
		nr += blocks->nr[at];
	}
	if (!nr)
		return 0;
	return 1000 -
	       (int)((1000 + (index_frames(blocks, 0, BUDDY_MAX_ORDER) * 1000 >> order)) / nr);
}
