/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "pcp.h"
#include "room.h"
#include "state.h"

_Static_assert(KALLOC_STATE_ZONES == MAX_NR_ZONES, "one reserve for each type of zone");
_Static_assert(KALLOC_STATE_LISTS == PCP_LISTS, "one number for each list of a CPU");
_Static_assert(KALLOC_STATE_BLOCK_LIST == PCP_LOW_ORDERS * MIGRATE_PCPTYPES, "the last two");

struct zone *state_zone(struct kalloc_machine *m, const struct kalloc_zone_state *state)
{
	struct zone *zone;

	if (state->nid < 0 || (unsigned int)state->nid >= node_count(m) ||
	    state->zone >= MAX_NR_ZONES || state->cpu >= m->params.nr_cpus)
		return NULL;
	zone = &m->page->nodes[state->nid].zones[state->zone];
	return zone->managed_pages ? zone : NULL;
}

/* --- reading ----------------------------------------------------------- */

static void add_free(struct kalloc_state_free *entries, unsigned long max, unsigned long *nr,
		     struct kalloc_state_free entry)
{
	if (*nr < max)
		entries[*nr] = entry;
	++*nr;
}

static void export_free(struct kalloc_zone_state *state, const struct buddy *buddy)
{
	state->nr_free = 0;
	for (unsigned int order = 0; order <= buddy->max_order; order++) {
		for (unsigned int mt = 0; mt < MIGRATE_TYPES; mt++) {
			struct kalloc_state_free entry = { .list = (u8)order,
							   .migratetype = (u8)mt };
			const struct page *page;

			list_for_each_entry(page, &buddy->area[order].list[mt], buddy_list) {
				entry.pfn = (unsigned long)(page - buddy->vmemmap);
				add_free(state->free, state->max_free, &state->nr_free, entry);
			}
			if (order != buddy->max_order || mt != MIGRATE_MOVABLE)
				continue;
			for (entry.pfn = buddy->virgin_pfn; entry.pfn < buddy->virgin_end;
			     entry.pfn += 1UL << order)
				if (!buddy_is_hole(buddy, entry.pfn))
					add_free(state->free, state->max_free, &state->nr_free,
						 entry);
		}
	}
}

static void export_pcp(struct kalloc_zone_state *state, const struct zone *zone)
{
	const struct pcp *pcp = &zone->pcp[state->cpu];

	state->nr_free_unfolded = pcp->free_diff;
	state->pcp_count = pcp->count;
	state->pcp_high = pcp->high;
	state->pcp_batch = pcp->batch;
	state->pcp_free_factor = pcp->free_factor;
	state->nr_pcp = 0;
	for (unsigned int i = 0; i < PCP_LISTS; i++) {
		const struct page *page;

		list_for_each_entry(page, &pcp->lists[i], pcp_list)
			add_free(state->pcp, state->max_pcp, &state->nr_pcp,
				 (struct kalloc_state_free){
					 .pfn = (unsigned long)(page - zone->buddy.vmemmap),
					 .list = (u8)i,
					 .migratetype = (u8)frame_type(page),
				 });
	}
}

/* Used frames of [pfn, end) that could be moved. */
static unsigned int count_movable(const struct buddy *buddy, unsigned long pfn, unsigned long end)
{
	unsigned int nr = 0;

	while (pfn < end) {
		const struct page *page = buddy->vmemmap + pfn;
		enum frame_kind kind;

		if (buddy_is_virgin(buddy, pfn))
			break;
		kind = frame_look(page).kind;
		nr += kind == FRAME_IS_LRU || kind == FRAME_IS_MOVABLE;
		pfn += kind == FRAME_IS_FREE ? 1UL << frame_order(page) : 1;
	}
	return nr;
}

static void export_blocks(struct kalloc_zone_state *state, const struct buddy *buddy)
{
	unsigned long nr = 1UL << buddy->block_order, next;

	state->nr_blocks = 0;
	for (unsigned long pfn = buddy->start_pfn; pfn < buddy->end_pfn; pfn = next) {
		next = min(ALIGN_DOWN(pfn, nr) + nr, buddy->end_pfn);
		if (state->nr_blocks < state->max_blocks)
			state->blocks[state->nr_blocks] = (struct kalloc_state_block){
				.pfn = pfn,
				.migratetype = (u8)block_type(buddy, pfn),
				.nr_movable = count_movable(buddy, pfn, next),
			};
		state->nr_blocks++;
	}
}

