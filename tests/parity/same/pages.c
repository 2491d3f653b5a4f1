/* SPDX-License-Identifier: MIT */
/*
 * Page blocks: alignment, reference counts, compound pages, splitting, zones, exact
 * runs. The frames themselves are compared elsewhere (kalloc parity).
 */
#include "same.h"

static const char *counts(struct page *page, unsigned int n)
{
	static char text[64];
	unsigned int i;

	for (i = 0; i < n && i < sizeof(text) - 1; i++)
		text[i] = (char)('0' + page[i]._refcount.counter);
	text[i] = 0;
	return text;
}

static void show_frame(const char *what, struct page *page, unsigned int order)
{
	unsigned int n = 1U << order;

	SAME("%s: count %d, head %d, tail %d, compound %d, compound_order %u, compound_nr %lu, references %s",
	     what, page_count(page), PageHead(page), PageTail(page), PageCompound(page),
	     compound_order(page), compound_nr(page), counts(page, n < 16 ? n : 16));
}

static void show_block(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order);
	unsigned long pfn = page_to_pfn(page), address = (unsigned long)page_address(page);

	SAME("order %u: aligned %d, address aligned %d, slab %d", order,
	     !(pfn & ((1UL << order) - 1)), !(address & ((PAGE_SIZE << order) - 1)),
	     PageSlab(page));
	show_frame("  plain", page, order);
	__free_pages(page, order);
	page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);
	show_frame("  compound", page, order);
	if (order) {
		struct page *last = page + (1UL << order) - 1;

		show_frame("  last tail", last, 0);
		get_page(last);
		SAME("  reference taken on the tail: head %d, tail %d, tail's own %d",
		     page_count(page), page_count(last), last->_refcount.counter);
		put_page(last);
		SAME("  and dropped: %d, head of tail %d", page_count(page),
		     compound_head(last) == page);
		SAME("  folio of tail is head %d", (void *)page_folio(last) == (void *)page);
	}
	put_page(page);
	page = alloc_pages(GFP_KERNEL | __GFP_ZERO, order);
	SAME("  zeroed: %d",
	     same_run(page_address(page), PAGE_SIZE << order, 0) == PAGE_SIZE << order);
	__free_pages(page, order);
}

static void show_split(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order);
	unsigned int i;

	split_page(page, order);
	SAME("split of order %u: %s", order, counts(page, 1U << order));
	get_page(page + (1U << order) - 1);
	SAME("  last taken twice: %s", counts(page, 1U << order));
	put_page(page + (1U << order) - 1);
	for (i = 0; i < 1U << order; i++)
		__free_page(page + i);
}

/* A plain block whose head somebody else still holds: only the head stays. */
static void show_held(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order);

	get_page(page);
	SAME("order %u held twice: %d", order, page_count(page));
	__free_pages(page, order);
	SAME("  freed once: head %d", page_count(page));
	put_page(page);
}

static void show_compound_held(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);

	get_page(page);
	get_page(page + 1);
	SAME("compound order %u held thrice: %d", order, page_count(page));
	__free_pages(page, order);
	SAME("  freed once: %d, compound %d, order %u", page_count(page), PageHead(page),
	     compound_order(page));
	put_page(page + 1);
	SAME("  dropped through a tail: %d", page_count(page));
	put_page(page);
}

static void show_again(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order), *next;

	same_alone_begin();
	__free_pages(page, order);
	next = alloc_pages(GFP_ATOMIC, order);
	same_alone_end();
	SAME("order %u freed and taken: same %d", order, page == next);
	__free_pages(next, order);
}

static void show_pair(void)
{
	struct page *a = alloc_page(GFP_KERNEL), *b = alloc_page(GFP_KERNEL), *c, *d;

	same_alone_begin();
	__free_page(a);
	__free_page(b);
	c = alloc_page(GFP_ATOMIC);
	d = alloc_page(GFP_ATOMIC);
	same_alone_end();
	SAME("freed a, b: b again %d, then a %d", c == b, d == a);
	__free_page(c);
	__free_page(d);
}

