/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>

#include "contest.h"
#include "memory.h"

/*
 * Where zones begin on every machine; and on a PC, memory from 3 GiB on lies at 4 GiB, if
 * there are 3.5 GiB or more of it.
 */
#define PFN_DMA32  0x1000UL
#define PFN_NORMAL 0x100000UL
#define PFN_HOLE   0xc0000UL
#define SPLIT_FROM 0xe0000UL

/* Frames before the zone for what the machine keeps on that node, at least: 4 MiB. */
#define ROOM_BEFORE 0x400UL

/* The command line of a machine on which the zone fits. False if there is no such machine. */
static bool machine_for(const struct transcript *transcript, char *cmdline, size_t size)
{
	const struct kalloc_zone_state *state = &transcript->before;
	unsigned long block = 1UL << transcript->max_order;
	unsigned long room = block > ROOM_BEFORE ? block : ROOM_BEFORE;
	unsigned long first = state->start_pfn / block * block, at = first - room;
	unsigned long node0, node1;

	if (first < PFN_DMA32 + room || (first >= PFN_NORMAL && at < PFN_NORMAL))
		return false;
	node0 = at < PFN_NORMAL ? at : at - (PFN_NORMAL - PFN_HOLE);
	node1 = state->start_pfn + state->spanned_pages - at;
	if (at >= PFN_NORMAL && node0 + node1 < SPLIT_FROM)
		node1 = SPLIT_FROM - node0;
	node1 = (node1 + block - 1) / block * block;
	snprintf(cmdline, size,
		 "kalloc.nodes=%luK,%luK nr_cpus=1 kalloc.max_order=%u kalloc.daemons=step",
		 node0 << (PAGE_SHIFT - 10), node1 << (PAGE_SHIFT - 10), transcript->max_order);
	return true;
}

static void catch_why(void *ctx, const char *text)
{
	static const char prefix[] = "kalloc: ";
	struct contest *contest = ctx;

	if (strncmp(text, prefix, strlen(prefix)) == 0)
		text += strlen(prefix);
	if (!contest->why[0])
		snprintf(contest->why, sizeof(contest->why), "%.*s", (int)strcspn(text, "\n"),
			 text);
}

static enum contest_status boot(struct contest *contest)
{
	char cmdline[128];

	if (!machine_for(contest->transcript, cmdline, sizeof(cmdline))) {
		snprintf(contest->why, sizeof(contest->why),
			 "a zone that starts at frame %lx: no room before it for what the machine "
			 "keeps on its node",
			 contest->transcript->before.start_pfn);
		return CONTEST_UNFIT;
	}
	contest->machine = kalloc_boot(cmdline);
	if (!contest->machine)
		return errno == ENOMEM ? CONTEST_NO_HOST : CONTEST_UNFIT;
	kalloc_enter(contest->machine);
	kalloc_set_cpu(0);
	return CONTEST_READY;
}

static enum contest_status put(struct contest *contest, contest_put_t put_zone, void *ctx)
{
	struct kalloc_zone_state before = contest->transcript->before;

	before.nid = CONTEST_NODE;
	switch (put_zone(ctx, &before)) {
	case 0:
		return CONTEST_READY;
	case -ENOMEM:
		return CONTEST_NO_HOST;
	default:
		return CONTEST_UNFIT;
	}
}

enum contest_status contest_begin_with(struct contest *contest, const struct transcript *transcript,
				       contest_put_t put_zone, void *ctx)
{
	enum contest_status status;

	*contest = (struct contest){ .transcript = transcript };
	kalloc_set_console(catch_why, contest);
	status = boot(contest);
	if (status == CONTEST_READY)
		status = put(contest, put_zone, ctx);
	kalloc_set_console(NULL, NULL);
	if (status == CONTEST_READY)
		contest->pages = memory_new(transcript->nr_ids, sizeof(*contest->pages));
	else
		contest_end(contest);
	return status;
}

static int put_state(void *ctx, const struct kalloc_zone_state *before)
{
	return kalloc_zone_import(before);
}

enum contest_status contest_begin(struct contest *contest, const struct transcript *transcript)
{
	return contest_begin_with(contest, transcript, put_state, NULL);
}

bool contest_is_possible(const struct transcript *transcript)
{
	char cmdline[128];

	return machine_for(transcript, cmdline, sizeof(cmdline));
}

unsigned long contest_call(struct contest *contest)
{
	const struct transcript_call *call = &contest->transcript->calls[contest->next++];
	struct page **page = &contest->pages[call->id];
	unsigned long pfn;

	if (call->give) {
		/* Where the outcomes differed there may be nothing to give back. */
		if (*page)
			__free_pages(*page, call->order);
		*page = NULL;
		return call->pfn;
	}
	/* A failure is an outcome like any other: no report of it. */
	*page = __alloc_pages(call->gfp | __GFP_NOWARN, call->order, CONTEST_NODE, NULL);
	pfn = *page ? page_to_pfn(*page) : 0;
	if (call->pfn) {
		contest->nr_frames++;
		contest->nr_frames_alike += pfn == call->pfn;
	} else {
		contest->nr_failures++;
		contest->nr_failures_alike += pfn == 0;
	}
	return pfn;
}

struct kalloc_zone_state contest_state(const struct contest *contest)
{
	return transcript_state(CONTEST_NODE, contest->transcript->before.zone);
}

void contest_end(struct contest *contest)
{
	kalloc_enter(NULL);
	kalloc_halt(contest->machine);
	free(contest->pages);
	contest->machine = NULL;
	contest->pages = NULL;
}
