/* SPDX-License-Identifier: MIT */
#include "formats.h"
#include "pcp.h"
#include "zones.h"

static void format_items(struct text *text, const struct items *items, unsigned int first,
			 unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		text_add(text, "      %-12s %lu\n", item_names[i], items->value[i]);
}

void zoneinfo_format_zone(struct text *text, const struct zoneinfo *info)
{
	text_add(text, "Node %d, zone %8s\n", info->nid, info->name);
	if (info->shows_node) {
		text_add(text, "  per-node stats\n");
		format_items(text, &info->items, ITEM_NODE_FIRST, ITEM_NODE_END);
	}
	text_add(text,
		 "  pages free     %lu\n"
		 "        boost    %lu\n"
		 "        min      %lu\n"
		 "        low      %lu\n"
		 "        high     %lu\n"
		 "        spanned  %lu\n"
		 "        present  %lu\n"
		 "        managed  %lu\n"
		 "        cma      0\n",
		 info->items.value[ITEM_nr_free_pages], info->boost, info->mark[WMARK_MIN],
		 info->mark[WMARK_LOW], info->mark[WMARK_HIGH], info->spanned, info->present,
		 info->managed);
	text_add(text, "        protection: (%ld", info->protection[0]);
	for (unsigned int i = 1; i < info->nr_protection; i++)
		text_add(text, ", %ld", info->protection[i]);
	text_add(text, ")\n");
	if (!info->is_populated)
		return;
	format_items(text, &info->items, ITEM_ZONE_FIRST, ITEM_NODE_FIRST);
	text_add(text, "  pagesets\n");
}

void zoneinfo_format_cpu(struct text *text, unsigned int cpu, const struct zoneinfo_cpu *info)
{
	text_add(text,
		 "    cpu: %u\n"
		 "              count: %u\n"
		 "              high:  %u\n"
		 "              batch: %u\n"
		 "  vm stats threshold: %u\n",
		 cpu, info->count, info->high, info->batch, info->threshold);
}

void zoneinfo_format_end(struct text *text, const struct zoneinfo *info)
{
	text_add(text,
		 "  node_unreclaimable:  %u\n"
		 "  start_pfn:           %lu\n",
		 info->is_unreclaimable, info->start_pfn);
}

static bool zone_is_first_populated(const struct zone *zone)
{
	for (unsigned int rank = 0; zone_is_populated(zone) && rank < zone->rank; rank++) {
		struct zone *lower = zones_of_rank(&zone->room->nodes[zone->nid], rank);

		if (lower && zone_is_populated(lower))
			return false;
	}
	return zone_is_populated(zone);
}

/* One number for each zone that is shown, in their order. */
static void copy_protection(struct zoneinfo *info, const struct zone *zone)
{
	struct node *node = &zone->room->nodes[zone->nid];

	for (unsigned int rank = 0; rank < MAX_NR_ZONES; rank++) {
		const struct zone *shown = zones_of_rank(node, rank);

		if (shown)
			info->protection[info->nr_protection++] = zone->lowmem_reserve[rank];
	}
}

static void zoneinfo_copy(struct zoneinfo *info, struct zone *zone)
{
	*info = (struct zoneinfo){
		.name = zone->name,
		.nid = zone->nid,
		.is_populated = zone_is_populated(zone),
		.shows_node = zone_is_first_populated(zone),
		.spanned = zone->spanned_pages,
		.present = zone->present_pages,
		.managed = zone->managed_pages,
		.start_pfn = zone->zone_start_pfn,
	};
	info->is_unreclaimable =
		READ_ONCE(zone->room->nodes[zone->nid].kswapd.failures) >= KSWAPD_MAX_FAILURES;
	items_add_zone(&info->items, zone);
	if (info->shows_node)
		items_add_node(&info->items, zone->room->m, zone->nid);
	lock_take(&zone->lock);
	info->boost = zone->watermark_boost;
	for (unsigned int mark = 0; mark < NR_WMARK; mark++)
		info->mark[mark] = zone_mark(zone, mark);
	copy_protection(info, zone);
	lock_drop(&zone->lock);
}

static void show_cpu(struct text *text, struct zone *zone, unsigned int cpu)
{
	struct pcp *pcp = &zone->pcp[cpu];
	struct zoneinfo_cpu info;

	pcp_hold(pcp);
	info = (struct zoneinfo_cpu){
		.count = pcp->count,
		.high = pcp->high,
		.batch = pcp->batch,
		.threshold = zone->stat_threshold,
	};
	pcp_release(pcp);
	zoneinfo_format_cpu(text, cpu, &info);
}

void zoneinfo_show(struct text *text, struct kalloc_machine *m)
{
	struct zoneinfo info;
	struct zone *zone;

	for_each_shown_zone(zone, m->page)
	{
		zoneinfo_copy(&info, zone);
		zoneinfo_format_zone(text, &info);
		if (!info.is_populated)
			continue;
		for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
			show_cpu(text, zone, cpu);
		zoneinfo_format_end(text, &info);
	}
}
