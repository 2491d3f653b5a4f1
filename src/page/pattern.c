/* SPDX-License-Identifier: MIT */
#include "index.h"
#include "pattern.h"
#include "sweep.h"

/* A choice of @need among @total, as far as it has not been made. */
struct pattern {
	struct sweep sweep;
	struct rand *rand;
	u64 need, total;
	unsigned int order;
	u32 *picks; /* pattern_scatter(): of each pageblock */
	unsigned long first_block;
	unsigned int block_order;
};

static struct pattern *pattern_of(struct sweep *sweep)
{
	return container_of(sweep, struct pattern, sweep);
}

/* Whether the next one of those to choose from is chosen. */
static bool choose_next(struct pattern *pattern)
{
	if (!pattern->total || rand_below_long(pattern->rand, pattern->total--) >= pattern->need)
		return false;
	pattern->need--;
	return true;
}

static void set_range(unsigned long *bits, unsigned long from, unsigned long nr)
{
	for (unsigned long at = from; at < from + nr; at++)
		sweep_set(bits, at);
}

static unsigned long run(struct kalloc_fragmentation *frag, struct pattern *pattern)
{
	pattern->rand = &frag->rand;
	return sweep_run(frag, &pattern->sweep);
}

/* --- checkerboard ------------------------------------------------------- */

/* The squares are held whose number ends in the bit @need. */
static bool choose_squares(struct sweep *sweep, unsigned long pfn, unsigned int order,
			   unsigned long *bits)
{
	const struct pattern *pattern = pattern_of(sweep);
	unsigned long nr = 1UL << order;
	bool any = false;

	for (unsigned long at = 0; at < nr; at++) {
		if (((pfn + at) >> pattern->order & 1) == pattern->need) {
			sweep_set(bits, at);
			any = true;
		}
	}
	return any;
}

unsigned long pattern_checkerboard(struct kalloc_fragmentation *frag, unsigned int order)
{
	struct pattern pattern = {
		.sweep = { .highest = BUDDY_MAX_ORDER, .choose = choose_squares },
		.need = rand_next(&frag->rand) & 1,
		.order = order,
	};

	return run(frag, &pattern);
}

/* --- random ------------------------------------------------------------- */

static bool choose_frames(struct sweep *sweep, unsigned long pfn, unsigned int order,
			  unsigned long *bits)
{
	struct pattern *pattern = pattern_of(sweep);
	bool any = false;

	for (unsigned long at = 0; at < 1UL << order; at++) {
		if (choose_next(pattern)) {
			sweep_set(bits, at);
			any = true;
		}
	}
	return any;
}

static unsigned long nr_free(const struct zone *zone)
{
	struct free_blocks blocks = index_count(&zone->buddy);

	return index_frames(&blocks, 0, BUDDY_MAX_ORDER);
}

unsigned long pattern_random(struct kalloc_fragmentation *frag, double share)
{
	struct pattern pattern = {
		.sweep = { .highest = BUDDY_MAX_ORDER, .choose = choose_frames },
		.total = nr_free(frag->zone),
	};

	pattern.need = (u64)((double)pattern.total * share + 0.5);
	return run(frag, &pattern);
}

/* --- scatter ------------------------------------------------------------ */

#define NOT_PICKED UINT32_MAX

static u32 *pick_of(const struct pattern *pattern, unsigned long pfn)
{
	return &pattern->picks[(pfn >> pattern->block_order) - pattern->first_block];
}

/* The frames of a free block that lie in the pageblock of @pfn, from @pfn on. */
static unsigned long nr_in_pageblock(const struct pattern *pattern, unsigned long pfn,
				     unsigned long nr)
{
	return min(nr, 1UL << pattern->block_order);
}

static void count_free(void *ctx, unsigned long pfn, unsigned int order)
{
	const struct pattern *pattern = ctx;
	unsigned long end = pfn + (1UL << order), nr;

	for (; pfn < end; pfn += nr) {
		nr = nr_in_pageblock(pattern, pfn, end - pfn);
		*pick_of(pattern, pfn) += (u32)nr;
	}
}

