/* SPDX-License-Identifier: MIT */
#include "pcp.h"
#include "room.h"
#include "state.h"
#include "text.h"

static bool printf_like(1, 2) refuse(const char *fmt, ...)
{
	char buf[160];
	struct text text = text_on(buf, sizeof(buf));
	va_list args;

	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	console_print("kalloc: zone state: %s\n", buf);
	return false;
}

/* The part of a zone that is memory and in one piece with @pfn. */
static struct layout_zone memory_around(const struct zone *zone, unsigned long pfn)
{
	const struct buddy *buddy = &zone->buddy;
	struct layout_zone run = { max(zone->zone_start_pfn, PFN_MANAGED),
				   zone->zone_start_pfn + zone->spanned_pages };

	if (buddy->hole_end && pfn >= buddy->hole_end)
		run.start = buddy->hole_end;
	else if (buddy->hole_end)
		run.end = buddy->hole_start;
	return run;
}

bool state_fits(const struct kalloc_zone_state *state, const struct zone *zone)
{
	struct layout_zone memory = memory_around(zone, state->start_pfn);

	if (state->start_pfn < memory.start || state->start_pfn >= memory.end ||
	    !state->spanned_pages || state->spanned_pages > memory.end - state->start_pfn)
		return refuse("%lu frames from %lx: the zone has %lx to %lx", state->spanned_pages,
			      state->start_pfn, memory.start, memory.end);
	if (state->managed_pages > state->spanned_pages)
		return refuse("%lu frames managed of %lu", state->managed_pages,
			      state->spanned_pages);
	if (state->mark_min > state->mark_low || state->mark_low > state->mark_high)
		return refuse("marks %lu, %lu, %lu do not ascend", state->mark_min, state->mark_low,
			      state->mark_high);
	if (state->nr_reserved_highatomic > state->managed_pages)
		return refuse("%lu frames reserved of %lu", state->nr_reserved_highatomic,
			      state->managed_pages);
	if (state->stat_threshold > ZONE_STAT_THRESHOLD_MAX)
		return refuse("threshold %u: at most %u", state->stat_threshold,
			      ZONE_STAT_THRESHOLD_MAX);
	if (state->nr_free_unfolded > (long)state->stat_threshold ||
	    state->nr_free_unfolded < -(long)state->stat_threshold)
		return refuse("%ld free frames unfolded, the threshold is %u",
			      state->nr_free_unfolded, state->stat_threshold);
	if (!state->pcp_batch || state->pcp_batch > state->spanned_pages)
		return refuse("batch %u", state->pcp_batch);
	if (state->pcp_free_factor > PCP_FREE_FACTOR_MAX)
		return refuse("free factor %u: at most %u", state->pcp_free_factor,
			      PCP_FREE_FACTOR_MAX);
	return true;
}

static bool blocks_are_all(const struct kalloc_zone_state *state, unsigned int block_order)
{
	unsigned long first = state->start_pfn >> block_order;
	unsigned long last = (state->start_pfn + state->spanned_pages - 1) >> block_order;

	for (unsigned long i = 0; i < state->nr_blocks; i++) {
		const struct kalloc_state_block *block = &state->blocks[i];

		if (first + i > last)
			return refuse("pageblock %lx: past the zone's end", block->pfn);
		if (block->pfn >> block_order != first + i)
			return refuse("pageblock %lx: %lx was next", block->pfn,
				      (first + i) << block_order);
		if (block->migratetype >= MIGRATE_TYPES)
			return refuse("pageblock %lx: type %u", block->pfn, block->migratetype);
	}
	return state->nr_blocks == last - first + 1 ||
	       refuse("pageblock %lx is missing", (first + state->nr_blocks) << block_order);
}

