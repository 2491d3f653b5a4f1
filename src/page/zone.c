/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "pcp.h"
#include "room.h"
#include "zone.h"

const u8 zone_ranks[MAX_NR_ZONES] = {
	[ZONE_DMA] = 0,	    [ZONE_DMA32] = 1,	[ZONE_NORMAL] = 2,
	[ZONE_HIGHMEM] = 3, [ZONE_MOVABLE] = 4, [ZONE_DEVICE] = 5,
};

const char *const zone_names[MAX_NR_ZONES] = {
	[ZONE_DMA] = "DMA",	    [ZONE_DMA32] = "DMA32",	[ZONE_NORMAL] = "Normal",
	[ZONE_HIGHMEM] = "HighMem", [ZONE_MOVABLE] = "Movable", [ZONE_DEVICE] = "Device",
};

const char *zone_name(const struct zone *zone)
{
	return zone->name;
}

struct page *zone_take_other(struct zone *zone, unsigned int order, enum migratetype mt,
			     unsigned int flags)
{
	struct page *page = NULL;

	while (!page && block_fall_back(zone, order, mt, flags))
		page = buddy_take(&zone->buddy, order, mt);
	return page;
}

void zone_give_one(struct zone *zone, unsigned int cpu, struct page *page, unsigned int order)
{
	lock_take(&zone->lock);
	zone_give(zone, cpu, page, order,
		  block_type(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap)));
	zone->flow.free_pages += 1UL << order;
	lock_drop(&zone->lock);
}

long zone_free_exact(struct zone *zone)
{
	long nr = READ_ONCE(zone->free_pages);

	if (!zone->pcp)
		return nr;
	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
		nr += READ_ONCE(zone->pcp[cpu].free_diff);
	return nr;
}

long zone_unusable(const struct zone *zone, unsigned int order, unsigned int flags)
{
	long nr = (1L << order) - 1;

	if (likely(!(flags & ALLOC_RESERVES)))
		nr += (long)READ_ONCE(zone->nr_reserved_highatomic);
	return nr;
}

bool zone_has_block(const struct zone *zone, unsigned int order, unsigned int flags)
{
	const struct buddy *buddy = &zone->buddy;

	for (; order <= buddy->max_order; order++) {
		if (!READ_ONCE(buddy->area[order].nr_free))
			continue;
		for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++) {
			if (!buddy_is_empty(buddy, order, (enum migratetype)mt))
				return true;
		}
		if (flags & (ALLOC_HIGHATOMIC | ALLOC_OOM) &&
		    !buddy_is_empty(buddy, order, MIGRATE_HIGHATOMIC))
			return true;
	}
	return false;
}

long zone_least(unsigned long mark, unsigned int flags)
{
	long least = (long)mark;

	if (flags & ALLOC_MIN_RESERVE) {
		least -= least / 2;
		if (flags & ALLOC_NON_BLOCK)
			least -= least / 4;
	}
	if (flags & ALLOC_OOM)
		least -= least / 2;
	return least;
}

bool zone_has(const struct zone *zone, unsigned int order, unsigned long mark, unsigned int highest,
	      unsigned int flags, long free_pages)
{
	free_pages -= zone_unusable(zone, order, flags);
	if (free_pages <= zone_least(mark, flags) + READ_ONCE(zone->lowmem_reserve[highest]))
		return false;
	return !order || zone_has_block(zone, order, flags);
}

bool zone_has_fast(const struct zone *zone, unsigned int order, unsigned long mark,
		   unsigned int highest, unsigned int flags, gfp_t gfp)
{
	long free_pages = READ_ONCE(zone->free_pages);

	if (!order && likely(free_pages - zone_unusable(zone, 0, flags) >
			     (long)mark + READ_ONCE(zone->lowmem_reserve[highest])))
		return true;
	if (zone_has(zone, order, mark, highest, flags, free_pages))
		return true;
	if (!order && gfp & __GFP_ATOMIC && READ_ONCE(zone->watermark_boost) &&
	    (flags & ALLOC_WMARK_MASK) == WMARK_MIN)
		return zone_has(zone, order, READ_ONCE(zone->_watermark[WMARK_MIN]), highest, flags,
				free_pages);
	return false;
}

unsigned long zone_min_free_kbytes(unsigned long lowmem)
{
	unsigned long kbytes = lowmem << (PAGE_SHIFT - 10);

	return clamp(int_sqrt(kbytes * 16), 128UL, 262144UL);
}

void zone_marks(unsigned long min_free_kbytes, unsigned long scale_factor, unsigned long managed,
		unsigned long lowmem, bool is_highmem, unsigned long mark[NR_WMARK])
{
	unsigned long share =
		lowmem ? (min_free_kbytes >> (PAGE_SHIFT - 10)) * managed / lowmem : 0;
	unsigned long step = max(share / 4, managed / 10000 * scale_factor +
						    managed % 10000 * scale_factor / 10000);

	mark[WMARK_MIN] = is_highmem ? clamp(managed / 1024, 32UL, 128UL) : share;
	mark[WMARK_LOW] = mark[WMARK_MIN] + step;
	mark[WMARK_HIGH] = mark[WMARK_LOW] + step;
}

bool zone_boost(struct zone *zone)
{
	unsigned long block = 1UL << zone->buddy.block_order;
	unsigned long factor = READ_ONCE(zone->room->watermark_boost_factor);
	unsigned long most = zone->_watermark[WMARK_HIGH] * factor / 10000;

	if (!factor || block * 4 > zone->managed_pages || !most)
		return false;
	WRITE_ONCE(zone->watermark_boost, min(zone->watermark_boost + block, max(block, most)));
	return true;
}

void zone_count_numa(struct zone_flow *flow, struct zone *preferred, const struct zone *zone,
		     int local, unsigned long nr)
{
	if (likely(zone->nid == preferred->nid && zone->nid == local)) {
		flow->at_home += nr;
		return;
	}
	flow->numa[zone->nid == local ? NUMA_LOCAL : NUMA_OTHER] += nr;
	if (zone->nid == preferred->nid) {
		flow->numa[NUMA_HIT] += nr;
		return;
	}
	flow->numa[NUMA_MISS] += nr;
	__atomic_add_fetch(&preferred->room->nodes[preferred->nid].numa_foreign, nr,
			   __ATOMIC_RELAXED);
}
