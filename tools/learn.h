/* SPDX-License-Identifier: MIT */
/* The first reading of a trace; plan.h tells what it is for. */
#ifndef TOOLS_LEARN_H
#define TOOLS_LEARN_H

#include "plan.h"

struct learn {
	struct table objects; /* address → site + 1, LEARN_KMALLOC or 0 if free; extra: event */
	struct table pages;   /* pfn + 1 → 1 if in use; extra: event */
	struct gaps gaps;
	uint64_t *page_events; /* event number of each mm_page_alloc */
	uint64_t *page_frames; /* frames allocated up to and with it */
	size_t nr_pages, events_capacity, frames_capacity;
	unsigned int top_cpu;
};

void learn_take(struct plan *plan, void *reader, const struct trace_event *event);
void learn_end(struct plan *plan, void *reader, struct log *log);
void learn_fini(struct learn *learn);

#endif
