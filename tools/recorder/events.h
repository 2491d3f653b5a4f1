/* SPDX-License-Identifier: MIT */
/*
 * Events: the last RECORDER_EVENTS operations, every failure up to RECORDER_FAILURES, and of the
 * machine's own events the last RECORDER_TRACED. Texts and flags that recur are numbers.
 */
#ifndef RECORDER_EVENTS_H
#define RECORDER_EVENTS_H

#include "json.h"
#include "names.h"
#include "recorder.h"

struct event_row {
	unsigned long op; /* its number, from 1 */
	unsigned long pfn;
	unsigned long bytes;
	const void *object;
	int cpu, order;
	int what, owner, site; /* numbers of texts, or -1 */
	int gfp;	       /* number of its text, or -1 */
	bool failed;
};

/* An event of the machine's; its operation is the next to be told of. */
struct traced_row {
	struct event_row row;
	char *rest; /* the fields that have no column */
};

struct events {
	struct event_row *rows;	   /* a ring */
	struct traced_row *traced; /* likewise */
	unsigned long nr_ops;
	unsigned long nr_traced;
	struct names texts, flags;
	struct json_piece failures; /* open until events_write() */
	unsigned long nr_failures;
};

void events_init(struct events *events);
void events_fini(struct events *events);

void events_add(struct events *events, const struct recorder_event *event);

void events_trace(struct events *events, const struct kalloc_trace_event *event);

/*
 * Tell of a failure of the operation added last. @step: number of the step of that moment;
 * @why: lines that explain it.
 */
void events_fail(struct events *events, const struct recorder_failure *failure, unsigned long step,
		 const char *why);

/* The members "events", "traced", "failures", "nr_ops", "nr_failures", "texts" and "gfp". */
void events_write(struct events *events, struct json *json);

#endif
