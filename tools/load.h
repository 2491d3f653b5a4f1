/* SPDX-License-Identifier: MIT */
/*
 * A load on one node: blocks of orders 0 to 4, allocated and freed in random order, whose
 * number rises and falls. Ordinary requests, that may reclaim and compact.
 */
#ifndef TOOLS_LOAD_H
#define TOOLS_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include <kalloc/page.h>

struct load_block {
	struct page *page;
	unsigned int order;
};

struct load {
	int nid;
	uint64_t state; /* of its random sequence */
	unsigned long steps;
	unsigned long frames, most; /* in use, and the most that may be */
	struct load_block *blocks;
	size_t nr, max;
};

/* @most: frames, about half of which are in use after a while. */
void load_begin(struct load *load, int nid, unsigned long seed, unsigned long most);

/* Make @steps requests, to allocate or to free, on the current machine. */
void load_run(struct load *load, unsigned long steps);

/* Free what is in use. */
void load_end(struct load *load);

#endif
