/* SPDX-License-Identifier: MIT */
/*
 * Events as a file for ui.perfetto.dev and chrome://tracing, in the JSON form of Chrome's
 * trace events:
 *
 *   process 1, the machine   a track for each CPU: each event at its moment, with its fields;
 *                            a counter of the free frames on the lists of each zone
 *   process 2, its threads   a track for each: reclaim, compaction, shrinkers, the daemons,
 *                            from their beginning to their end
 */
#ifndef TOOLS_PERFETTO_H
#define TOOLS_PERFETTO_H

#include <kalloc/trace.h>

#include "recorder/json.h"
#include "table.h"

struct perfetto {
	struct json json;
	unsigned long long now; /* time of the event before */
	struct table cpus;	/* those that have a track: number + 1 */
	struct table threads;	/* number + 1 → what has begun and not ended there */
	struct table zones;	/* node * 256 + zone + 1 → frames shown last, + 1 */
};

/* Begin the file @to; @cmdline is that of the machine. */
void perfetto_begin(struct perfetto *perfetto, FILE *to, const char *cmdline);

/* To be shown all events in the order of their times. */
void perfetto_event(struct perfetto *perfetto, const struct kalloc_trace_event *event);

/* End it; the file is the caller's to close. */
void perfetto_end(struct perfetto *perfetto);

#endif
