/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "formats.h"
#include "zones.h"

/* From here on the kernel stops counting. */
#define COUNT_CAP 100000UL

void pagetypeinfo_format_free(struct text *text, const struct zone *zone, enum migratetype mt,
			      const unsigned long *nr_free, unsigned int max_order)
{
	text_add(text, "Node %4d, zone %8s, type %12s ", zone->nid, zone->name,
		 migratetype_names[mt]);
	for (unsigned int order = 0; order <= max_order; order++)
		text_add(text, "%s%6lu ", nr_free[order] >= COUNT_CAP ? ">" : "",
			 min(nr_free[order], COUNT_CAP));
	text_add(text, "\n");
}

void pagetypeinfo_format_blocks(struct text *text, const struct zone *zone,
				const unsigned long nr_blocks[MIGRATE_TYPES])
{
	text_add(text, "Node %d, zone %8s ", zone->nid, zone->name);
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		text_add(text, "%12lu ", nr_blocks[mt]);
	text_add(text, "\n");
}

static void show_free(struct text *text, struct zone *zone)
{
	unsigned int max_order = zone->buddy.max_order;
	unsigned long nr_free[BUDDY_ORDERS];

	for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
		lock_take(&zone->lock);
		for (unsigned int order = 0; order <= max_order; order++)
			nr_free[order] = buddy_count(&zone->buddy, order, (enum migratetype)mt);
		lock_drop(&zone->lock);
		pagetypeinfo_format_free(text, zone, (enum migratetype)mt, nr_free, max_order);
	}
}

static void show_blocks(struct text *text, struct zone *zone)
{
	unsigned long end = zone->zone_start_pfn + zone->spanned_pages;
	unsigned long nr_blocks[MIGRATE_TYPES] = { 0 };

	lock_take(&zone->lock);
	for (unsigned long pfn = zone->zone_start_pfn; pfn < end;
	     pfn += 1UL << zone->buddy.block_order) {
		if (!buddy_is_hole(&zone->buddy, pfn))
			nr_blocks[block_type(&zone->buddy, pfn)]++;
	}
	lock_drop(&zone->lock);
	pagetypeinfo_format_blocks(text, zone, nr_blocks);
}

static void show_node(struct text *text, struct kalloc_machine *m, struct node *node)
{
	unsigned int block_order = min(pages_max_order(m), (unsigned int)BLOCK_ORDER);
	struct zone *zone;

	text_add(text, "Page block order: %u\nPages per block:  %lu\n\n", block_order,
		 1UL << block_order);
	text_add(text, "%-43s ", "Free pages count per migrate type at order");
	for (unsigned int order = 0; order <= pages_max_order(m); order++)
		text_add(text, "%6u ", order);
	text_add(text, "\n");
	for_each_shown_zone(zone, m->page)
	{
		if (zone->nid == node->nid && zone_is_populated(zone))
			show_free(text, zone);
	}

	text_add(text, "\n%-23s", "Number of blocks type ");
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		text_add(text, "%12s ", migratetype_names[mt]);
	text_add(text, "\n");
	for_each_shown_zone(zone, m->page)
	{
		if (zone->nid == node->nid && zone_is_populated(zone))
			show_blocks(text, zone);
	}
}

void pagetypeinfo_show(struct text *text, struct kalloc_machine *m)
{
	struct node *node;

	for_each_node(node, m->page)
		show_node(text, m, node);
}
