/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript_header.h"

#define LARGEST_ORDER 18

/* No machine has more than 16 TiB. */
#define PFN_END (1L << 32)

struct reader {
	struct transcript *transcript;
	struct source *source;
	const char *header;
};

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
		source_fail(reader->source,
			    base == 16 ? "'%s %.*s' in the header: must be 0x%lx to 0x%lx"
				       : "'%s %.*s' in the header: must be %ld to %ld",
			    key, (int)strcspn(at, " "), at, min, max);
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

static void read_all(struct reader *reader)
{
	struct transcript *transcript = reader->transcript;
	struct kalloc_zone_state *state = &transcript->before;
	unsigned int block_order;

	read_zone_name(reader);
	transcript->max_order =
		(unsigned int)number(reader, "max_order", 10, 2, LARGEST_ORDER + 1) - 1;
	block_order = (unsigned int)number(reader, "pageblock_order", 10, 1, LARGEST_ORDER);
	state->start_pfn = (unsigned long)number(reader, "start", 16, 1, PFN_END);
	state->spanned_pages = (unsigned long)number(reader, "spanned", 10, 1, PFN_END);
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

/* What no zone can be: the library would refuse it as well, but could not name the line. */
static void check_numbers(struct reader *reader)
{
	const struct kalloc_zone_state *states[] = { &reader->transcript->before,
						     &reader->transcript->after };
	const struct kalloc_zone_state *state = states[0];

	if (state->start_pfn + state->spanned_pages > PFN_END)
		source_fail(reader->source, "%lu frames from %lx: past 16 TiB",
			    state->spanned_pages, state->start_pfn);
	if (state->managed_pages > state->spanned_pages)
		source_fail(reader->source, "%lu frames managed of %lu", state->managed_pages,
			    state->spanned_pages);
	if (state->mark_min > state->mark_low || state->mark_low > state->mark_high)
		source_fail(reader->source, "marks %lu, %lu, %lu do not ascend", state->mark_min,
			    state->mark_low, state->mark_high);
	if (state->pcp_batch > state->spanned_pages)
		source_fail(reader->source, "batch %u of %lu frames", state->pcp_batch,
			    state->spanned_pages);
	for (int i = 0; i < 2; i++) {
		long unfolded = states[i]->nr_free_unfolded, threshold = states[i]->stat_threshold;

		if (states[i]->nr_reserved_highatomic > state->managed_pages)
			source_fail(reader->source, "'ha%d %lu' of %lu frames", i,
				    states[i]->nr_reserved_highatomic, state->managed_pages);
		if (unfolded > threshold || unfolded < -threshold)
			source_fail(reader->source, "'diff%d %ld' past the threshold, %ld", i,
				    unfolded, threshold);
	}
}

void transcript_header_read(struct transcript *transcript, struct source *source,
			    const char *header)
{
	struct reader reader = { .transcript = transcript, .source = source, .header = header };

	read_all(&reader);
	check_numbers(&reader);
}

const char *transcript_zone_name(unsigned char zone)
{
	return zone_types[zone];
}

/* --- writing ----------------------------------------------------------- */

static void write_counts(const struct kalloc_zone_state *state, char suffix, FILE *out)
{
	fprintf(out, " boost%c %lu ff%c %u diff%c %ld gfree%c %ld ha%c %lu count%c %u", suffix,
		state->watermark_boost, suffix, state->pcp_free_factor, suffix,
		state->nr_free_unfolded, suffix, state->nr_free_folded, suffix,
		state->nr_reserved_highatomic, suffix, state->pcp_count);
}

void transcript_header_write(const struct transcript *transcript, FILE *out)
{
	const struct kalloc_zone_state *state = &transcript->before;
	unsigned int max_order = transcript->max_order;

	fprintf(out,
		"# zone %s start %lx spanned %lu managed %lu pcp high %u batch %u wmin %lu wlow %lu "
		"whigh %lu thr %u reserve_dma %lu reserve_dma32 %lu reserve_normal %lu "
		"reserve_movable %lu max_order %u pageblock_order %u",
		zone_types[state->zone], state->start_pfn, state->spanned_pages,
		state->managed_pages, state->pcp_high, state->pcp_batch, state->mark_min,
		state->mark_low, state->mark_high, state->stat_threshold,
		state->lowmem_reserve[ZONE_DMA], state->lowmem_reserve[ZONE_DMA32],
		state->lowmem_reserve[ZONE_NORMAL], state->lowmem_reserve[ZONE_MOVABLE],
		max_order + 1, max_order < 9 ? max_order : 9);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		fprintf(out, " %s %x", flags[i].key, flags[i].flag);
	write_counts(&transcript->before, '0', out);
	write_counts(&transcript->after, '1', out);
	fputc('\n', out);
}
