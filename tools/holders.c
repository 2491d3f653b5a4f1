/* SPDX-License-Identifier: MIT */
#include "holders.h"

struct table_slot *holders_put(struct holders *holders, uint64_t pfn, unsigned int order)
{
	struct table_slot *block = table_put(&holders->blocks, pfn + 1);

	if (order > holders->top_order)
		holders->top_order = order;
	block->extra = order;
	return block;
}

struct table_slot *holders_find(const struct holders *holders, uint64_t pfn)
{
	for (unsigned int order = 0; order <= holders->top_order; order++) {
		uint64_t first = pfn >> order << order;
		struct table_slot *block = table_find(&holders->blocks, first + 1);

		if (block && pfn - first < 1ull << holder_order(block))
			return block;
	}
	return NULL;
}
