/* SPDX-License-Identifier: MIT */
/* The second reading of a trace; plan.h tells what it is for. */
#ifndef TOOLS_ASSIGN_H
#define TOOLS_ASSIGN_H

#include "holders.h"
#include "plan.h"

struct assign {
	struct table objects; /* address → site or cache (ASSIGN_CACHE) + 1; 0 if free */
	struct holders pages; /* blocks in use; number: of the mm_page_alloc */
	struct table taken;   /* pfn + 1 of frames that left the free lists, not allocated since */
	uint64_t nr_events;
	uint64_t nr_page_allocs;
};

void assign_take(struct plan *plan, void *reader, const struct trace_event *event);
void assign_end(struct plan *plan, void *reader, struct log *log);
void assign_fini(struct assign *assign);

#endif
