/* SPDX-License-Identifier: MIT */
#include "quick.h"

void quick_boot(struct page_room *room)
{
	static const gfp_t zones[] = { 0, __GFP_DMA, __GFP_DMA32, __GFP_HIGHMEM };

	if (room->layout.nr_nodes > 1)
		return;
	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(zones); i++) {
		gfp_t gfp = zones[i / 2] | (i % 2 ? __GFP_MOVABLE : 0);
		struct quick_zone *quick = &room->quick[gfp];

		quick->highest = request_highest(gfp);
		quick->zone = node_first_zone(room->nodes[0].fallback, quick->highest, NULL);
	}
}

struct page *quick_take_zone(struct zone *zone, unsigned int order, enum migratetype mt)
{
	unsigned int cpu = cpu_current(zone->nr_cpus);
	struct page *page;

	lock_take(&zone->lock);
	page = buddy_take(&zone->buddy, order, mt);
	if (likely(page)) {
		zone_count_free(zone, cpu, -(1L << order));
		zone->flow.alloc_pages += 1UL << order;
		zone->flow.numa[NUMA_LOCAL]++;
		zone->flow.numa[NUMA_HIT]++;
	}
	lock_drop(&zone->lock);
	return page && likely(frame_check_new(page)) ? page : NULL;
}

void quick_give_zone(struct zone *zone, struct page *page, unsigned int order)
{
	WRITE_ONCE(page->_refcount.counter, 0);
	zone_give_one(zone, cpu_current(zone->nr_cpus), page, order);
}

struct page *quick_finish(struct page_room *room, struct zone *zone, struct page *page, gfp_t gfp,
			  unsigned int order)
{
	if (gfp & (__GFP_ZERO | __GFP_COMP) || room->dresses)
		request_dress(room, page, gfp, order);
	if (gfp & __GFP_KSWAPD_RECLAIM && READ_ONCE(zone->flags) & ZONE_BOOSTED)
		request_wake_boosted(room, gfp, zone);
	return page;
}
