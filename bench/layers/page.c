/* SPDX-License-Identifier: MIT */
#include <kalloc/page.h>
#include <string.h>

#include "layers.h"
#include "pair.h"

#define BULK 512

static struct page **bulk_take(void)
{
	static struct page *pages[BULK];

	memset(pages, 0, sizeof(pages));
	return alloc_pages_bulk_array(GFP_KERNEL, BULK, pages) == BULK ? pages : NULL;
}

static void bulk_give(struct page **pages)
{
	if (!pages)
		shape_fail("alloc_pages_bulk_array gave fewer pages");
	for (int i = 0; i < BULK; i++)
		__free_pages(pages[i], 0);
}

PAIR(page_zeroed, , get_zeroed_page(GFP_KERNEL), free_pages((unsigned long)p, 0))
PAIR(page_compound, , alloc_pages(GFP_KERNEL | __GFP_COMP, 3), __free_pages(p, 3))
PAIR(page_bulk, , bulk_take(), bulk_give(p))
