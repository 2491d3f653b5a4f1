/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "owner.h"
#include "pcp.h"
#include "request.h"

enum migratetype request_type(gfp_t gfp)
{
	if (WARN_ONCE((gfp & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK,
		      "gfp 0x%x: movable and reclaimable", gfp))
		return MIGRATE_MOVABLE;
	if (gfp & __GFP_MOVABLE)
		return MIGRATE_MOVABLE;
	return gfp & __GFP_RECLAIMABLE ? MIGRATE_RECLAIMABLE : MIGRATE_UNMOVABLE;
}

unsigned int request_highest(gfp_t gfp)
{
	static const u8 types[16] = {
		[0] = ZONE_NORMAL,
		[___GFP_DMA] = ZONE_DMA,
		[___GFP_HIGHMEM] = ZONE_HIGHMEM,
		[___GFP_DMA32] = ZONE_DMA32,
		[___GFP_MOVABLE] = ZONE_NORMAL,
		[___GFP_MOVABLE | ___GFP_DMA] = ZONE_DMA,
		[___GFP_MOVABLE | ___GFP_HIGHMEM] = ZONE_MOVABLE,
		[___GFP_MOVABLE | ___GFP_DMA32] = ZONE_DMA32,
	};
	gfp_t selector = gfp & (__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32);

	/* Two selectors contradict each other; the table then says DMA, as Linux's does. */
	WARN_ONCE(selector & (selector - 1), "gfp 0x%x: more than one zone", gfp);
	return zone_ranks[types[gfp & GFP_ZONEMASK]];
}

static void zero_frames(const struct page_room *room, struct page *page, unsigned int order)
{
	unsigned long pfn = pfn_of(room->m, page);

	if (likely(pfn < room->layout.max_linear_pfn))
		memset(page_to_linear(room->m, page), 0, PAGE_SIZE << order);
	else /* a hole in the file reads as zero */
		ram_drop(&room->ram, pfn << PAGE_SHIFT, PAGE_SIZE << order);
}

void request_dress(struct page_room *room, struct page *page, gfp_t gfp, unsigned int order)
{
	if (gfp & __GFP_ZERO || room->m->params.init_on_alloc)
		zero_frames(room, page, order);
	if (order && gfp & __GFP_COMP)
		frame_make_compound(page, order);
	owner_set(room->m, pfn_of(room->m, page), order, gfp);
}

/* A block from the zone itself, under its lock. */
static struct page *take_from_zone(const struct alloc_request *req, struct zone *zone,
				   unsigned int flags)
{
	struct page *page;

	do {
		page = NULL;
		lock_take(&zone->lock);
		if (flags & ALLOC_HIGHATOMIC)
			page = buddy_take(&zone->buddy, req->order, MIGRATE_HIGHATOMIC);
		if (!page)
			page = zone_take(zone, req->order, req->mt, flags);
		/* Failing now is worse than failing a high-order atomic request later. */
		if (!page && flags & (ALLOC_OOM | ALLOC_NON_BLOCK))
			page = buddy_take(&zone->buddy, req->order, MIGRATE_HIGHATOMIC);
		if (page) {
			zone_count_free(zone, req->cpu, -(1L << req->order));
			zone->flow.alloc_pages += 1UL << req->order;
			zone_count_numa(&zone->flow, req->preferred, zone, req->local_nid, 1);
		}
		lock_drop(&zone->lock);
	} while (page && unlikely(!frame_check_new(page)));
	return page;
}

cold_path void request_wake_boosted(struct page_room *room, gfp_t gfp, struct zone *zone)
{
	__atomic_fetch_and(&zone->flags, ~ZONE_BOOSTED, __ATOMIC_RELAXED);
	kswapd_wake(zone, 0, 0, zone->rank);
	kswapd_run_inline(room, gfp);
}

static struct page *take(const struct alloc_request *req, struct zone *zone, unsigned int flags)
{
	if (likely(pcp_has_order(req->order))) {
		const struct pcp_take take = {
			.preferred = req->preferred,
			.mt = req->mt,
			.order = req->order,
			.flags = flags,
			.cold = req->gfp & __GFP_COLD,
			.local_nid = req->local_nid,
		};
		struct page *page = pcp_take(zone, req->cpu, &take);

		if (likely(page))
			return page;
	}
	return take_from_zone(req, zone, flags);
}

/*
 * Walk the zones once. With ALLOC_NOFRAGMENT the walk ends before it leaves the
 * node: staying local matters more than not mixing pageblocks.
 */
static struct page *walk_zones(const struct alloc_request *req, unsigned int flags)
{
	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;
		struct page *page;

		if (zone->rank > req->highest || !node_allows(req->nodemask, zone->nid))
			continue;
		if (flags & ALLOC_NOFRAGMENT && zone->nid != req->preferred->nid)
			return NULL;
		if (unlikely(flags & ALLOC_SPREAD_DIRTY) &&
		    !node_dirty_ok(&req->room->nodes[zone->nid]))
			continue;
		if (!(flags & ALLOC_NO_WATERMARKS) &&
		    !zone_has_fast(zone, req->order, zone_mark(zone, flags & ALLOC_WMARK_MASK),
				   req->highest, flags, req->gfp))
			continue;
		page = take(req, zone, flags);
		if (likely(page)) {
			request_make_ready(req->room, page, req->gfp, req->order);
			if (flags & ALLOC_KSWAPD && unlikely(READ_ONCE(zone->flags) & ZONE_BOOSTED))
				request_wake_boosted(req->room, req->gfp, zone);
			if (unlikely(flags & ALLOC_HIGHATOMIC))
				block_reserve_highatomic(zone, page);
			return page;
		}
	}
	return NULL;
}

struct page *request_attempt(const struct alloc_request *req, unsigned int flags)
{
	struct page *page = walk_zones(req, flags);

	if (unlikely(!page) && flags & ALLOC_NOFRAGMENT)
		page = walk_zones(req, flags & ~ALLOC_NOFRAGMENT);
	return page;
}
