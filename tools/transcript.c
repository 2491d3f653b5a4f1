/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "frame_map.h"
#include "source.h"
#include "transcript.h"
#include "transcript_header.h"

struct reader {
	struct transcript *transcript;
	struct source *source;
	char *header;
	size_t stage; /* of stages[] */
	unsigned long line;
	size_t *holders; /* by id: 1 + the call that took what is not yet given back, or 0 */
	size_t max_holders;
	struct frame_map free; /* of the I lines, later of the F lines */
};

/* Four numbers behind the letter, in the bases of @bases: 'd' or 'x'. */
static bool split(struct reader *reader, const char *line, const char *bases, unsigned long v[4])
{
	const char *at = line + 1;
	char *end;

	for (int i = 0; i < 4; i++, at = end) {
		static const char digits[] = "0123456789abcdefABCDEF";
		int base = bases[i] == 'x' ? 16 : 10;

		errno = 0;
		if (*at != ' ' || !at[1] || !strchr(digits, at[1]))
			break;
		v[i] = strtoul(at + 1, &end, base);
		if (errno || end == at + 1)
			break;
		if (i == 3 && !*end)
			return true;
	}
	source_fail(reader->source,
		    source_cut(reader->source) ? "cut short: '%.40s'" : "malformed: '%.40s'", line);
	return false;
}

/* A block of 2^order frames can be one of the zone's. */
static bool in_zone(struct reader *reader, unsigned long pfn, unsigned int order)
{
	const struct kalloc_zone_state *state = &reader->transcript->before;
	unsigned long nr = 1UL << order, at = pfn - state->start_pfn;

	if (pfn < state->start_pfn || at >= state->spanned_pages || nr > state->spanned_pages - at)
		source_fail(reader->source, "block %lx of order %u is outside the zone", pfn,
			    order);
	else if (pfn & (nr - 1))
		source_fail(reader->source, "block %lx is not aligned to order %u", pfn, order);
	else
		return true;
	return false;
}

static bool below(struct reader *reader, const char *what, unsigned long value, unsigned long end)
{
	if (value < end)
		return true;
	source_fail(reader->source, "%s %lu: must be below %lu", what, value, end);
	return false;
}

static void add_block(struct kalloc_zone_state *state, struct kalloc_state_block block)
{
	state->blocks =
		memory_grow(state->blocks, &state->max_blocks, state->nr_blocks + 1, sizeof(block));
	state->blocks[state->nr_blocks++] = block;
}

static unsigned int block_order(const struct transcript *transcript)
{
	return transcript->max_order < 9 ? transcript->max_order : 9;
}

/* The first frame of the pageblock that the next B line describes; past the end: no more. */
static unsigned long next_block(const struct transcript *transcript)
{
	const struct kalloc_zone_state *state = &transcript->before;
	unsigned int order = block_order(transcript);

	return ((state->start_pfn >> order) + state->nr_blocks) << order;
}

static void read_block(struct reader *reader, const char *line)
{
	const struct kalloc_zone_state *state = &reader->transcript->before;
	unsigned int order = block_order(reader->transcript);
	unsigned long next = next_block(reader->transcript);
	struct kalloc_state_block block;
	unsigned long v[4];

	if (!split(reader, line, "xddd", v) || !below(reader, "type", v[1], MIGRATE_TYPES) ||
	    !below(reader, "type", v[2], MIGRATE_TYPES) ||
	    !below(reader, "movable", v[3], (1UL << order) + 1))
		return;
	if (next >= state->start_pfn + state->spanned_pages || v[0] >> order != next >> order) {
		source_fail(reader->source, "pageblock %lx: must be %lx, and end at %lx", v[0],
			    next, state->start_pfn + state->spanned_pages);
		return;
	}
	block = (struct kalloc_state_block){ .pfn = v[0],
					     .migratetype = (unsigned char)v[1],
					     .nr_movable = (unsigned int)v[3] };
	add_block(&reader->transcript->before, block);
	block.migratetype = (unsigned char)v[2];
	add_block(&reader->transcript->after, block);
}