/* Enter a block of 2^order frames in the map, as @mark. */
static bool enter(const struct kalloc_zone_state *state, u8 *map, unsigned long pfn,
		  unsigned int order, u8 mark)
{
	unsigned long nr = 1UL << order, at = pfn - state->start_pfn;

	if (pfn & (nr - 1))
		return refuse("block %lx: not aligned to order %u", pfn, order);
	if (pfn < state->start_pfn || at >= state->spanned_pages || nr > state->spanned_pages - at)
		return refuse("block %lx of order %u: outside the zone", pfn, order);
	for (unsigned long i = 0; i < nr; i++) {
		if (map[at + i] != STATE_USED)
			return refuse("block %lx of order %u: frame %lx is free twice", pfn, order,
				      pfn + i);
		map[at + i] = STATE_REST;
	}
	map[at] = mark;
	return true;
}

static bool enter_free(const struct kalloc_zone_state *state, const struct buddy *buddy, u8 *map)
{
	long nr = 0, counted = state->nr_free_folded + state->nr_free_unfolded;

	for (unsigned long i = 0; i < state->nr_free; i++) {
		const struct kalloc_state_free *entry = &state->free[i];

		if (entry->list > buddy->max_order || entry->migratetype >= MIGRATE_TYPES)
			return refuse("block %lx: no free list of order %u, type %u", entry->pfn,
				      entry->list, entry->migratetype);
		if (!enter(state, map, entry->pfn, entry->list, (u8)(STATE_FREE + entry->list)))
			return false;
		nr += entry->migratetype == MIGRATE_ISOLATE ? 0 : 1L << entry->list;
	}
	return nr == counted || refuse("%ld frames on free lists, counted as %ld", nr, counted);
}

static bool enter_pcp(const struct kalloc_zone_state *state, u8 *map)
{
	unsigned long nr = 0;

	for (unsigned long i = 0; i < state->nr_pcp; i++) {
		const struct kalloc_state_free *entry = &state->pcp[i];

		if (entry->list >= PCP_LISTS || entry->migratetype > MIGRATE_HIGHATOMIC)
			return refuse("block %lx: no per-CPU list %u, type %u", entry->pfn,
				      entry->list, entry->migratetype);
		if (!enter(state, map, entry->pfn, pcp_order(entry->list), STATE_PCP))
			return false;
		nr += 1UL << pcp_order(entry->list);
	}
	return nr == state->pcp_count ||
	       refuse("%lu frames on per-CPU lists, counted as %u", nr, state->pcp_count);
}

/* Two free halves of a block would have become one, but for pageblocks of different types. */
static bool buddies_are_merged(const struct kalloc_zone_state *state, const struct buddy *buddy,
			       const u8 *map)
{
	unsigned int below = min(buddy->block_order, buddy->max_order);

	for (unsigned long i = 0; i < state->nr_free; i++) {
		const struct kalloc_state_free *entry = &state->free[i];
		unsigned long other = (entry->pfn ^ (1UL << entry->list)) - state->start_pfn;

		if (entry->list < below && other < state->spanned_pages &&
		    map[other] == STATE_FREE + entry->list)
			return refuse("block %lx of order %u: its buddy is free, too", entry->pfn,
				      entry->list);
	}
	return true;
}

static bool movable_are_used(const struct kalloc_zone_state *state, unsigned int block_order,
			     const u8 *map)
{
	unsigned long pfn = state->start_pfn, end = pfn + state->spanned_pages;

	for (unsigned long i = 0; i < state->nr_blocks; i++) {
		unsigned long next =
			min(ALIGN_DOWN(pfn, 1UL << block_order) + (1UL << block_order), end);
		unsigned long used = 0;

		for (; pfn < next; pfn++)
			used += map[pfn - state->start_pfn] == STATE_USED;
		if (state->blocks[i].nr_movable > used)
			return refuse("pageblock %lx: %u frames movable, %lu in use",
				      state->blocks[i].pfn, state->blocks[i].nr_movable, used);
	}
	return true;
}

bool state_is_consistent(const struct kalloc_zone_state *state, const struct zone *zone, u8 *map)
{
	const struct buddy *buddy = &zone->buddy;

	return blocks_are_all(state, buddy->block_order) && enter_free(state, buddy, map) &&
	       enter_pcp(state, map) && buddies_are_merged(state, buddy, map) &&
	       movable_are_used(state, buddy->block_order, map);
}