static void show_zone(gfp_t gfp)
{
	struct page *page = alloc_pages(gfp, 0);

	SAME("flags 0x%x: zone %d, node %d, below 4 GiB %d", gfp, (int)page_zonenum(page),
	     page_to_nid(page), page_to_pfn(page) < 1UL << 20);
	__free_page(page);
}

static void show_address(void)
{
	unsigned long address = __get_free_pages(GFP_KERNEL, 1);
	struct page *page = virt_to_page((void *)address);

	SAME("address to page: within a page %d, next page %d, back %d",
	     virt_to_page((void *)(address + 123)) == page,
	     virt_to_page((void *)(address + PAGE_SIZE)) == page + 1,
	     page_address(page) == (void *)address);
	SAME("pfn: back %d, valid %d, physical %d, linear %d",
	     pfn_to_page(page_to_pfn(page)) == page, pfn_valid(page_to_pfn(page)),
	     virt_to_phys((void *)(address + 5)) == (page_to_pfn(page) << PAGE_SHIFT) + 5,
	     phys_to_virt(virt_to_phys((void *)address)) == (void *)address);
	SAME("is_vmalloc_addr of a page: %d", is_vmalloc_addr((void *)address));
	free_pages(address, 1);
	free_pages(0, 0);
	address = get_zeroed_page(GFP_KERNEL);
	SAME("get_zeroed_page: %zu zeroes", same_run((void *)address, PAGE_SIZE, 0));
	free_page(address);
}

static void show_kmap(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	void *shared = kmap(page), *local = kmap_local_page(page);

	SAME("kmap of a page with an address: that %d, local %d", shared == page_address(page),
	     local == page_address(page));
	kunmap_local(local);
	kunmap(page);
	local = kmap_atomic(page);
	SAME("kmap_atomic: that %d", local == page_address(page));
	kunmap_atomic(local);
	__free_page(page);
}

static void show_node(void)
{
	struct page *page = alloc_pages_node(0, GFP_KERNEL | __GFP_THISNODE, 1);

	SAME("alloc_pages_node(0): node %d, aligned %d", page_to_nid(page),
	     !(page_to_pfn(page) & 1));
	__free_pages(page, 1);
	page = alloc_pages_node(NUMA_NO_NODE, GFP_KERNEL, 0);
	SAME("alloc_pages_node(NUMA_NO_NODE): node %d, count %d", page_to_nid(page),
	     page_count(page));
	put_page(page);
}

static void show_exact(size_t size)
{
	void *p = alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO);
	struct page *page = virt_to_page(p);
	unsigned int n = (unsigned int)(PAGE_ALIGN(size) >> PAGE_SHIFT);

	SAME("exact %zu: references %s, compound %d, aligned to its block %d, zero %d", size,
	     counts(page, n), PageCompound(page),
	     !(page_to_pfn(page) & ((1UL << get_order(size)) - 1)), same_run(p, size, 0) == size);
	free_pages_exact(p, size);
}

static void show_folio(unsigned int order)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, order);

	show_frame("folio", &folio->page, order);
	folio_put(folio);
}

void same_pages(void)
{
	static const size_t exact[] = { 1, 4096, 4097, 8192, 12288, 20480, 20481, 65536, 100000 };
	static const gfp_t zones[] = { GFP_KERNEL,
				       GFP_DMA,
				       GFP_DMA32,
				       GFP_HIGHUSER,
				       GFP_HIGHUSER_MOVABLE,
				       GFP_ATOMIC,
				       GFP_NOWAIT,
				       GFP_KERNEL | __GFP_DMA,
				       GFP_KERNEL | __GFP_RECLAIMABLE };
	unsigned int order;
	size_t i;

	for (order = 0; order < MAX_ORDER; order++)
		show_block(order);
	for (order = 0; order < 6; order++)
		show_split(order);
	for (order = 0; order < 4; order++)
		show_held(order);
	for (order = 1; order < 4; order++)
		show_compound_held(order);
	for (order = 0; order < 4; order++)
		show_again(order);
	show_pair();
	for (i = 0; i < ARRAY_SIZE(zones); i++)
		show_zone(zones[i]);
	show_address();
	show_kmap();
	show_node();
	for (i = 0; i < ARRAY_SIZE(exact); i++)
		show_exact(exact[i]);
	for (order = 0; order < 4; order++)
		show_folio(order);
}
