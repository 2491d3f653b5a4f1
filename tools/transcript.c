/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "source.h"
#include "transcript.h"

#define LARGEST_ORDER 18

struct reader {
	struct transcript *transcript;
	struct source *source;
	char *header;
	size_t stage; /* of stages[] */
	unsigned long line;
	size_t *holders; /* by id: 1 + the call that took what is not yet given back, or 0 */
	size_t max_holders;
};

/* --- the header -------------------------------------------------------- */

static const char *const zone_types[KALLOC_STATE_ZONES] = {
	[ZONE_DMA] = "DMA",	    [ZONE_DMA32] = "DMA32",	[ZONE_NORMAL] = "Normal",
	[ZONE_MOVABLE] = "Movable", [ZONE_HIGHMEM] = "HighMem", [ZONE_DEVICE] = "Device",
};

/* What the flags must be for its calls to mean here what they meant there. */
static const struct {
	const char *key;
	gfp_t flag;
} flags[] = {
	{ "GFP_NOWAIT", GFP_NOWAIT },	      { "HIGH", __GFP_HIGH },
	{ "ATOMIC", __GFP_ATOMIC },	      { "MOVABLE", __GFP_MOVABLE },
	{ "RECLAIMABLE", __GFP_RECLAIMABLE }, { "MEMALLOC", __GFP_MEMALLOC },
	{ "NOMEMALLOC", __GFP_NOMEMALLOC },   { "THISNODE", __GFP_THISNODE },
	{ "NOWARN", __GFP_NOWARN },
};

/* The number behind @key in the header. */
static long number(struct reader *reader, const char *key, int base, long min, long max)
{
	char word[32];
	const char *at;
	char *end;
	long value;

	snprintf(word, sizeof(word), " %s ", key);
	at = strstr(reader->header, word);
	if (!at) {
		source_fail(reader->source, "no '%s' in the header", key);
		return 0;
	}
	at += strlen(word);
	errno = 0;
	value = strtol(at, &end, base);
	if (end == at || (*end && *end != ' ') || errno || value < min || value > max) {
		source_fail(reader->source, "'%s %.*s' in the header: must be %ld to %ld", key,
			    (int)strcspn(at, " "), at, min, max);
		return 0;
	}
	return value;
}

static unsigned long count(struct reader *reader, const char *key)
{
	return (unsigned long)number(reader, key, 10, 0, 1L << 40);
}

static void read_zone_name(struct reader *reader)
{
	struct transcript *transcript = reader->transcript;

	if (sscanf(reader->header, "# zone %15s", transcript->zone_name) != 1) {
		source_fail(reader->source, "not a transcript: it must begin with '# zone NAME'");
		return;
	}
	for (int type = 0; type < KALLOC_STATE_ZONES; type++) {
		if (strcmp(transcript->zone_name, zone_types[type]) == 0) {
			transcript->before.zone = (unsigned char)type;
			return;
		}
	}
	source_fail(reader->source, "no zone is called '%s'", transcript->zone_name);
}

/* What changes while the calls are made. */
static void read_counts(struct reader *reader, struct kalloc_zone_state *state, char suffix)
{
	char key[16];

#define KEY(name) (snprintf(key, sizeof(key), "%s%c", name, suffix), key)
	state->watermark_boost = count(reader, KEY("boost"));
	state->nr_reserved_highatomic = count(reader, KEY("ha"));
	state->nr_free_folded = number(reader, KEY("gfree"), 10, -(1L << 40), 1L << 40);
	state->nr_free_unfolded = number(reader, KEY("diff"), 10, -127, 127);
	state->pcp_free_factor = (unsigned int)number(reader, KEY("ff"), 10, 0, 31);
	state->pcp_count = (unsigned int)number(reader, KEY("count"), 10, 0, 1 << 30);
#undef KEY
}