static void read_free(struct reader *reader, const char *line, struct kalloc_zone_state *state)
{
	struct kalloc_state_free entry;
	unsigned long v[4], twice;
	unsigned int order;

	if (!split(reader, line, "dddx", v) || !below(reader, "pcp", v[0], 2) ||
	    !below(reader, v[0] ? "list" : "order", v[1],
		   v[0] ? KALLOC_STATE_LISTS : reader->transcript->max_order + 1) ||
	    !below(reader, "type", v[2], v[0] ? MIGRATE_ISOLATE : MIGRATE_TYPES))
		return;
	order = v[0] ? transcript_list_order((unsigned int)v[1]) : (unsigned int)v[1];
	if (!in_zone(reader, v[3], order))
		return;
	twice = frame_map_enter(&reader->free, v[3], order);
	if (twice) {
		source_fail(reader->source, "frame %lx is free twice", twice);
		return;
	}
	entry = (struct kalloc_state_free){ .pfn = v[3],
					    .list = (unsigned char)v[1],
					    .migratetype = (unsigned char)v[2] };
	if (v[0]) {
		state->pcp =
			memory_grow(state->pcp, &state->max_pcp, state->nr_pcp + 1, sizeof(entry));
		state->pcp[state->nr_pcp++] = entry;
	} else {
		state->free = memory_grow(state->free, &state->max_free, state->nr_free + 1,
					  sizeof(entry));
		state->free[state->nr_free++] = entry;
	}
}

static void add_call(struct reader *reader, struct transcript_call call)
{
	struct transcript *transcript = reader->transcript;

	transcript->calls = memory_grow(transcript->calls, &transcript->max_calls,
					transcript->nr_calls + 1, sizeof(call));
	transcript->calls[transcript->nr_calls++] = call;
}

