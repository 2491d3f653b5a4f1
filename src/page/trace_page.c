/* SPDX-License-Identifier: MIT */
#include "trace_page.h"

#include "pcp.h"
#include "request.h"

void trace_page_follow(struct kalloc_machine *m)
{
	const u64 taking = TRACE_BIT(mm_page_alloc) | TRACE_BIT(mm_page_alloc_zone_locked);
	const u64 moving = TRACE_BIT(mm_page_alloc_zone_locked) | TRACE_BIT(mm_page_pcpu_drain);
	struct page_room *room = m->page;
	bool dresses =
		m->params.init_on_alloc || m->params.kasan || m->owners || trace_wants(m, taking);
	bool undresses = m->params.init_on_free || m->params.kasan || m->owners ||
			 trace_wants(m, TRACE_BIT(mm_page_free));
	struct zone *zone;

	WRITE_ONCE(room->dresses, dresses);
	WRITE_ONCE(room->undresses, undresses);
	for_each_zone(zone, room) {
		zone_set_flag(zone, ZONE_DRESSES, dresses);
		lock_take(&zone->lock);
		zone->tells = trace_wants(m, moving);
		lock_drop(&zone->lock);
	}
}

static struct zone *zone_of(struct kalloc_machine *m, const struct page *page)
{
	return &m->page->nodes[frame_nid(page)].zones[frame_zone(page)];
}

void trace_page_alloc(struct kalloc_machine *m, const struct page *page, gfp_t gfp,
		      unsigned int order)
{
	const struct zone *zone = page ? zone_of(m, page) : NULL;

	trace_poll(m);
	TRACE(m, mm_page_alloc, .pfn = page ? pfn_of(m, page) : ~0UL, .order = order,
	      .migratetype = request_type(gfp), .gfp_flags = gfp, .node = zone ? (u64)zone->nid : 0,
	      .zone = zone ? (u64)zone->type : 0,
	      .nr_free = zone ? (u64)READ_ONCE(zone->free_pages) : 0);
}

void trace_page_taken(struct kalloc_machine *m, u64 stamp, const struct page *page,
		      unsigned int order, enum migratetype mt)
{
	TRACE_AT(m, stamp, mm_page_alloc_zone_locked, .pfn = pfn_of(m, page), .order = order,
		 .migratetype = mt, .percpu_refill = pcp_has_order(order) && mt < MIGRATE_PCPTYPES);
}

void trace_page_free(struct kalloc_machine *m, const struct page *page, unsigned int order)
{
	const struct zone *zone = zone_of(m, page);

	TRACE(m, mm_page_free, .pfn = pfn_of(m, page), .order = order, .node = zone->nid,
	      .zone = zone->type, .nr_free = (u64)READ_ONCE(zone->free_pages));
}
