/* SPDX-License-Identifier: MIT */
#include "event.h"
#include "room.h"

void page_event_add(struct kalloc_machine *m, enum page_event event, unsigned long nr)
{
	__atomic_add_fetch(&m->page->events[event], nr, __ATOMIC_RELAXED);
}

unsigned long page_event(const struct kalloc_machine *m, enum page_event event)
{
	return READ_ONCE(m->page->events[event]);
}
