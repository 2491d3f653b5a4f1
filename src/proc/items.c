/* SPDX-License-Identifier: MIT */
#include "items.h"
#include "pcp.h"

const char *const item_names[NR_ITEMS] = {
#define ITEM_NAME(name) #name,
	ZONE_ITEMS(ITEM_NAME) NUMA_ITEMS(ITEM_NAME) NODE_ITEMS(ITEM_NAME) WRITEBACK_ITEMS(ITEM_NAME)
		EVENT_ITEMS(ITEM_NAME)
#undef ITEM_NAME
};

static const u8 numa_items[NR_NUMA_ITEMS] = {
	[NUMA_HIT] = ITEM_numa_hit,	    [NUMA_MISS] = ITEM_numa_miss,
	[NUMA_FOREIGN] = ITEM_numa_foreign, [NUMA_LOCAL] = ITEM_numa_local,
	[NUMA_OTHER] = ITEM_numa_other,
};

static void items_add_flow(struct items *items, const struct zone *zone,
			   const struct zone_flow *flow)
{
	items->value[ITEM_pgalloc_dma + zone->rank] += flow->alloc_pages;
	items->value[ITEM_pgfree] += flow->free_pages;
	for (unsigned int i = 0; i < NR_NUMA_ITEMS; i++)
		items->value[numa_items[i]] += zone_flow_numa(flow, (enum numa_item)i);
}

/* The page room counts these two by node; they are shown at the zone tried first. */
static void items_add_numa(struct items *items, const struct zone *zone)
{
	const struct node *node = &zone->room->nodes[zone->nid];

	if (zone != node->only[0])
		return;
	items->value[ITEM_numa_foreign] += READ_ONCE(node->numa_foreign);
	items->value[ITEM_numa_interleave] += READ_ONCE(node->numa_interleave);
}

/* The item of each event, but for those that are counted by zone type. */
static const u16 event_items[NR_PAGE_EVENTS] = {
	[PGACTIVATE] = ITEM_pgactivate,
	[PGDEACTIVATE] = ITEM_pgdeactivate,
	[PGREFILL] = ITEM_pgrefill,
	[PGSTEAL_KSWAPD] = ITEM_pgsteal_kswapd,
	[PGSTEAL_DIRECT] = ITEM_pgsteal_direct,
	[PGSCAN_KSWAPD] = ITEM_pgscan_kswapd,
	[PGSCAN_DIRECT] = ITEM_pgscan_direct,
	[PGSCAN_ANON] = ITEM_pgscan_anon,
	[PGSCAN_FILE] = ITEM_pgscan_file,
	[PGSTEAL_ANON] = ITEM_pgsteal_anon,
	[PGSTEAL_FILE] = ITEM_pgsteal_file,
	[SLABS_SCANNED] = ITEM_slabs_scanned,
	[KSWAPD_LOW_WMARK_HIT_QUICKLY] = ITEM_kswapd_low_wmark_hit_quickly,
	[KSWAPD_HIGH_WMARK_HIT_QUICKLY] = ITEM_kswapd_high_wmark_hit_quickly,
	[PAGEOUTRUN] = ITEM_pageoutrun,
	[OOM_KILL] = ITEM_oom_kill,
	[PSWPOUT] = ITEM_pswpout,
	[PGMIGRATE_SUCCESS] = ITEM_pgmigrate_success,
	[PGMIGRATE_FAIL] = ITEM_pgmigrate_fail,
	[COMPACTMIGRATE_SCANNED] = ITEM_compact_migrate_scanned,
	[COMPACTFREE_SCANNED] = ITEM_compact_free_scanned,
	[COMPACTISOLATED] = ITEM_compact_isolated,
	[COMPACTSTALL] = ITEM_compact_stall,
	[COMPACTFAIL] = ITEM_compact_fail,
	[COMPACTSUCCESS] = ITEM_compact_success,
	[KCOMPACTD_WAKE] = ITEM_compact_daemon_wake,
	[KCOMPACTD_MIGRATE_SCANNED] = ITEM_compact_daemon_migrate_scanned,
	[KCOMPACTD_FREE_SCANNED] = ITEM_compact_daemon_free_scanned,
	[NR_VMSCAN_WRITE] = ITEM_nr_vmscan_write,
	[NR_DIRTIED] = ITEM_nr_dirtied,
	[NR_WRITTEN] = ITEM_nr_written,
};