static void export_numbers(struct kalloc_zone_state *state, const struct zone *zone)
{
	state->start_pfn = zone->zone_start_pfn;
	state->spanned_pages = zone->spanned_pages;
	state->managed_pages = zone->managed_pages;
	state->mark_min = zone->_watermark[WMARK_MIN];
	state->mark_low = zone->_watermark[WMARK_LOW];
	state->mark_high = zone->_watermark[WMARK_HIGH];
	state->watermark_boost = zone->watermark_boost;
	for (int type = 0; type < MAX_NR_ZONES; type++)
		state->lowmem_reserve[type] = (unsigned long)zone->lowmem_reserve[zone_ranks[type]];
	state->nr_reserved_highatomic = zone->nr_reserved_highatomic;
	state->nr_free_folded = zone->free_pages;
	state->stat_threshold = zone->stat_threshold;
}

int kalloc_zone_export(struct kalloc_zone_state *state)
{
	struct zone *zone = state_zone(machine_current(), state);

	if (!zone)
		return -EINVAL;
	pcp_hold(&zone->pcp[state->cpu]);
	lock_take(&zone->lock);
	export_numbers(state, zone);
	export_free(state, &zone->buddy);
	export_blocks(state, &zone->buddy);
	export_pcp(state, zone);
	lock_drop(&zone->lock);
	pcp_release(&zone->pcp[state->cpu]);

	if (state->nr_free > state->max_free || state->nr_pcp > state->max_pcp ||
	    state->nr_blocks > state->max_blocks)
		return -ENOSPC;
	return 0;
}

/* --- putting in place -------------------------------------------------- */

static bool was_built(const struct buddy *buddy, unsigned long pfn)
{
	return pfn < buddy->virgin_pfn || pfn >= buddy->virgin_end;
}

/*
 * The first frame in use of the state's range, with what lies in one largest block with
 * its ends: a block that crosses them is known by its first frame. 0 if there is none.
 */
static unsigned long find_used(const struct kalloc_zone_state *state, const struct buddy *buddy)
{
	unsigned long block = 1UL << buddy->max_order;
	unsigned long pfn = max(ALIGN_DOWN(state->start_pfn, block), buddy->start_pfn);
	unsigned long end =
		min(ALIGN_UP(state->start_pfn + state->spanned_pages, block), buddy->end_pfn);

	for (; pfn < end; pfn++) {
		if (was_built(buddy, pfn) && page_count(buddy->vmemmap + pfn))
			return pfn;
	}
	return 0;
}

/* Take the frames [pfn, end) out of the zone, those in use as they are. */
static void leave_out(struct buddy *buddy, unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn++) {
		struct page *page = buddy->vmemmap + pfn;

		if (!was_built(buddy, pfn))
			pfn = buddy->virgin_end - 1;
		else if (frame_is_free(page))
			buddy_take_block(buddy, page);
		else if (page->_refcount.counter)
			get_page(page);
	}
}

static void import_numbers(const struct kalloc_zone_state *state, struct zone *zone)
{
	zone->zone_start_pfn = state->start_pfn;
	zone->spanned_pages = state->spanned_pages;
	zone->present_pages = state->spanned_pages;
	zone->managed_pages = state->managed_pages;
	WRITE_ONCE(zone->_watermark[WMARK_MIN], state->mark_min);
	WRITE_ONCE(zone->_watermark[WMARK_LOW], state->mark_low);
	WRITE_ONCE(zone->_watermark[WMARK_HIGH], state->mark_high);
	WRITE_ONCE(zone->watermark_boost, state->watermark_boost);
	for (int type = 0; type < MAX_NR_ZONES; type++)
		WRITE_ONCE(zone->lowmem_reserve[zone_ranks[type]],
			   (long)state->lowmem_reserve[type]);
	WRITE_ONCE(zone->nr_reserved_highatomic, state->nr_reserved_highatomic);
	WRITE_ONCE(zone->free_pages, state->nr_free_folded);
	zone->stat_threshold = state->stat_threshold;
	zone_set_flag(zone, ZONE_BOOSTED, false);
	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
		WRITE_ONCE(zone->pcp[cpu].free_diff, 0);
}

/* An empty buddy system over the state's range, all of its frames in use. */
static void import_range(const struct kalloc_zone_state *state, struct buddy *buddy)
{
	struct buddy old = *buddy;
	unsigned long end = state->start_pfn + state->spanned_pages;

	leave_out(buddy, old.start_pfn, state->start_pfn);
	leave_out(buddy, end, old.end_pfn);
	buddy_init(buddy, old.vmemmap, state->start_pfn, end);
	buddy->blocks = old.blocks;
	buddy_set_orders(buddy, old.max_order, old.block_order);
	buddy->frame_flags = old.frame_flags;
	memset(buddy->vmemmap + state->start_pfn, 0, state->spanned_pages * sizeof(struct page));
	frame_build(buddy->vmemmap + state->start_pfn, state->spanned_pages, buddy->frame_flags);
}

