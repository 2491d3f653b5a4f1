/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "perfetto.h"

#define MACHINE 1
#define THREADS 2

/* Events that begin and end something. */
static const struct {
	const char *begin, *end, *what;
} slices[] = {
	{ "mm_vmscan_direct_reclaim_begin", "mm_vmscan_direct_reclaim_end", "direct reclaim" },
	{ "mm_vmscan_kswapd_wake", "mm_vmscan_kswapd_sleep", "kswapd" },
	{ "mm_shrink_slab_start", "mm_shrink_slab_end", "shrink slab" },
	{ "mm_compaction_begin", "mm_compaction_end", "compaction" },
	{ "mm_compaction_kcompactd_wake", "mm_compaction_kcompactd_sleep", "kcompactd" },
};
#define NR_SLICES (sizeof(slices) / sizeof(slices[0]))

/* Begin an event: to be followed by its other members, and event_end(). */
static void event_begin(struct perfetto *perfetto, const char *phase, const char *name, int process,
			int thread)
{
	json_begin(&perfetto->json, NULL, '{');
	json_string(&perfetto->json, "ph", phase);
	json_number(&perfetto->json, "pid", process);
	json_number(&perfetto->json, "tid", thread);
	json_string(&perfetto->json, "name", name);
}

static void event_end(struct perfetto *perfetto)
{
	json_end(&perfetto->json, '}');
	fputc('\n', perfetto->json.out);
}

/* Microseconds, to the nanosecond: more than a double has after some months. */
static void put_time(struct perfetto *perfetto)
{
	char time[32];
	int len = snprintf(time, sizeof(time), "%llu.%03llu", perfetto->now / 1000,
			   perfetto->now % 1000);

	json_raw(&perfetto->json, "ts", time, (size_t)len);
}

/* What a process or a thread is called. */
static void put_name(struct perfetto *perfetto, const char *what, int process, int thread,
		     const char *name)
{
	event_begin(perfetto, "M", what, process, thread);
	json_begin(&perfetto->json, "args", '{');
	json_string(&perfetto->json, "name", name);
	json_end(&perfetto->json, '}');
	event_end(perfetto);
}

static void put_fields(struct perfetto *perfetto, const struct kalloc_trace_event *event)
{
	char value[512];

	json_begin(&perfetto->json, "args", '{');
	for (unsigned int i = 0; i < event->nr_fields; i++) {
		const char *name = event->fields[i].name;

		if (event->fields[i].as == KALLOC_TRACE_HIDDEN)
			continue;
		kalloc_trace_show_field(event, i, value, sizeof(value));
		if (event->fields[i].as == KALLOC_TRACE_NUMBER)
			json_raw(&perfetto->json, name, value, strlen(value));
		else
			json_string(&perfetto->json, name, value);
	}
	json_end(&perfetto->json, '}');
}

static void put_instant(struct perfetto *perfetto, const struct kalloc_trace_event *event)
{
	int track = (int)event->cpu + 1;

	if (!table_find(&perfetto->cpus, event->cpu + 1)) {
		char name[32];

		table_put(&perfetto->cpus, event->cpu + 1);
		snprintf(name, sizeof(name), "CPU %u", event->cpu);
		put_name(perfetto, "thread_name", MACHINE, track, name);
	}
	event_begin(perfetto, "i", event->name, MACHINE, track);
	put_time(perfetto);
	json_string(&perfetto->json, "s", "t");
	json_string(&perfetto->json, "cat", event->group);
	put_fields(perfetto, event);
	event_end(perfetto);
}

/* Return: the slice that an event begins or ends, or NR_SLICES. */
static size_t slice_of(const char *name, bool *is_end)
{
	size_t i = 0;

	for (; i < NR_SLICES; i++) {
		*is_end = strcmp(name, slices[i].end) == 0;
		if (*is_end || strcmp(name, slices[i].begin) == 0)
			break;
	}
	return i;
}

