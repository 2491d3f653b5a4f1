/* SPDX-License-Identifier: MIT */
#include "items.h"
#include "pcp.h"

const char *const item_names[NR_ITEMS] = {
#define ITEM_NAME(name) #name,
	ZONE_ITEMS(ITEM_NAME) NUMA_ITEMS(ITEM_NAME) NODE_ITEMS(ITEM_NAME) WRITEBACK_ITEMS(ITEM_NAME)
		EVENT_ITEMS(ITEM_NAME)
#undef ITEM_NAME
};

static void items_add_flow(struct items *items, const struct zone *zone,
			   const struct zone_flow *flow)
{
	items->value[ITEM_pgalloc_dma + zone->rank] += flow->alloc_pages;
	items->value[ITEM_pgfree] += flow->free_pages;
	for (unsigned int i = 0; i < NR_NUMA_ITEMS; i++)
		items->value[ITEM_NUMA_FIRST + i] += flow->numa[i];
}

/* The page room counts numa_foreign by node; it is shown at the zone tried first. */
static unsigned long zone_foreign(const struct zone *zone)
{
	const struct node *node = &zone->room->nodes[zone->nid];

	return zone == node->only[0] ? READ_ONCE(node->numa_foreign) : 0;
}

void items_add_zone(struct items *items, struct zone *zone)
{
	for (unsigned int cpu = 0; zone->pcp && cpu < zone->nr_cpus; cpu++) {
		struct pcp *pcp = &zone->pcp[cpu];

		lock_take(&pcp->lock);
		items_add_flow(items, zone, &pcp->flow);
		lock_drop(&pcp->lock);
	}
	lock_take(&zone->lock);
	items_add_flow(items, zone, &zone->flow);
	items->value[ITEM_nr_free_pages] += (unsigned long)zone_free_exact(zone);
	lock_drop(&zone->lock);
	items->value[ITEM_numa_foreign] += zone_foreign(zone);
}

void items_add_node(struct items *items, const struct kalloc_machine *m, int nid)
{
	items->value[ITEM_nr_slab_reclaimable] += node_stat(m, nid, NR_SLAB_RECLAIMABLE);
	items->value[ITEM_nr_slab_unreclaimable] += node_stat(m, nid, NR_SLAB_UNRECLAIMABLE);
	items->value[ITEM_nr_kernel_misc_reclaimable] +=
		node_stat(m, nid, NR_KERNEL_MISC_RECLAIMABLE);
}

void items_of_machine(struct items *items, struct kalloc_machine *m)
{
	struct zone *zone;

	*items = (struct items){ { 0 } };
	for_each_zone(zone, m->page)
		items_add_zone(items, zone);
	for (unsigned int nid = 0; nid < node_count(m); nid++)
		items_add_node(items, m, (int)nid);
}
