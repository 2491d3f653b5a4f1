/* SPDX-License-Identifier: MIT */
#include "formats.h"
#include "zones.h"

void buddyinfo_format(struct text *text, const struct zone *zone, const unsigned long *nr_free,
		      unsigned int max_order)
{
	text_add(text, "Node %d, zone %8s ", zone->nid, zone->name);
	for (unsigned int order = 0; order <= max_order; order++)
		text_add(text, "%6lu ", nr_free[order]);
	text_add(text, "\n");
}

void buddyinfo_show(struct text *text, struct kalloc_machine *m)
{
	unsigned int max_order = pages_max_order(m);
	unsigned long nr_free[BUDDY_ORDERS];
	struct zone *zone;

	for_each_shown_zone(zone, m->page)
	{
		if (!zone_is_populated(zone))
			continue;
		lock_take(&zone->lock);
		for (unsigned int order = 0; order <= max_order; order++)
			nr_free[order] = zone->buddy.area[order].nr_free;
		lock_drop(&zone->lock);
		buddyinfo_format(text, zone, nr_free, max_order);
	}
}
