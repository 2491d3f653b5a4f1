/* SPDX-License-Identifier: MIT */
/* The knobs under /proc/sys/vm, and what is known of the room as a whole. */
#include "compact.h"
#include "pcp.h"
#include "room.h"

unsigned long pages_total(const struct kalloc_machine *m)
{
	struct page_room *room = m->page;
	unsigned long nr = 0;
	struct zone *zone;

	for_each_zone(zone, room)
		nr += zone->managed_pages;
	return nr;
}

void pages_drain(struct kalloc_machine *m)
{
	struct page_room *room = m->page;
	struct zone *zone;

	for_each_zone(zone, room) {
		for (unsigned int cpu = 0; zone->pcp && cpu < zone->nr_cpus; cpu++)
			pcp_drain(zone, cpu);
	}
}

void page_compact(struct kalloc_machine *m)
{
	compact_all(m->page);
}

/* Set one knob and what follows from it. */
static int knob_set(struct page_room *room, unsigned long *knob, unsigned long value,
		    unsigned long most)
{
	if (value > most)
		return -EINVAL;
	lock_take(&room->knob_lock);
	WRITE_ONCE(*knob, value);
	room_set_marks(room);
	lock_drop(&room->knob_lock);
	return 0;
}

unsigned long page_min_free_kbytes(const struct kalloc_machine *m)
{
	return READ_ONCE(m->page->min_free_kbytes);
}

int page_set_min_free_kbytes(struct kalloc_machine *m, unsigned long kbytes)
{
	/* int in the kernel */
	return knob_set(m->page, &m->page->min_free_kbytes, kbytes, 0x7fffffff);
}

unsigned long page_watermark_scale_factor(const struct kalloc_machine *m)
{
	return READ_ONCE(m->page->watermark_scale_factor);
}

int page_set_watermark_scale_factor(struct kalloc_machine *m, unsigned long factor)
{
	if (!factor)
		return -EINVAL;
	return knob_set(m->page, &m->page->watermark_scale_factor, factor, 3000);
}

unsigned long page_watermark_boost_factor(const struct kalloc_machine *m)
{
	return READ_ONCE(m->page->watermark_boost_factor);
}

int page_set_watermark_boost_factor(struct kalloc_machine *m, unsigned long factor)
{
	if (factor > 0x7fffffff)
		return -EINVAL;
	WRITE_ONCE(m->page->watermark_boost_factor, factor);
	return 0;
}
