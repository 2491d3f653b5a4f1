/* SPDX-License-Identifier: MIT */
#include "soak.h"

#include <kalloc/inspect.h>

#include "audit.h"
#include "map.h"
#include "page/pcp.h"
#include "page/room.h"
#include "page/swap.h"
#include "slab/cache.h"
#include "slab/slab.h"
#include "vmap/space.h"

#define NR_ZONES (LAYOUT_NODES * MAX_NR_ZONES)

/* Frames of each zone by state, found frame by frame. */
struct census {
	unsigned long nr[NR_ZONES][KALLOC_FRAMES_HOLE + 1];
};

static void count_block(void *ctx, const struct kalloc_block *block)
{
	struct census *census = ctx;

	census->nr[block->node * MAX_NR_ZONES + block->zone][block->state] += 1UL << block->order;
}

static void zone_audit(struct zone *zone, const unsigned long *walked, struct audit *audit)
{
	unsigned long listed = 0, on_cpus = 0;

	SOAK_CHECK(buddy_ok(&zone->buddy));
	for (unsigned int order = 0; order < BUDDY_ORDERS; order++)
		listed += zone->buddy.area[order].nr_free << order;
	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++) {
		SOAK_CHECK(pcp_ok(&zone->pcp[cpu]));
		on_cpus += zone->pcp[cpu].count;
	}
	SOAK_CHECK(zone_free_exact(zone) == (long)listed);
	SOAK_CHECK(walked[KALLOC_FRAMES_FREE] == listed);
	SOAK_CHECK(walked[KALLOC_FRAMES_PCP] == on_cpus);
	SOAK_CHECK(listed + on_cpus + walked[KALLOC_FRAMES_USED] + walked[KALLOC_FRAMES_SLAB] ==
		   zone->managed_pages);
	SOAK_CHECK(!zone->nr_isolated_blocks);
	audit->nr_free += listed + on_cpus;
	audit->nr_slab += walked[KALLOC_FRAMES_SLAB];
}

static void lru_audit(const struct lru *lru)
{
	SOAK_CHECK(lru_ok(lru));
	SOAK_CHECK(!lru->nr_isolated[0] && !lru->nr_isolated[1] && !lru->nr_dirty);
	for (int list = 0; list < NR_LRU_LISTS; list++)
		SOAK_CHECK(!lru->nr[list]);
}

static void add_objects(void *ctx, const struct slab_info *info)
{
	*(unsigned long *)ctx += info->active_objs;
}

struct audit audit_take(struct soak *soak)
{
	struct page_room *room = soak->m->page;
	struct audit audit = { .nr_swap_left = swap_left(room) };
	static struct census census;
	struct kmem_cache *s;
	struct node *node;
	struct zone *zone;

	vm_unmap_aliases();
	audit.mappings_left = map_budget_left();
	list_for_each_entry(s, &soak->m->slab->slab_caches, list) {
		SOAK_CHECK(cache_ok(s));
		kmem_cache_shrink(s);
		SOAK_CHECK(cache_ok(s));
	}
	slab_walk(soak->m, add_objects, &audit.nr_objects);
	SOAK_CHECK(!soak->m->vmap->nr_lazy && area_ok(&soak->m->vmap->areas));

	memset(&census, 0, sizeof(census));
	kalloc_inspect_frames(count_block, &census);
	for_each_zone(zone, room) {
		if (zone->managed_pages)
			zone_audit(zone, census.nr[zone->nid * MAX_NR_ZONES + (int)zone->type],
				   &audit);
	}
	for_each_node(node, room)
		lru_audit(&node->lru);
	return audit;
}

void audit_compare(const struct audit *before, const struct audit *after)
{
	SOAK_CHECK(before->nr_objects == after->nr_objects);
	SOAK_CHECK(before->nr_slab == after->nr_slab);
	SOAK_CHECK(before->nr_free == after->nr_free);
	SOAK_CHECK(before->nr_swap_left == after->nr_swap_left);
	SOAK_CHECK(before->mappings_left == after->mappings_left);
}
