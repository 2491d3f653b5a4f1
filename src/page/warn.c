/* SPDX-License-Identifier: MIT */
/* The report of a request that failed. */
#include "pcp.h"
#include "room.h"
#include "text.h"

static void show_blocks(struct text *text, struct zone *zone)
{
	static const char letters[MIGRATE_TYPES] = "UMEHI";
	unsigned long total = 0;

	text_add(text, "Node %d %s: ", zone->nid, zone->name);
	lock_take(&zone->lock);
	for (unsigned int order = 0; order <= zone->buddy.max_order; order++) {
		unsigned long nr = zone->buddy.area[order].nr_free;

		total += nr << order;
		text_add(text, "%lu*%lukB ", nr, (PAGE_SIZE / 1024) << order);
		if (!nr)
			continue;
		text_add(text, "(");
		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			if (!buddy_is_empty(&zone->buddy, order, (enum migratetype)mt))
				text_add(text, "%c", letters[mt]);
		}
		text_add(text, ") ");
	}
	lock_drop(&zone->lock);
	text_add(text, "= %lukB\n", total * (PAGE_SIZE / 1024));
}

static unsigned long pcp_pages(const struct zone *zone)
{
	unsigned long nr = 0;

	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
		nr += READ_ONCE(zone->pcp[cpu].count);
	return nr;
}

static void show_zone(struct text *text, struct zone *zone)
{
	unsigned long kb = PAGE_SIZE / 1024;

	text_add(text,
		 "Node %d %s free:%lukB boost:%lukB min:%lukB low:%lukB high:%lukB "
		 "reserved_highatomic:%luKB present:%lukB managed:%lukB free_pcp:%lukB\n",
		 zone->nid, zone->name, (unsigned long)READ_ONCE(zone->free_pages) * kb,
		 READ_ONCE(zone->watermark_boost) * kb, zone_mark(zone, WMARK_MIN) * kb,
		 zone_mark(zone, WMARK_LOW) * kb, zone_mark(zone, WMARK_HIGH) * kb,
		 READ_ONCE(zone->nr_reserved_highatomic) * kb, zone->present_pages * kb,
		 zone->managed_pages * kb, pcp_pages(zone) * kb);
}

void pages_warn(struct kalloc_machine *m, gfp_t gfp, const char *fmt, ...)
{
	struct page_room *room = m->page;
	char flags[256], buf[7168];
	struct text text = text_on(buf, sizeof(buf));
	unsigned int suppressed;
	struct zone *zone;
	va_list args;

	if (gfp & __GFP_NOWARN || !ratelimit_pass(&room->warn_limit, &suppressed))
		return;
	if (suppressed)
		text_add(&text, "warn_alloc: %u callbacks suppressed\n", suppressed);
	kalloc_gfp_show(gfp, flags, sizeof(flags));
	text_add(&text, "kalloc: ");
	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	text_add(&text, ", mode:0x%x(%s), nodemask=(null),cpuset=/,mems_allowed=0", gfp, flags);
	if (room->layout.nr_nodes > 1)
		text_add(&text, "-%u", room->layout.nr_nodes - 1);
	text_add(&text, "\nMem-Info:\n");
	for_each_zone(zone, room) {
		if (zone->managed_pages)
			show_zone(&text, zone);
	}
	for_each_zone(zone, room) {
		if (zone->managed_pages)
			show_blocks(&text, zone);
	}
	console_print("%s", buf);
}
