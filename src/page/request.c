/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "kasan.h"
#include "note.h"
#include "owner.h"
#include "pcp.h"
#include "request.h"
#include "trace_page.h"

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
	if (kasan_is_on(room->m))
		kasan_open_frames(room->m, pfn_of(room->m, page), 1UL << order);
	if (gfp & __GFP_ZERO || room->m->params.init_on_alloc)
		zero_frames(room, page, order);
	if (order && gfp & __GFP_COMP)
		frame_make_compound(page, order);
	owner_set(room->m, pfn_of(room->m, page), order, gfp);
}

static never_inline void tell_taken(const struct alloc_request *req, const struct zone *zone,
				    const struct page *page)
{
	bool is_reserved =
		block_type(&zone->buddy, pfn_of(req->room->m, page)) == MIGRATE_HIGHATOMIC;

	trace_page_taken(req->room->m, 0, page, req->order,
			 is_reserved ? MIGRATE_HIGHATOMIC : req->mt);
}

/* A block from the zone itself, under its lock. */
static always_inline struct page *take_from_zone(const struct alloc_request *req, struct zone *zone,
						 unsigned int flags, const bool noted)
{
	struct page *page;
	int split = -1;

	do {
		page = NULL;
		lock_take(&zone->lock);
		if (noted)
			split = note_source(&zone->buddy, req->order, req->mt);
		if (flags & ALLOC_HIGHATOMIC)
			page = buddy_take(&zone->buddy, req->order, MIGRATE_HIGHATOMIC);
		if (!page)
			page = zone_take(zone, req->order, req->mt, flags);
		/* Failing now is worse than failing a high-order atomic request later. */
		if (!page && flags & (ALLOC_OOM | ALLOC_NON_BLOCK))
			page = buddy_take(&zone->buddy, req->order, MIGRATE_HIGHATOMIC);
		if (page) {
			if (unlikely(zone->tells))
				tell_taken(req, zone, page);
			zone_count_free(zone, req->cpu, -(1L << req->order));
			zone->flow.alloc_pages += 1UL << req->order;
			zone_count_numa(&zone->flow, req->preferred, zone, req->local_nid, 1);
		}
		lock_drop(&zone->lock);
	} while (page && unlikely(!frame_check_new(page)));
	if (noted && page)
		note_taken(req, zone, page, split);
	return page;
}

cold_path void request_wake_boosted(struct page_room *room, gfp_t gfp, struct zone *zone)
{
	zone_set_flag(zone, ZONE_BOOSTED, false);
	kswapd_wake(zone, 0, 0, zone->rank);
	kswapd_run_inline(room, gfp);
}

/* request_make_ready(), and who wants to hear of it is told. */
static inline void make_ready(const struct alloc_request *req, struct page *page,
			      unsigned int flags)
{
	frame_hand_out(page);
	if (likely(!request_is_dressed(req->room, req->gfp)))
		return;
	request_dress(req->room, page, req->gfp, req->order);
	if (flags & ALLOC_TELL && trace_page_wants_alloc(req->room->m))
		trace_page_alloc(req->room->m, page, req->gfp, req->order);
}

static always_inline struct page *take(const struct alloc_request *req, struct zone *zone,
				       unsigned int flags, const bool noted)
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

		if (noted && page)
			note_taken_from_cpu(req, zone, page);
		if (likely(page))
			return page;
	}
	return take_from_zone(req, zone, flags, noted);
}

/*
 * Whether a zone lets the request have a block. In a @noted walk it is said why, with the
 * pages that count as taken by it.
 */
static always_inline bool zone_allows(const struct alloc_request *req, struct zone *zone,
				      unsigned int flags, const bool noted)
{
	enum kalloc_verdict verdict = KALLOC_ZONE_ALLOWS;

	if (unlikely(flags & ALLOC_SPREAD_DIRTY) && !node_dirty_ok(&req->room->nodes[zone->nid]))
		verdict = KALLOC_ZONE_DIRTY;
	else if (!(flags & ALLOC_NO_WATERMARKS) &&
		 !zone_has_fast(zone, req->order, zone_mark(zone, flags & ALLOC_WMARK_MASK),
				req->highest, flags, req->gfp))
		verdict = KALLOC_ZONE_MARK;
	if (noted)
		note_zone(req, zone, flags, (1L << req->order) - 1, verdict);
	return verdict == KALLOC_ZONE_ALLOWS;
}

/*
 * Walk the zones once. With ALLOC_NOFRAGMENT the walk ends before it leaves the
 * node: staying local matters more than not mixing pageblocks.
 */
static always_inline struct page *walk_zones(const struct alloc_request *req, unsigned int flags,
					     const bool noted)
{
	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;
		struct page *page;

		if (zone->rank > req->highest || !node_allows(req->nodemask, zone->nid))
			continue;
		if (flags & ALLOC_NOFRAGMENT && zone->nid != req->preferred->nid) {
			if (noted)
				note_zone(req, zone, flags, (1L << req->order) - 1,
					  KALLOC_ZONE_REMOTE);
			return NULL;
		}
		if (!zone_allows(req, zone, flags, noted))
			continue;
		page = take(req, zone, flags, noted);
		if (likely(page)) {
			make_ready(req, page, flags);
			if (flags & ALLOC_KSWAPD && unlikely(READ_ONCE(zone->flags) & ZONE_BOOSTED))
				request_wake_boosted(req->room, req->gfp, zone);
			if (unlikely(flags & ALLOC_HIGHATOMIC))
				block_reserve_highatomic(zone, page);
			return page;
		}
	}
	return NULL;
}

static struct page *walk(const struct alloc_request *req, unsigned int flags)
{
	return walk_zones(req, flags, false);
}

static cold_path struct page *walk_noted(const struct alloc_request *req, unsigned int flags,
					 enum kalloc_step step)
{
	note_step(step, flags);
	return walk_zones(req, flags, true);
}

struct page *request_attempt_unnoted(const struct alloc_request *req, unsigned int flags)
{
	struct page *page = walk(req, flags);

	if (unlikely(!page) && flags & ALLOC_NOFRAGMENT)
		page = walk(req, flags & ~ALLOC_NOFRAGMENT);
	return page;
}

struct page *request_attempt(const struct alloc_request *req, unsigned int flags,
			     enum kalloc_step step)
{
	struct page *page;

	if (likely(!explain_on()))
		return request_attempt_unnoted(req, flags);
	page = walk_noted(req, flags, step);
	if (!page && flags & ALLOC_NOFRAGMENT)
		page = walk_noted(req, flags & ~ALLOC_NOFRAGMENT, KALLOC_STEP_MIXING);
	return page;
}
