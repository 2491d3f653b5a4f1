/* SPDX-License-Identifier: MIT */
/*
 * Page blocks in use, found by their first frame or by any frame inside. A block
 * of 2^n frames begins at a multiple of 2^n.
 */
#ifndef TOOLS_HOLDERS_H
#define TOOLS_HOLDERS_H

#include "table.h"

struct holders {
	struct table blocks; /* first pfn + 1 → number; extra: order */
	unsigned int top_order;
};

/* Note a block; whatever was noted at its first frame is forgotten. */
struct table_slot *holders_put(struct holders *holders, uint64_t pfn, unsigned int order);

/* Return: the block that @pfn lies in, or NULL. */
struct table_slot *holders_find(const struct holders *holders, uint64_t pfn);

static inline uint64_t holder_pfn(const struct table_slot *block)
{
	return block->key - 1;
}

static inline unsigned int holder_order(const struct table_slot *block)
{
	return (unsigned int)block->extra;
}

#endif