/* What no call of a transcript may ask for, or NULL. */
static const char *refused(gfp_t gfp)
{
	gfp_t zones = gfp & (__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32);

	if (gfp & ~__GFP_BITS_MASK)
		return "flags that 6.1 does not have";
	if (gfp & (__GFP_DIRECT_RECLAIM | __GFP_NOFAIL))
		return "it may sleep, and then others get at the zone";
	if (zones & (zones - 1))
		return "more than one zone";
	if ((gfp & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK)
		return "movable and reclaimable";
	return NULL;
}

static void read_take(struct reader *reader, const char *line)
{
	struct transcript *transcript = reader->transcript;
	struct transcript_call call = { .line = reader->line };
	unsigned long v[4];
	const char *why;

	if (!split(reader, line, "ddxx", v) ||
	    !below(reader, "order", v[1], transcript->max_order + 1) ||
	    !below(reader, "gfp", v[2], 1UL << 32) ||
	    (v[3] && !in_zone(reader, v[3], (unsigned int)v[1])))
		return;
	why = refused((gfp_t)v[2]);
	if (why) {
		source_fail(reader->source, "gfp 0x%lx: %s", v[2], why);
		return;
	}
	if (v[0] != transcript->nr_ids) {
		source_fail(reader->source, "allocation %lu: %lu is next", v[0],
			    transcript->nr_ids);
		return;
	}
	call.id = transcript->nr_ids++;
	call.order = (unsigned int)v[1];
	call.gfp = (gfp_t)v[2];
	call.pfn = v[3];
	add_call(reader, call);
	reader->holders = memory_grow(reader->holders, &reader->max_holders, transcript->nr_ids,
				      sizeof(*reader->holders));
	reader->holders[call.id] = call.pfn ? transcript->nr_calls : 0;
}

static void read_give(struct reader *reader, const char *line)
{
	struct transcript *transcript = reader->transcript;
	struct transcript_call call;
	unsigned long v[4];

	if (!split(reader, line, "dddx", v))
		return;
	if (v[0] >= transcript->nr_ids || !reader->holders[v[0]]) {
		source_fail(reader->source, "allocation %lu is not there to be given back", v[0]);
		return;
	}
	call = transcript->calls[reader->holders[v[0]] - 1];
	if (v[1] != call.order || v[3] != call.pfn) {
		source_fail(reader->source, "allocation %lu was frame %lx of order %u", v[0],
			    call.pfn, call.order);
		return;
	}
	call.give = true;
	call.line = reader->line;
	add_call(reader, call);
	reader->holders[v[0]] = 0;
}

unsigned int transcript_list_order(unsigned int list)
{
	return list < KALLOC_STATE_BLOCK_LIST ? list / MIGRATE_PCPTYPES : 9;
}

/* The lists of a state hold what the header counts: else lines are missing. */
static void check_counts(struct reader *reader, const struct kalloc_zone_state *state, char letter)
{
	long counted = state->nr_free_folded + state->nr_free_unfolded, nr = 0;
	unsigned long nr_pcp = 0;

	for (unsigned long i = 0; i < state->nr_free; i++)
		nr += state->free[i].migratetype == MIGRATE_ISOLATE ? 0 : 1L << state->free[i].list;
	for (unsigned long i = 0; i < state->nr_pcp; i++)
		nr_pcp += 1UL << transcript_list_order(state->pcp[i].list);
	if (nr != counted || nr_pcp != state->pcp_count)
		source_fail(reader->source,
			    "up to here, the %c lines hold %ld free frames and %lu on per-CPU "
			    "lists, and the header has %ld and %u: %s",
			    letter, nr, nr_pcp, counted, state->pcp_count,
			    nr > counted || nr_pcp > state->pcp_count ? "inconsistent"
								      : "truncated");
}

static void check_blocks(struct reader *reader)
{
	const struct kalloc_zone_state *state = &reader->transcript->before;
	unsigned long next = next_block(reader->transcript);

	if (next < state->start_pfn + state->spanned_pages)
		source_fail(reader->source, "up to here, pageblock %lx is missing", next);
}

/* The letters that may begin a line, stage by stage. */
static const char *const stages[] = { "#", "B", "I", "AR", "F" };

#define STAGE_FREE  2
#define STAGE_CALLS 3
#define STAGE_END   4

/* Between two stages, however many are left out: is what lies behind complete? */
static void check_stages(struct reader *reader, size_t stage)
{
	const struct kalloc_zone_state *before = &reader->transcript->before;

	if (reader->stage < STAGE_FREE && stage >= STAGE_FREE)
		check_blocks(reader);
	if (reader->stage < STAGE_CALLS && stage >= STAGE_CALLS)
		check_counts(reader, before, 'I');
	if (reader->stage < STAGE_END && stage >= STAGE_END)
		frame_map_begin(&reader->free, before->start_pfn, before->spanned_pages);
	reader->stage = stage;
}

static void read_line(struct reader *reader, const char *line)
{
	struct transcript *transcript = reader->transcript;
	size_t stage = reader->stage;

	if (!reader->header) {
		reader->header = memory_text(line, strlen(line));
		transcript_header_read(transcript, reader->source, reader->header);
		frame_map_begin(&reader->free, transcript->before.start_pfn,
				transcript->before.spanned_pages);
		return;
	}
	if (line[0] == '#')
		return;
	while (stage < sizeof(stages) / sizeof(stages[0]) &&
	       (!line[0] || !strchr(stages[stage], line[0])))
		stage++;
	if (stage == sizeof(stages) / sizeof(stages[0])) {
		source_fail(reader->source, "'%.40s' is out of place or unknown", line);
		return;
	}
	check_stages(reader, stage);
	switch (line[0]) {
	case 'B':
		read_block(reader, line);
		break;
	case 'I':
		read_free(reader, line, &transcript->before);
		break;
	case 'A':
		read_take(reader, line);
		break;
	case 'R':
		read_give(reader, line);
		break;
	default:
		read_free(reader, line, &transcript->after);
		break;
	}
}

char *transcript_read(struct transcript *transcript, const char *path)
{
	struct reader reader = { .transcript = transcript, .source = source_open(path) };
	const char *line, *error;
	char *message = NULL;

	*transcript = (struct transcript){ 0 };
	while ((line = source_line(reader.source))) {
		reader.line++;
		read_line(&reader, line);
	}
	if (!reader.header)
		source_fail(reader.source, "no line in it");
	check_stages(&reader, STAGE_END);
	check_counts(&reader, &transcript->after, 'F');
	error = source_error(reader.source);
	if (error)
		message = memory_text(error, strlen(error));
	free(reader.header);
	free(reader.holders);
	frame_map_fini(&reader.free);
	source_close(reader.source);
	return message;
}

void transcript_state_fini(struct kalloc_zone_state *state)
{
	free(state->free);
	free(state->pcp);
	free(state->blocks);
}

void transcript_fini(struct transcript *transcript)
{
	transcript_state_fini(&transcript->before);
	transcript_state_fini(&transcript->after);
	free(transcript->calls);
}
