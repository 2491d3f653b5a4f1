/* SPDX-License-Identifier: MIT */
/* As many frames as a size needs, not the whole block. */
#include "page.h"
#include "plat.h"

void *alloc_pages_exact_nid(int nid, size_t size, gfp_t gfp)
{
	struct kalloc_machine *m = machine_current();
	unsigned int order = (unsigned int)get_order(size);
	unsigned long nr = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct page *page;

	if (WARN_ONCE(gfp & __GFP_COMP, "alloc_pages_exact() gives single pages, not a compound"))
		gfp &= ~__GFP_COMP;
	page = pages_alloc(m, gfp & ~__GFP_HIGHMEM, order, nid);
	if (!page)
		return NULL;
	split_page(page, order);
	for (unsigned long i = nr; i < 1UL << order; i++)
		__free_page(page + i);
	return page_to_linear(m, page);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	return alloc_pages_exact_nid(NUMA_NO_NODE, size, gfp);
}

void free_pages_exact(void *virt, size_t size)
{
	char *end = (char *)virt + PAGE_ALIGN(size);

	for (char *at = virt; at < end; at += PAGE_SIZE)
		free_pages((unsigned long)at, 0);
}
