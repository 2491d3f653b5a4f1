/* SPDX-License-Identifier: MIT */
/* The records of a machine's rings, for the tests of who writes them. */
#ifndef TEST_PROBE_SEEN_H
#define TEST_PROBE_SEEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "probe/trace.h"

#define SEEN_MOST 65536

struct seen {
	struct trace_record records[SEEN_MOST];
	size_t nr;
	u64 nr_lost;
};

static struct seen seen;

/* Read all there is, and with @takes take it. */
static inline void seen_read(struct kalloc_machine *m, bool takes)
{
	const struct trace_record *record;
	struct trace_reader reader;
	u64 lost;

	seen.nr = 0;
	seen.nr_lost = 0;
	assert_int_equal(trace_read_begin(m, &reader, takes), 0);
	while ((record = trace_read_look(&reader, &lost)) != NULL) {
		assert_true(seen.nr < SEEN_MOST);
		seen.records[seen.nr++] = *record;
		seen.nr_lost += lost;
		trace_read_on(&reader);
	}
	trace_read_end(&reader);
}

static inline size_t seen_count(enum trace_id id)
{
	size_t nr = 0;

	for (size_t i = 0; i < seen.nr; i++)
		nr += seen.records[i].id == id;
	return nr;
}

/* Record just these events from now on, and nothing that is there already. */
static inline void seen_begin(struct kalloc_machine *m, u64 events)
{
	assert_int_equal(trace_want(m, TRACE_ALL, events), 0);
	trace_clear(m);
}

/* Record @i as the fields of its event, which it must be. */
#define SEEN(i, event) (*(const struct trace_##event *)seen_fields(i, TRACE_ID_##event))

static inline const void *seen_fields(size_t i, enum trace_id id)
{
	if (i >= seen.nr)
		fail_msg("record %zu of %zu, for a %s", i, seen.nr, trace_descriptors[id].name);
	if (seen.records[i].id != id)
		fail_msg("record %zu is a %s, not a %s", i,
			 trace_descriptors[seen.records[i].id].name, trace_descriptors[id].name);
	return seen.records[i].words;
}

/* The sum of one field over all records of an event. */
#define SEEN_SUM(event, field) \
	seen_sum(TRACE_ID_##event, offsetof(struct trace_##event, field) / sizeof(u64))

static inline u64 seen_sum(enum trace_id id, size_t word)
{
	u64 sum = 0;

	for (size_t i = 0; i < seen.nr; i++)
		sum += seen.records[i].id == id ? seen.records[i].words[word] : 0;
	return sum;
}

#endif
