/* SPDX-License-Identifier: MIT */
/* Takes every page-sized block the current machine has, so that the next one fails. */
#ifndef TEST_FLEX_EXHAUST_H
#define TEST_FLEX_EXHAUST_H

#include <kalloc/slab.h>

#define GFP_EXHAUST (GFP_NOWAIT | __GFP_NOWARN)

/* Return: the blocks, linked through their first word. */
static inline void **exhaust_take(void)
{
	void **blocks = NULL, **block;

	while ((block = kmalloc(PAGE_SIZE, GFP_EXHAUST))) {
		*block = blocks;
		blocks = block;
	}
	return blocks;
}

static inline void exhaust_give(void **blocks)
{
	while (blocks) {
		void **next = *blocks;

		kfree(blocks);
		blocks = next;
	}
}

#endif
