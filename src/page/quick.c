/* SPDX-License-Identifier: MIT */
#include "quick.h"
#include "trace_page.h"

void quick_boot(struct page_room *room)
{
	static const gfp_t zones[] = { 0, __GFP_DMA, __GFP_DMA32, __GFP_HIGHMEM };
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE };

	room->quick_place = ~0UL;
	if (room->layout.nr_nodes > 1)
		return;
	/* With both mobility flags, which are a mistake, the long way reports. */
	for (unsigned int i = 0; i < 3 * ARRAY_SIZE(zones); i++) {
		gfp_t gfp = zones[i / 3] | types[i % 3];
		struct quick_zone *quick = &room->quick[gfp];
		unsigned int highest = request_highest(gfp);

		quick->zone = node_first_zone(room->nodes[0].fallback, highest, NULL);
		if (quick->zone)
			quick->reserve = &quick->zone->lowmem_reserve[highest];
	}
	if (room->quick[0].zone)
		room->quick_place = frame_flags(0, room->quick[0].zone->type) >> FRAME_ZONE_SHIFT;
}

struct page *quick_finish(struct page_room *room, struct zone *zone, struct page *page, gfp_t gfp,
			  unsigned int order, bool from_zone)
{
	if (gfp & (__GFP_ZERO | __GFP_COMP) || READ_ONCE(room->dresses))
		request_dress(room, page, gfp, order);
	if (from_zone && trace_page_wants_taken(room->m))
		trace_page_taken(room->m, 0, page, order, (enum migratetype)MOBILITY(gfp));
	if (trace_page_wants_alloc(room->m))
		trace_page_alloc(room->m, page, gfp, order);
	if (gfp & __GFP_KSWAPD_RECLAIM && READ_ONCE(zone->flags) & ZONE_BOOSTED)
		request_wake_boosted(room, gfp, zone);
	return page;
}