/* Some of the page room's events are numbers of a node in /proc. */
static bool event_is_of_node(unsigned int event)
{
	return event_items[event] >= ITEM_NODE_FIRST && event_items[event] < ITEM_NODE_END;
}

static void items_add_events(struct items *items, const struct kalloc_machine *m, bool of_node)
{
	for (unsigned int event = PGACTIVATE; event < NR_PAGE_EVENTS; event++) {
		if (event_is_of_node(event) == of_node)
			items->value[event_items[event]] += page_event(m, (enum page_event)event);
	}
}

static void items_add_stalls(struct items *items, const struct kalloc_machine *m)
{
	for (unsigned int type = 0; type < MAX_NR_ZONES; type++)
		items->value[ITEM_allocstall_dma + zone_ranks[type]] +=
			page_event(m, (enum page_event)(ALLOCSTALL + type));
}

static void items_add_zone_lru(struct items *items, const struct zone *zone)
{
	struct lru *lru = &zone->room->nodes[zone->nid].lru;

	lock_take(&lru->lock);
	for (unsigned int list = 0; list < NR_LRU_LISTS; list++)
		items->value[ITEM_nr_zone_inactive_anon + list] += lru->zone_nr[zone->type][list];
	lock_drop(&lru->lock);
}

/* Isolated pages are on no list, but still what they were. */
static void items_add_node_lru(struct items *items, struct lru *lru)
{
	unsigned long *value = items->value;

	lock_take(&lru->lock);
	for (unsigned int list = 0; list < NR_LRU_LISTS; list++) {
		value[ITEM_nr_inactive_anon + list] += lru->nr[list];
		value[lru_is_file((enum lru_list)list) ? ITEM_nr_file_pages : ITEM_nr_anon_pages] +=
			lru->nr[list];
	}
	value[ITEM_nr_isolated_anon] += lru->nr_isolated[0];
	value[ITEM_nr_isolated_file] += lru->nr_isolated[1];
	value[ITEM_nr_anon_pages] += lru->nr_isolated[0];
	value[ITEM_nr_file_pages] += lru->nr_isolated[1];
	value[ITEM_nr_dirty] += lru->nr_dirty;
	lock_drop(&lru->lock);
}

void items_add_zone(struct items *items, struct zone *zone)
{
	for (unsigned int cpu = 0; zone->pcp && cpu < zone->nr_cpus; cpu++) {
		struct pcp *pcp = &zone->pcp[cpu];

		pcp_hold(pcp);
		items_add_flow(items, zone, &pcp->flow);
		pcp_release(pcp);
	}
	lock_take(&zone->lock);
	items_add_flow(items, zone, &zone->flow);
	items->value[ITEM_nr_free_pages] += (unsigned long)zone_free_exact(zone);
	lock_drop(&zone->lock);
	items_add_numa(items, zone);
	items_add_zone_lru(items, zone);
}

void items_add_node(struct items *items, const struct kalloc_machine *m, int nid)
{
	items->value[ITEM_nr_slab_reclaimable] += node_stat(m, nid, NR_SLAB_RECLAIMABLE);
	items->value[ITEM_nr_slab_unreclaimable] += node_stat(m, nid, NR_SLAB_UNRECLAIMABLE);
	items->value[ITEM_nr_kernel_misc_reclaimable] +=
		node_stat(m, nid, NR_KERNEL_MISC_RECLAIMABLE);
	items_add_node_lru(items, &m->page->nodes[nid].lru);
	if (nid == 0)
		items_add_events(items, m, true);
}

void items_of_machine(struct items *items, struct kalloc_machine *m)
{
	struct zone *zone;

	*items = (struct items){ { 0 } };
	for_each_zone(zone, m->page)
		items_add_zone(items, zone);
	for (unsigned int nid = 0; nid < node_count(m); nid++)
		items_add_node(items, m, (int)nid);
	items_add_events(items, m, false);
	items_add_stalls(items, m);
}