static void read_header(struct reader *reader)
{
	struct transcript *transcript = reader->transcript;
	struct kalloc_zone_state *state = &transcript->before;
	unsigned int block_order;

	read_zone_name(reader);
	transcript->max_order =
		(unsigned int)number(reader, "max_order", 10, 2, LARGEST_ORDER + 1) - 1;
	block_order = (unsigned int)number(reader, "pageblock_order", 10, 1, LARGEST_ORDER);
	state->start_pfn = (unsigned long)number(reader, "start", 16, 1, 1L << 40);
	state->spanned_pages = (unsigned long)number(reader, "spanned", 10, 1, 1L << 32);
	state->managed_pages = count(reader, "managed");
	state->mark_min = count(reader, "wmin");
	state->mark_low = count(reader, "wlow");
	state->mark_high = count(reader, "whigh");
	state->stat_threshold = (unsigned int)number(reader, "thr", 10, 0, 125);
	state->pcp_high = (unsigned int)number(reader, "pcp high", 10, 0, 1 << 30);
	state->pcp_batch = (unsigned int)number(reader, "batch", 10, 1, 1 << 20);
	state->lowmem_reserve[ZONE_DMA] = count(reader, "reserve_dma");
	state->lowmem_reserve[ZONE_DMA32] = count(reader, "reserve_dma32");
	state->lowmem_reserve[ZONE_NORMAL] = count(reader, "reserve_normal");
	state->lowmem_reserve[ZONE_HIGHMEM] = state->lowmem_reserve[ZONE_NORMAL];
	state->lowmem_reserve[ZONE_MOVABLE] = count(reader, "reserve_movable");
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		long there = number(reader, flags[i].key, 16, 0, 0xffffffffL);

		if (there != (long)flags[i].flag)
			source_fail(reader->source, "flag %s is 0x%lx there and 0x%x here",
				    flags[i].key, there, flags[i].flag);
	}
	if (block_order != (transcript->max_order < 9 ? transcript->max_order : 9))
		source_fail(reader->source, "pageblocks of order %u, with blocks up to %u",
			    block_order, transcript->max_order);
	transcript->after = *state;
	read_counts(reader, state, '0');
	read_counts(reader, &transcript->after, '1');
}

/* --- the lines --------------------------------------------------------- */

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

static bool in_zone(struct reader *reader, unsigned long pfn)
{
	const struct kalloc_zone_state *state = &reader->transcript->before;

	if (pfn >= state->start_pfn && pfn - state->start_pfn < state->spanned_pages)
		return true;
	source_fail(reader->source, "frame %lx is outside the zone", pfn);
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

static void read_block(struct reader *reader, const char *line)
{
	struct kalloc_state_block block;
	unsigned long v[4];

	if (!split(reader, line, "xddd", v) || !below(reader, "type", v[1], MIGRATE_TYPES) ||
	    !below(reader, "type", v[2], MIGRATE_TYPES) || !below(reader, "movable", v[3], 1 << 18))
		return;
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
	unsigned long v[4];

	if (!split(reader, line, "dddx", v) || !below(reader, "pcp", v[0], 2) ||
	    !below(reader, v[0] ? "list" : "order", v[1],
		   v[0] ? KALLOC_STATE_LISTS : reader->transcript->max_order + 1) ||
	    !below(reader, "type", v[2], MIGRATE_TYPES) || !in_zone(reader, v[3]))
		return;
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

static void read_take(struct reader *reader, const char *line)
{
	struct transcript *transcript = reader->transcript;
	struct transcript_call call = { .line = reader->line };
	unsigned long v[4];

	if (!split(reader, line, "ddxx", v) ||
	    !below(reader, "order", v[1], transcript->max_order + 1) ||
	    !below(reader, "gfp", v[2], 1UL << 32) || (v[3] && !in_zone(reader, v[3])))
		return;
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

/* The letters that may begin a line, stage by stage. */
static const char *const stages[] = { "#", "B", "I", "AR", "F" };

#define STAGE_CALLS 3

static void read_line(struct reader *reader, const char *line)
{
	struct transcript *transcript = reader->transcript;
	size_t stage = reader->stage;

	if (!reader->header) {
		reader->header = memory_text(line, strlen(line));
		read_header(reader);
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
	if (stage >= STAGE_CALLS && reader->stage < STAGE_CALLS)
		check_counts(reader, &transcript->before, 'I');
	reader->stage = stage;
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
	if (reader.stage < STAGE_CALLS)
		check_counts(&reader, &transcript->before, 'I');
	check_counts(&reader, &transcript->after, 'F');
	error = source_error(reader.source);
	if (error)
		message = memory_text(error, strlen(error));
	free(reader.header);
	free(reader.holders);
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
