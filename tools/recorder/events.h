/* SPDX-License-Identifier: MIT */
/*
 * Events: the last RECORDER_EVENTS operations, and every failure up to RECORDER_FAILURES.
 * Texts and flags that recur are numbers.
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

struct events {
	struct event_row *rows; /* a ring */
	unsigned long nr_ops;
	struct names texts, flags;
	struct json_piece failures; /* open until events_write() */
	unsigned long nr_failures;
};

void events_init(struct events *events);
void events_fini(struct events *events);

void events_add(struct events *events, const struct recorder_event *event);

/*
 * Tell of a failure of the operation added last. @step: number of the step of that moment;
 * @why: lines that explain it.
 */
void events_fail(struct events *events, const struct recorder_failure *failure, unsigned long step,
		 const char *why);

/* The members "events", "failures", "nr_ops", "nr_failures", "texts" and "gfp". */
void events_write(struct events *events, struct json *json);

#endif
