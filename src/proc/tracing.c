/* SPDX-License-Identifier: MIT */
/* The doors of <kalloc/trace.h>; those that show an event are in trace_text.c. */
#include <kalloc/trace.h>

#include "trace.h"
#include "trace_text.h"

int kalloc_trace_start(const char *events)
{
	struct kalloc_machine *m = machine_current();
	const char *wrong;
	size_t wrong_len;
	u64 wanted;
	int err;

	if (!events || trace_parse(events, strlen(events), &wanted, &wrong, &wrong_len))
		return -EINVAL;
	err = trace_want(m, TRACE_ALL, wanted);
	if (!err)
		trace_switch(m, true);
	return err;
}

void kalloc_trace_stop(void)
{
	trace_want(machine_current(), TRACE_ALL, 0);
}

int kalloc_trace_resize(size_t bytes)
{
	return trace_resize(machine_current(), bytes);
}

unsigned long long kalloc_trace_lost(void)
{
	return trace_count(machine_current()).lost;
}

int kalloc_trace_mark(const char *text)
{
	return text ? trace_mark(machine_current(), text, strlen(text)) : -EINVAL;
}

/* Take up to @most records, the oldest. Return: how many, or -ENOMEM. */
static long take(struct kalloc_machine *m, struct trace_record *records, u64 most)
{
	const struct trace_record *record;
	struct trace_reader reader;
	int err = trace_read_begin(m, &reader, true);
	u64 nr = 0, lost;

	if (err)
		return err;
	while (nr < most && (record = trace_read_look(&reader, &lost)) != NULL) {
		records[nr++] = *record;
		trace_read_on(&reader);
	}
	trace_read_end(&reader);
	return (long)nr;
}

long kalloc_trace_drain(void (*visit)(void *ctx, const struct kalloc_trace_event *event), void *ctx)
{
	struct kalloc_machine *m = machine_current();
	struct trace_record records[64];
	struct trace_text reading;
	u64 left;
	long nr = 0, got;

	if (!visit)
		return -EINVAL;
	trace_text_begin(&reading, m);
	/* What is recorded meanwhile, by @visit for instance, is for the next time. */
	for (left = trace_count(m).in_buffer; left; left -= (u64)got, nr += got) {
		got = take(m, records, min(left, (u64)ARRAY_SIZE(records)));
		if (got <= 0)
			return got < 0 ? got : nr;
		for (long i = 0; i < got; i++) {
			const struct trace_source source = { &reading, &records[i] };
			struct kalloc_trace_event event;

			trace_text_decode(&source, &event);
			visit(ctx, &event);
		}
	}
	return nr;
}