/* In each pageblock the first frames in use are the movable ones. */
static void mark_movable(const struct kalloc_zone_state *state, struct buddy *buddy, const u8 *map)
{
	for (unsigned long i = 0; i < state->nr_blocks; i++) {
		unsigned long pfn = max(ALIGN_DOWN(state->blocks[i].pfn, 1UL << buddy->block_order),
					state->start_pfn);

		for (unsigned int nr = state->blocks[i].nr_movable; nr; pfn++) {
			if (map[pfn - state->start_pfn] != STATE_USED)
				continue;
			buddy->vmemmap[pfn].flags |= PG_LRU;
			nr--;
		}
	}
}

static void import_blocks(const struct kalloc_zone_state *state, struct zone *zone)
{
	struct buddy *buddy = &zone->buddy;

	zone->nr_isolated_blocks = 0;
	for (unsigned long i = 0; i < state->nr_blocks; i++) {
		const struct kalloc_state_block *block = &state->blocks[i];

		block_set_type(buddy, block->pfn, (enum migratetype)block->migratetype);
		zone->nr_isolated_blocks += block->migratetype == MIGRATE_ISOLATE;
	}
}

static void import_pcp(const struct kalloc_zone_state *state, struct zone *zone)
{
	struct pcp *pcp = &zone->pcp[state->cpu];

	WRITE_ONCE(pcp->free_diff, (s8)state->nr_free_unfolded);
	pcp->count = state->pcp_count;
	pcp->high = state->pcp_high;
	pcp->batch = state->pcp_batch;
	pcp->free_factor = state->pcp_free_factor;
	for (unsigned long i = 0; i < state->nr_pcp; i++) {
		const struct kalloc_state_free *entry = &state->pcp[i];
		struct page *page = zone->buddy.vmemmap + entry->pfn;

		frame_set_type(page, (enum migratetype)entry->migratetype);
		page->private = pcp_order(entry->list);
		list_add_tail(&page->pcp_list, &pcp->lists[entry->list]);
	}
}

/* @map: in it the frames in use that are to be marked as movable; NULL: none. */
static void import(const struct kalloc_zone_state *state, struct zone *zone, const u8 *map)
{
	lock_take(&zone->compact.lock);
	zone->compact.migrate_pfn[0] = zone->compact.migrate_pfn[1] = zone->compact.free_pfn = 0;
	lock_drop(&zone->compact.lock);

	/* What the CPUs hold is given back, so that it can be left out like anything free. */
	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
		pcp_drain(zone, cpu);

	pcp_hold(&zone->pcp[state->cpu]);
	lock_take(&zone->lock);
	import_range(state, &zone->buddy);
	import_numbers(state, zone);
	import_blocks(state, zone);
	if (map)
		mark_movable(state, &zone->buddy, map);
	for (unsigned long i = 0; i < state->nr_free; i++)
		buddy_put(&zone->buddy, state->free[i].pfn, state->free[i].list,
			  (enum migratetype)state->free[i].migratetype);
	import_pcp(state, zone);
	lock_drop(&zone->lock);
	pcp_release(&zone->pcp[state->cpu]);
}

int state_import(const struct kalloc_zone_state *state, struct state_taker *taker)
{
	struct zone *zone = state_zone(machine_current(), state);
	unsigned long used;
	int err = 0;
	u8 *map;

	if (!zone) {
		console_print("kalloc: zone state: node %d, zone %u, CPU %u: there is none\n",
			      state->nid, state->zone, state->cpu);
		return -EINVAL;
	}
	if (!state_fits(state, zone))
		return -EINVAL;
	map = map_alloc(state->spanned_pages);
	if (!map) {
		console_print("kalloc: zone state: no memory to check %lu frames\n",
			      state->spanned_pages);
		return -ENOMEM;
	}
	used = find_used(state, &zone->buddy);
	if (!state_is_consistent(state, zone, map)) {
		err = -EINVAL;
	} else if (used) {
		console_print("kalloc: zone state: frame %lx of the zone is in use\n", used);
		err = -EBUSY;
	} else if (taker && !taker->accepts(taker, zone, map)) {
		err = -EINVAL;
	} else {
		import(state, zone, taker ? NULL : map);
	}
	map_free(map, state->spanned_pages);
	return err;
}

int kalloc_zone_import(const struct kalloc_zone_state *state)
{
	return state_import(state, NULL);
}
