/* SPDX-License-Identifier: MIT */
/* Freeing, and the references that decide when. */
#include "kasan.h"
#include "owner.h"
#include "pcp.h"
#include "quick.h"
#include "room.h"
#include "trace_page.h"

static void wipe(struct kalloc_machine *m, struct page *page, unsigned int order)
{
	unsigned long pfn = pfn_of(m, page);

	if (pfn < m->page->layout.max_linear_pfn)
		memset(page_to_linear(m, page), 0, PAGE_SIZE << order);
	else
		ram_drop(&m->page->ram, pfn << PAGE_SHIFT, PAGE_SIZE << order);
}

/* What few blocks need before they are free: room->undresses. */
static never_inline void undress(struct kalloc_machine *m, struct page *page, unsigned int order)
{
	unsigned long pfn = pfn_of(m, page);

	if (trace_wants(m, TRACE_BIT(mm_page_free)))
		trace_page_free(m, page, order);
	owner_reset(m, pfn, order);
	/* What kmalloc() or slabs had closed is to be written to. */
	if (kasan_is_on(m))
		kasan_open_frames(m, pfn, 1UL << order);
	if (m->params.init_on_free)
		wipe(m, page, order);
	if (kasan_is_on(m))
		kasan_close_frames(m, pfn, 1UL << order);
}

/* Make the frames of a block ready to be free. Return: false if it must be left out. */
static bool prepare_free(struct kalloc_machine *m, struct page *page, unsigned int order)
{
	if (PageHead(page))
		frame_break_compound(page, order);
	if (unlikely(!frame_check_free(page, order)))
		return false;
	if (unlikely(READ_ONCE(m->page->undresses)))
		undress(m, page, order);
	return true;
}

static inline struct zone *zone_of(const struct kalloc_machine *m, const struct page *page)
{
	return &m->page->nodes[frame_nid(page)].zones[frame_zone(page)];
}

static void free_block(struct page *page, unsigned int order, bool cold)
{
	struct kalloc_machine *m = machine_of(page);
	struct zone *zone = zone_of(m, page);
	unsigned int cpu = cpu_current(m->params.nr_cpus);

	if (unlikely(order > m->params.max_order)) {
		WARN_ONCE(true, "a block of order %u is freed, the largest is %lu", order,
			  m->params.max_order);
		return;
	}
	if (unlikely(!prepare_free(m, page, order)))
		return;
	if (likely(pcp_has_order(order)))
		pcp_give(zone, cpu, page, order, cold);
	else
		zone_give_one(zone, cpu, page, order);
}

/*
 * Drop one reference. Return: true if it was the last one.
 *
 * A count of 1 is ours alone: nobody else can take a reference any more, so it
 * needs no locked instruction. The acquire pairs with the release of whoever
 * dropped the count to 1, so that what they did to the frame is over.
 */
static inline bool drop_reference(struct page *page)
{
	if (likely(__atomic_load_n(&page->_refcount.counter, __ATOMIC_ACQUIRE) == 1)) {
		WRITE_ONCE(page->_refcount.counter, 0);
		return true;
	}
	return __atomic_sub_fetch(&page->_refcount.counter, 1, __ATOMIC_ACQ_REL) == 0;
}

static never_inline void free_pages_to(struct page *page, unsigned int order, bool cold)
{
	bool head = PageHead(page); /* read before the reference is gone */

	if (likely(drop_reference(page))) {
		free_block(page, order, cold);
		return;
	}
	/* Somebody holds the first frame: it stays, the rest of a plain block goes. */
	while (!head && order-- > 0)
		free_block(page + (1UL << order), order, cold);
}

/* Blocks of an order that CPU lists serve, and of one that they do not. */
static never_inline void give_block(struct page_room *room, struct page *page, unsigned int order)
{
	assume(order > 0);
	if (unlikely(!quick_give(room, page, order)))
		free_pages_to(page, order, false);
}

/* Near the zone's edge, where a block's buddy may be outside. */
static never_inline void give_zone_edge(struct zone *zone, struct page *page, unsigned int order)
{
	WRITE_ONCE(page->_refcount.counter, 0);
	zone_give_one(zone, cpu_current(zone->nr_cpus), page, order);
}

/* Where other threads may be in the way. */
static never_inline void give_zone_shared(struct zone *zone, struct pcp *pcp, struct page *page,
					  unsigned int order)
{
	lock_take(&zone->lock);
	quick_give_zone(zone, pcp, page, order);
	lock_drop(&zone->lock);
}

static never_inline void give_zone_block(struct page_room *room, struct page *page,
					 unsigned int order)
{
	struct zone *zone = quick_zone_of(room, page);
	struct pcp *pcp;

	assume(order >= PCP_LOW_ORDERS);
	if (unlikely(!quick_can_give(room, zone, page, order) || !quick_pcp(zone, &pcp))) {
		free_pages_to(page, order, false);
	} else if (!halves_is_whole(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap))) {
		give_zone_edge(zone, page, order);
	} else if (unlikely(!quick_enter_zone(zone))) {
		give_zone_shared(zone, pcp, page, order);
	} else {
		quick_give_zone(zone, pcp, page, order);
		quick_leave_zone(zone);
	}
}

static always_inline void give(struct page_room *room, struct page *page, unsigned int order)
{
	if (order && pcp_has_order(order))
		give_block(room, page, order);
	else if (order)
		give_zone_block(room, page, order);
	else if (unlikely(!quick_give(room, page, 0)))
		free_pages_to(page, 0, false);
}

void pages_free(struct kalloc_machine *m, struct page *page, unsigned int order)
{
	give(m->page, page, order);
}

void __free_pages(struct page *page, unsigned int order)
{
	give(quick_room(page), page, order);
}

void free_pages(unsigned long addr, unsigned int order)
{
	const struct kalloc_machine *m = machine_of((const void *)addr);

	if (!addr || WARN_ONCE(!m || !is_linear(m, (const void *)addr),
			       "free_pages() of 0x%lx, which is memory of no machine", addr))
		return;
	__free_pages(linear_to_page(m, (const void *)addr), order);
}

void free_hot_page(struct page *page)
{
	free_pages_to(page, 0, false);
}

void free_cold_page(struct page *page)
{
	free_pages_to(page, 0, true);
}

void get_page(struct page *page)
{
	struct page *head = compound_head(page);

	if (!WARN_ONCE(head->_refcount.counter <= 0, "get_page() of a free page"))
		__atomic_add_fetch(&head->_refcount.counter, 1, __ATOMIC_RELAXED);
}

void put_page(struct page *page)
{
	struct page *head = compound_head(page);

	__free_pages(head, compound_order(head));
}

void folio_put(struct folio *folio)
{
	put_page(&folio->page);
}

void split_page(struct page *page, unsigned int order)
{
	const struct kalloc_machine *m = machine_of(page);

	if (WARN_ONCE(order > m->params.max_order, "split_page() of order %u", order) ||
	    WARN_ONCE(PageCompound(page), "split_page() of a compound page") ||
	    WARN_ONCE(!page_count(page), "split_page() of a free page"))
		return;
	for (unsigned long i = 1; i < 1UL << order; i++)
		page[i]._refcount.counter = page->_refcount.counter;
	owner_split(m, pfn_of(m, page), order);
}
