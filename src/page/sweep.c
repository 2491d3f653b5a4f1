/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "pcp.h"
#include "sweep.h"

/* A free block, or a frame that does not begin one. */
struct place {
	unsigned long pfn;
	unsigned int order;
	bool is_free;
};

/* What lies at the first frame of the zone at or behind @pfn; pfn at the zone's end: nothing. */
static struct place place_at(const struct buddy *buddy, unsigned long pfn)
{
	struct place place = { .pfn = pfn };

	if (buddy_is_hole(buddy, pfn))
		place.pfn = pfn = buddy->hole_end;
	if (pfn >= buddy->end_pfn)
		return place;
	if (buddy_is_virgin(buddy, pfn)) {
		place.order = buddy->max_order;
		place.is_free = true;
	} else if (frame_is_free(buddy->vmemmap + pfn)) {
		place.order = frame_order(buddy->vmemmap + pfn);
		place.is_free = true;
	}
	if (place.is_free && block_type(buddy, pfn) == MIGRATE_ISOLATE)
		place.is_free = false;
	return place;
}

static bool any_chosen(const unsigned long *bits, unsigned long at, unsigned long nr)
{
	if (nr < 64)
		return bits[at / 64] >> at % 64 & ((1UL << nr) - 1);
	for (unsigned long word = at / 64; word < (at + nr) / 64; word++) {
		if (bits[word])
			return true;
	}
	return false;
}

/* A block that is being split. */
struct carving {
	struct kalloc_fragmentation *frag;
	unsigned long pfn; /* its first frame */
	unsigned long nr_taken;
	bool is_filler;
};

static void take_frame(struct carving *carving, unsigned long pfn)
{
	struct kalloc_fragmentation *frag = carving->frag;
	struct page *page = frag->zone->buddy.vmemmap + pfn;

	carving->nr_taken++;
	if (frame_check_new(page))
		holding_add(frag, page, 0, holding_deal(frag), carving->is_filler);
}

/* Split the part of a block that begins at @pfn, off its list, around the chosen frames. */
static void carve(struct carving *carving, unsigned long pfn, unsigned int order)
{
	struct buddy *buddy = &carving->frag->zone->buddy;

	if (!any_chosen(carving->frag->chosen, pfn - carving->pfn, 1UL << order)) {
		buddy_give(buddy, pfn, order, block_type(buddy, pfn), BUDDY_TAIL);
	} else if (!order) {
		take_frame(carving, pfn);
	} else {
		order--;
		carve(carving, pfn, order);
		carve(carving, pfn + (1UL << order), order);
	}
}

/* Return: the number of frames taken. */
static unsigned long take_chosen(struct kalloc_fragmentation *frag, const struct place *place,
				 bool is_filler)
{
	struct buddy *buddy = &frag->zone->buddy;
	struct carving carving = { .frag = frag, .pfn = place->pfn, .is_filler = is_filler };

	buddy_link_virgin(buddy, place->pfn);
	buddy_take_block(buddy, buddy->vmemmap + place->pfn);
	carve(&carving, place->pfn, place->order);
	return carving.nr_taken;
}

/* Return: the number of frames taken. */
static unsigned long sweep_place(struct kalloc_fragmentation *frag, struct sweep *sweep,
				 const struct place *place)
{
	size_t words = place->order < 6 ? 1 : 1UL << (place->order - 6);

	if (!place->is_free || place->order < sweep->lowest || place->order > sweep->highest)
		return 0;
	memset(frag->chosen, 0, words * sizeof(*frag->chosen));
	if (!sweep->choose(sweep, place->pfn, place->order, frag->chosen))
		return 0;
	return take_chosen(frag, place, sweep->is_filler);
}

static void count_taken(struct zone *zone, unsigned long nr)
{
	zone_count_free(zone, cpu_current(zone->nr_cpus), -(long)nr);
	zone->flow.alloc_pages += nr;
	zone_count_numa(&zone->flow, zone, zone, node_current(zone->room->m), nr);
}

unsigned long sweep_run(struct kalloc_fragmentation *frag, struct sweep *sweep)
{
	struct zone *zone = frag->zone;
	struct place place;
	unsigned long nr = 0;

	lock_take(&zone->lock);
	for (unsigned long pfn = zone->buddy.start_pfn; pfn < zone->buddy.end_pfn;
	     pfn = place.pfn + (1UL << place.order)) {
		place = place_at(&zone->buddy, pfn);
		nr += sweep_place(frag, sweep, &place);
	}
	if (nr)
		count_taken(zone, nr);
	lock_drop(&zone->lock);
	holding_settle(frag);
	return nr;
}

void sweep_look(struct zone *zone, void (*visit)(void *ctx, unsigned long pfn, unsigned int order),
		void *ctx)
{
	struct place place;

	lock_take(&zone->lock);
	for (unsigned long pfn = zone->buddy.start_pfn; pfn < zone->buddy.end_pfn;
	     pfn = place.pfn + (1UL << place.order)) {
		place = place_at(&zone->buddy, pfn);
		if (place.is_free)
			visit(ctx, place.pfn, place.order);
	}
	lock_drop(&zone->lock);
}
