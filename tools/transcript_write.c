/* SPDX-License-Identifier: MIT */
/* Transcripts of our own: a zone's state as it is now, and any transcript as text. */
#include "memory.h"
#include "transcript.h"
#include "transcript_header.h"

struct kalloc_zone_state transcript_state(int nid, unsigned char zone)
{
	struct kalloc_zone_state state = { .nid = nid, .zone = zone };

	while (kalloc_zone_export(&state)) {
		state.free = memory_grow(state.free, &state.max_free, state.nr_free,
					 sizeof(*state.free));
		state.pcp =
			memory_grow(state.pcp, &state.max_pcp, state.nr_pcp, sizeof(*state.pcp));
		state.blocks = memory_grow(state.blocks, &state.max_blocks, state.nr_blocks,
					   sizeof(*state.blocks));
	}
	return state;
}

static void write_blocks(const struct transcript *transcript, FILE *out)
{
	const struct kalloc_zone_state *before = &transcript->before;
	const struct kalloc_zone_state *after = &transcript->after;

	for (unsigned long i = 0; i < before->nr_blocks; i++)
		fprintf(out, "B %lx %u %u %u\n", before->blocks[i].pfn,
			before->blocks[i].migratetype, after->blocks[i].migratetype,
			before->blocks[i].nr_movable);
}

static void write_list(char letter, int pcp, const struct kalloc_state_free *entries,
		       unsigned long nr, FILE *out)
{
	for (unsigned long i = 0; i < nr; i++)
		fprintf(out, "%c %d %u %u %lx\n", letter, pcp, entries[i].list,
			entries[i].migratetype, entries[i].pfn);
}

static void write_free(char letter, const struct kalloc_zone_state *state, FILE *out)
{
	write_list(letter, 0, state->free, state->nr_free, out);
	write_list(letter, 1, state->pcp, state->nr_pcp, out);
}

static void write_calls(const struct transcript *transcript, FILE *out)
{
	for (size_t i = 0; i < transcript->nr_calls; i++) {
		const struct transcript_call *call = &transcript->calls[i];

		if (call->give)
			fprintf(out, "R %lu %u 0 %lx\n", call->id, call->order, call->pfn);
		else
			fprintf(out, "A %lu %u %x %lx\n", call->id, call->order, call->gfp,
				call->pfn);
	}
}

void transcript_write(const struct transcript *transcript, const char *remarks, FILE *out)
{
	transcript_header_write(transcript, out);
	fputs(remarks, out);
	write_blocks(transcript, out);
	write_free('I', &transcript->before, out);
	write_calls(transcript, out);
	write_free('F', &transcript->after, out);
}
