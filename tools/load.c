/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "load.h"
#include "memory.h"

#define LARGEST_ORDER 4

/* Every so many steps the load turns from growing to shrinking, or back. */
#define TIDE 4096

/* SplitMix64. */
static uint64_t next(struct load *load)
{
	uint64_t z = load->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void load_begin(struct load *load, int nid, unsigned long seed, unsigned long most)
{
	*load = (struct load){ .nid = nid, .state = ~seed, .most = most };
}

static void take(struct load *load)
{
	uint64_t dice = next(load);
	struct load_block block = { .order = (unsigned int)(dice % (LARGEST_ORDER + 1)) };
	gfp_t gfp = dice >> 8 & 1 ? GFP_KERNEL : GFP_HIGHUSER_MOVABLE;

	if (load->frames + (1UL << block.order) > load->most)
		return;
	block.page = alloc_pages_node(
		load->nid, gfp | __GFP_THISNODE | __GFP_NORETRY | __GFP_NOWARN, block.order);
	if (!block.page)
		return;
	load->frames += 1UL << block.order;
	load->blocks = memory_grow(load->blocks, &load->max, load->nr + 1, sizeof(block));
	load->blocks[load->nr++] = block;
}

static void give(struct load *load)
{
	struct load_block *block;

	if (!load->nr)
		return;
	block = &load->blocks[next(load) % load->nr];
	__free_pages(block->page, block->order);
	load->frames -= 1UL << block->order;
	*block = load->blocks[--load->nr];
}

void load_run(struct load *load, unsigned long steps)
{
	for (; steps--; load->steps++) {
		bool rising = load->steps / TIDE % 2 == 0;

		if (next(load) % 3 == 0 ? !rising : rising)
			take(load);
		else
			give(load);
	}
}

void load_end(struct load *load)
{
	for (size_t i = 0; i < load->nr; i++)
		__free_pages(load->blocks[i].page, load->blocks[i].order);
	free(load->blocks);
	*load = (struct load){ 0 };
}