static void put_slice(struct perfetto *perfetto, const struct kalloc_trace_event *event)
{
	struct table_slot *thread;
	bool is_end;
	size_t slice = slice_of(event->name, &is_end);

	if (slice == NR_SLICES)
		return;
	thread = table_find(&perfetto->threads, (uint64_t)event->pid + 1);
	if (!thread) {
		thread = table_put(&perfetto->threads, (uint64_t)event->pid + 1);
		put_name(perfetto, "thread_name", THREADS, event->pid, event->comm);
	}
	/* Of what began before the recording, the end is of no use. */
	if (is_end && !thread->value)
		return;
	thread->value += is_end ? -1ull : 1;
	event_begin(perfetto, is_end ? "E" : "B", slices[slice].what, THREADS, event->pid);
	put_time(perfetto);
	json_string(&perfetto->json, "cat", event->group);
	put_fields(perfetto, event);
	event_end(perfetto);
}

/* Return: the number of the event's field @name, or -1. */
static int field_of(const struct kalloc_trace_event *event, const char *name)
{
	for (unsigned int i = 0; i < event->nr_fields; i++) {
		if (strcmp(event->fields[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

static void put_counter(struct perfetto *perfetto, const struct kalloc_trace_event *event)
{
	int free = field_of(event, "nr_free"), node, zone;
	struct table_slot *shown;
	char name[64], zone_name[16];
	uint64_t frames;

	if (free < 0)
		return;
	node = field_of(event, "node");
	zone = field_of(event, "zone");
	frames = (uint64_t)event->fields[free].value;
	shown = table_put(&perfetto->zones, (uint64_t)event->fields[node].value * 256 +
						    (uint64_t)event->fields[zone].value + 1);
	if (shown->value == frames + 1)
		return;
	shown->value = frames + 1;
	kalloc_trace_show_field(event, (unsigned int)zone, zone_name, sizeof(zone_name));
	snprintf(name, sizeof(name), "free frames, Node %lld %s", event->fields[node].value,
		 zone_name);
	event_begin(perfetto, "C", name, MACHINE, 0);
	put_time(perfetto);
	json_begin(&perfetto->json, "args", '{');
	json_number(&perfetto->json, "frames", (long long)frames);
	json_end(&perfetto->json, '}');
	event_end(perfetto);
}

void perfetto_begin(struct perfetto *perfetto, FILE *to, const char *cmdline)
{
	*perfetto = (struct perfetto){ .json.out = to };
	json_begin(&perfetto->json, NULL, '{');
	json_string(&perfetto->json, "displayTimeUnit", "ns");
	json_begin(&perfetto->json, "otherData", '{');
	json_string(&perfetto->json, "cmdline", cmdline);
	json_end(&perfetto->json, '}');
	json_begin(&perfetto->json, "traceEvents", '[');
	put_name(perfetto, "process_name", MACHINE, 0, "machine");
	put_name(perfetto, "process_name", THREADS, 0, "threads");
}

void perfetto_event(struct perfetto *perfetto, const struct kalloc_trace_event *event)
{
	perfetto->now = event->time;
	put_instant(perfetto, event);
	put_slice(perfetto, event);
	put_counter(perfetto, event);
}

/* What was under way when the recording ended, ends with it. */
static void end_slices(struct perfetto *perfetto)
{
	for (size_t i = 0; i < perfetto->threads.nr_slots; i++) {
		const struct table_slot *thread = &perfetto->threads.slots[i];

		for (uint64_t open = thread->key ? thread->value : 0; open; open--) {
			event_begin(perfetto, "E", "", THREADS, (int)(thread->key - 1));
			put_time(perfetto);
			event_end(perfetto);
		}
	}
}

void perfetto_end(struct perfetto *perfetto)
{
	end_slices(perfetto);
	json_end(&perfetto->json, ']');
	json_end(&perfetto->json, '}');
	fputc('\n', perfetto->json.out);
	table_fini(&perfetto->cpus);
	table_fini(&perfetto->threads);
	table_fini(&perfetto->zones);
}
