/* SPDX-License-Identifier: MIT */
/*
 * Records of events as those see them who read them: decoded, and as ftrace's text, whose
 * lines are
 *
 *   <task>-<pid> [<cpu>] <flags> <seconds>.<microseconds>: <event>: <fields>
 *
 * as in Linux 6.1. The five flags tell of interrupts (none are switched off here),
 * rescheduling (nor that), an interrupt handler (h), atomic sections (how deep), migration.
 *
 * An object of a cache is followed by the next only if it is known which cache it is of, and
 * Linux's text does not say: kmem_cache_alloc has no name. Its size tells, unless the machine
 * has had another cache of that size: then a mark before the event names the cache.
 */
#ifndef PROC_TRACE_TEXT_H
#define PROC_TRACE_TEXT_H

#include <kalloc/trace.h>

#include "symbols.h"
#include "trace.h"

/* What is the same for all records of one reading. */
struct trace_text {
	const struct kalloc_machine *m;
	bool is_count; /* stamps are of the clock that counts */
	bool is_ticks; /* they are ticks: read by the scale */
	struct ticks_scale scale;
	struct symbols symbols;
};

/* Where an event comes from: what its `source` points to. */
struct trace_source {
	struct trace_text *reading;
	const struct trace_record *record;
};

void trace_text_begin(struct trace_text *reading, const struct kalloc_machine *m);

/* Fill @event from source->record. Both are used as long as @event is. */
void trace_text_decode(const struct trace_source *source, struct kalloc_trace_event *event);

/* The value of a field, by the kind that its event's descriptor says. */
void trace_value_show(struct text *text, const struct trace_source *source, enum trace_kind kind,
		      u64 value);

/* One line, or two (above), without a newline at the end. */
void trace_text_show(struct text *text, const struct kalloc_trace_event *event);

#endif
