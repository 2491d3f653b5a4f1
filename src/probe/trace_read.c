/* SPDX-License-Identifier: MIT */
#include "trace.h"
#include "trace_memory.h"

static void decode(struct trace_record *record, const u64 words[RING_WORDS], unsigned int cpu)
{
	record->stamp = words[0];
	record->pid = (int)(u32)words[1];
	record->id = (u16)(words[1] >> 32);
	record->context = (u8)(words[1] >> 48);
	record->cpu = cpu;
	memcpy(record->words, words + TRACE_HEAD_WORDS, sizeof(record->words));
}

/* Have the next record of a ring at hand, if there is one. */
static void cursor_fill(struct trace_reader *reader, struct trace_cursor *cursor)
{
	u64 words[RING_WORDS];

	cursor->has = false;
	while (!cursor->has && cursor->at < cursor->end) {
		u64 at = cursor->at++;

		switch (ring_look(cursor->ring, at, words)) {
		case RING_RECORD:
			decode(&cursor->record, words, cursor->cpu);
			/* One that a fork cut short says nothing. */
			cursor->has = cursor->record.id != TRACE_ID_none;
			break;
		case RING_LOST:
			cursor->nr_lost += max(ring_oldest(cursor->ring), at + 1) - at;
			cursor->at = max(ring_oldest(cursor->ring), at + 1);
			break;
		case RING_BUSY:
		case RING_LATER:
			/* It comes with the next reading, and so does what is behind it. */
			if (reader->takes)
				cursor->end = cursor->at = at;
			break;
		case RING_PASSED:
			break;
		}
	}
}

static void cursor_begin(struct trace_reader *reader, struct trace_cursor *cursor,
			 struct ring *ring, unsigned int cpu)
{
	*cursor = (struct trace_cursor){
		.ring = ring,
		.cpu = cpu,
		.at = max(ring->read, ring_oldest(ring)),
		.end = ring_end(ring),
	};
	cursor->nr_lost = cursor->at - ring->read;
	cursor_fill(reader, cursor);
}

int trace_read_begin(struct kalloc_machine *m, struct trace_reader *reader, bool takes)
{
	struct tracer *tracer = m->tracer;
	struct trace_memory *memory;
	unsigned int nr = 0;

	*reader = (struct trace_reader){ .m = m, .takes = takes };
	lock_take(&tracer->lock);
	memory = tracer->memory;
	for (unsigned int cpu = 0; memory && cpu < memory->nr_rings; cpu++)
		nr += ring_end(&memory->rings[cpu]) > memory->rings[cpu].read;
	if (!nr)
		return 0;
	reader->cursors = nr <= ARRAY_SIZE(reader->few) ? reader->few
							: map_alloc(nr * sizeof(*reader->cursors));
	if (!reader->cursors) {
		lock_drop(&tracer->lock);
		return -ENOMEM;
	}
	reader->nr_allocated = nr;
	for (unsigned int cpu = 0; cpu < memory->nr_rings && reader->nr_cursors < nr; cpu++) {
		struct ring *ring = &memory->rings[cpu];
		struct trace_cursor *cursor = &reader->cursors[reader->nr_cursors];

		if (ring_end(ring) <= ring->read)
			continue;
		cursor_begin(reader, cursor, ring, cpu);
		reader->nr_cursors++;
	}
	return 0;
}

static struct trace_cursor *first_of(const struct trace_reader *reader)
{
	struct trace_cursor *first = NULL;

	for (unsigned int i = 0; i < reader->nr_cursors; i++) {
		struct trace_cursor *cursor = &reader->cursors[i];

		if (cursor->has && (!first || cursor->record.stamp < first->record.stamp))
			first = cursor;
	}
	return first;
}

const struct trace_record *trace_read_look(const struct trace_reader *reader, u64 *nr_lost)
{
	const struct trace_cursor *first = first_of(reader);

	*nr_lost = first ? first->nr_lost : 0;
	return first ? &first->record : NULL;
}

void trace_read_on(struct trace_reader *reader)
{
	struct trace_cursor *first = first_of(reader);

	if (reader->takes)
		reader->m->tracer->nr_lost += first->nr_lost;
	first->nr_lost = 0;
	cursor_fill(reader, first);
}

/* What was handed out or passed over is gone; what was lost before a record goes with it. */
static void take(struct trace_reader *reader)
{
	for (unsigned int i = 0; i < reader->nr_cursors; i++) {
		struct trace_cursor *cursor = &reader->cursors[i];

		cursor->ring->read = cursor->at - cursor->has - cursor->nr_lost;
	}
}

void trace_read_end(struct trace_reader *reader)
{
	if (reader->takes)
		take(reader);
	if (reader->cursors && reader->cursors != reader->few)
		map_free(reader->cursors, reader->nr_allocated * sizeof(*reader->cursors));
	lock_drop(&reader->m->tracer->lock);
}

struct trace_counts trace_count(struct kalloc_machine *m)
{
	struct tracer *tracer = m->tracer;
	struct trace_memory *memory;
	struct trace_counts counts = { 0 };

	lock_take(&tracer->lock);
	memory = tracer->memory;
	counts.lost = tracer->nr_lost;
	for (unsigned int cpu = 0; memory && cpu < memory->nr_rings; cpu++) {
		const struct ring *ring = &memory->rings[cpu];
		u64 first = max(ring->read, ring_oldest(ring)), end = ring_end(ring);

		counts.in_buffer += end - first;
		counts.lost += first - ring->read;
	}
	lock_drop(&tracer->lock);
	counts.written = counts.in_buffer + counts.lost;
	return counts;
}