/* Of each pageblock: how many free frames are passed by until the one to hold. */
static void pick_frames(struct pattern *pattern, unsigned long nr_blocks, double share,
			struct rand *rand)
{
	pattern->rand = rand;
	pattern->total = 0;
	for (unsigned long i = 0; i < nr_blocks; i++)
		pattern->total += pattern->picks[i] > 0;
	pattern->need = (u64)((double)pattern->total * share + 0.5);
	for (unsigned long i = 0; i < nr_blocks; i++) {
		u32 nr = pattern->picks[i];

		pattern->picks[i] = nr && choose_next(pattern) ? rand_below(rand, nr) : NOT_PICKED;
	}
}

static bool choose_picked(struct sweep *sweep, unsigned long pfn, unsigned int order,
			  unsigned long *bits)
{
	const struct pattern *pattern = pattern_of(sweep);
	unsigned long at = 0, nr;
	bool any = false;

	for (; at < 1UL << order; at += nr) {
		u32 *pick = pick_of(pattern, pfn + at);

		nr = nr_in_pageblock(pattern, pfn + at, (1UL << order) - at);
		if (*pick == NOT_PICKED)
			continue;
		if (*pick >= nr) {
			*pick -= (u32)nr;
			continue;
		}
		sweep_set(bits, at + *pick);
		*pick = NOT_PICKED;
		any = true;
	}
	return any;
}

int pattern_scatter(struct kalloc_fragmentation *frag, double share)
{
	const struct buddy *buddy = &frag->zone->buddy;
	struct pattern pattern = {
		.sweep = { .highest = BUDDY_MAX_ORDER, .choose = choose_picked },
		.first_block = buddy->start_pfn >> buddy->block_order,
		.block_order = buddy->block_order,
	};
	unsigned long nr_blocks =
		((buddy->end_pfn - 1) >> buddy->block_order) - pattern.first_block + 1;
	size_t bytes = nr_blocks * sizeof(*pattern.picks);

	pattern.picks = map_alloc(bytes);
	if (!pattern.picks)
		return -ENOMEM;
	sweep_look(frag->zone, count_free, &pattern);
	pick_frames(&pattern, nr_blocks, share, &frag->rand);
	run(frag, &pattern);
	map_free(pattern.picks, bytes);
	return 0;
}

/* --- units and blocks --------------------------------------------------- */

static bool choose_units(struct sweep *sweep, unsigned long pfn, unsigned int order,
			 unsigned long *bits)
{
	struct pattern *pattern = pattern_of(sweep);
	unsigned long unit = 1UL << pattern->order;
	bool any = false;

	for (unsigned long at = 0; at < 1UL << order; at += unit) {
		if (!choose_next(pattern))
			continue;
		if (sweep->is_filler)
			set_range(bits, at, unit);
		else
			sweep_set(bits, at + rand_below(pattern->rand, (u32)unit));
		any = true;
	}
	return any;
}

unsigned long pattern_pin(struct kalloc_fragmentation *frag, unsigned int order,
			  unsigned int highest, unsigned long need, unsigned long total)
{
	struct pattern pattern = {
		.sweep = { .lowest = order, .highest = highest, .choose = choose_units },
		.need = need,
		.total = total,
		.order = order,
	};

	return need ? run(frag, &pattern) : 0;
}

unsigned long pattern_fill_blocks(struct kalloc_fragmentation *frag, unsigned int order,
				  unsigned long need, unsigned long total)
{
	struct pattern pattern = {
		.sweep = { .lowest = order,
			   .highest = order,
			   .is_filler = true,
			   .choose = choose_units },
		.need = need,
		.total = total,
		.order = order,
	};

	return need ? run(frag, &pattern) : 0;
}

/* Of the block that is chosen last, no more than are needed. */
static bool choose_some(struct sweep *sweep, unsigned long pfn, unsigned int order,
			unsigned long *bits)
{
	struct pattern *pattern = pattern_of(sweep);
	u64 nr = 1UL << order, before = pattern->total;
	u64 behind = before > nr ? before - nr : 0;

	pattern->total = behind;
	if (!pattern->need ||
	    (pattern->need <= behind && rand_below_long(pattern->rand, before) >= pattern->need))
		return false;
	nr = min(nr, pattern->need);
	pattern->need -= nr;
	set_range(bits, 0, nr);
	return true;
}

unsigned long pattern_fill_frames(struct kalloc_fragmentation *frag, unsigned int order,
				  unsigned long need, unsigned long total)
{
	struct pattern pattern = {
		.sweep = { .highest = order - 1, .is_filler = true, .choose = choose_some },
		.need = need,
		.total = total,
	};

	return need ? run(frag, &pattern) : 0;
}
