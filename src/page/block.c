/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "explain.h"
#include "room.h"
#include "trace.h"
#include "zone.h"

const char *const migratetype_names[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = "Unmovable",     [MIGRATE_MOVABLE] = "Movable",
	[MIGRATE_RECLAIMABLE] = "Reclaimable", [MIGRATE_HIGHATOMIC] = "HighAtomic",
	[MIGRATE_ISOLATE] = "Isolate",
};

/* Which types a request of each type may fall back to, best first. */
static const u8 fallbacks[MIGRATE_PCPTYPES][2] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

unsigned long block_move_free(struct zone *zone, unsigned long pfn, enum migratetype mt,
			      unsigned long *nr_movable)
{
	struct buddy *buddy = &zone->buddy;
	unsigned long nr = 1UL << buddy->block_order;
	unsigned long start = ALIGN_DOWN(pfn, nr);
	unsigned long end = start + nr;
	unsigned long moved = 0, movable = 0;

	if (start < zone->zone_start_pfn)
		start = pfn;
	if (end <= zone->zone_start_pfn + zone->spanned_pages) {
		for (pfn = start; pfn < end;) {
			struct page *page = buddy->vmemmap + pfn;

			if (frame_is_free(page)) {
				buddy_move(buddy, page, mt);
				moved += 1UL << frame_order(page);
				pfn += 1UL << frame_order(page);
			} else {
				enum frame_kind kind = frame_look(page).kind;

				movable += kind == FRAME_IS_LRU || kind == FRAME_IS_MOVABLE;
				pfn++;
			}
		}
	}
	if (nr_movable)
		*nr_movable = movable;
	return moved;
}

/* Whether a request of @mt that found a block of @order may claim its pageblock. */
static bool can_claim(const struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	return order >= buddy->block_order / 2 || mt != MIGRATE_MOVABLE;
}

/* The first type that a request of @mt may take a block of @order from, or -1. */
static int find_type(const struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	if (!READ_ONCE(buddy->area[order].nr_free))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(fallbacks[mt]); i++) {
		if (!buddy_is_empty(buddy, order, (enum migratetype)fallbacks[mt][i]))
			return fallbacks[mt][i];
	}
	return -1;
}

bool block_can_serve(const struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	return !buddy_is_empty(buddy, order, mt) ||
	       (can_claim(buddy, order, mt) && find_type(buddy, order, mt) >= 0);
}

/*
 * Claim the pageblock of a block smaller than one: move its free blocks over, and
 * retype it if enough of it is free or holds pages like ours.
 * Return: false if nothing could be moved.
 */
static bool claim_pageblock(struct zone *zone, unsigned long pfn, enum migratetype mt,
			    struct kalloc_note *note)
{
	struct buddy *buddy = &zone->buddy;
	enum migratetype old = block_type(buddy, pfn);
	unsigned long nr = 1UL << buddy->block_order;
	unsigned long alike = 0, movable;
	unsigned long moved = block_move_free(zone, pfn, mt, &movable);

	if (!moved)
		return false;
	if (mt == MIGRATE_MOVABLE)
		alike = movable;
	else if (old == MIGRATE_MOVABLE) /* what is used and not movable counts as ours */
		alike = nr - (moved + movable);
	if (moved + alike >= nr / 2)
		block_set_type(buddy, pfn, mt);
	note->steal.claimed = true;
	note->steal.moved = moved;
	note->steal.alike = alike;
	note->steal.retyped = moved + alike >= nr / 2;
	return true;
}

/* @note: receives what was done. */
static void steal(struct zone *zone, struct page *page, enum migratetype mt, unsigned int flags,
		  bool may_claim, struct kalloc_note *note)
{
	struct buddy *buddy = &zone->buddy;
	unsigned int order = frame_order(page);
	unsigned long pfn = (unsigned long)(page - buddy->vmemmap);

	note->steal.order = order;
	note->steal.pfn = pfn;
	if (block_type(buddy, pfn) == MIGRATE_HIGHATOMIC) {
		buddy_move(buddy, page, mt);
		return;
	}
	if (order >= buddy->block_order) {
		for (unsigned long at = pfn; at < pfn + (1UL << order);
		     at += 1UL << buddy->block_order)
			block_set_type(buddy, at, mt);
		buddy_move(buddy, page, mt);
		note->steal.retyped = 1u << (order - buddy->block_order);
		return;
	}
	if (zone_boost(zone) && flags & ALLOC_KSWAPD)
		zone_set_flag(zone, ZONE_BOOSTED, true);
	if (!may_claim || !claim_pageblock(zone, pfn, mt, note))
		buddy_move(buddy, page, mt);
}

bool block_fall_back(struct zone *zone, unsigned int order, enum migratetype mt, unsigned int flags)
{
	struct buddy *buddy = &zone->buddy;
	struct kalloc_note note = { .kind = KALLOC_NOTE_STEAL };
	unsigned int least = order;
	int at, from = -1;
	struct page *page;

	if (flags & ALLOC_NOFRAGMENT)
		least = max(order, buddy->block_order);
	for (at = (int)buddy->max_order; at >= (int)least; at--) {
		from = find_type(buddy, (unsigned int)at, mt);
		if (from >= 0)
			break;
	}
	if (from < 0)
		return false;
	/* One that may not claim the pageblock does least harm with the smallest block. */
	if (!can_claim(buddy, (unsigned int)at, mt) && at > (int)order) {
		for (at = (int)order;; at++) {
			from = find_type(buddy, (unsigned int)at, mt);
			if (from >= 0)
				break;
		}
	}
	page = buddy_first(buddy, (unsigned int)at, (enum migratetype)from);
	steal(zone, page, mt, flags, can_claim(buddy, (unsigned int)at, mt), &note);
	TRACE(zone->room->m, mm_page_alloc_extfrag, .pfn = (u64)(page - buddy->vmemmap),
	      .alloc_order = order, .fallback_order = at, .pageblock_order = buddy->block_order,
	      .alloc_migratetype = mt, .fallback_migratetype = from,
	      .fragmenting = (unsigned int)at < buddy->block_order,
	      .change_ownership = block_type(buddy, (unsigned long)(page - buddy->vmemmap)) == mt);
	if (explain_on()) {
		note.steal.zone = zone->name;
		note.steal.nid = zone->nid;
		note.steal.from = migratetype_names[from];
		note.steal.to = migratetype_names[mt];
		note.steal.boost = zone->watermark_boost;
		explain_add(&note);
	}
	return true;
}

void block_reserve_highatomic(struct zone *zone, struct page *page)
{
	struct buddy *buddy = &zone->buddy;
	unsigned long pfn = (unsigned long)(page - buddy->vmemmap);
	unsigned long nr = 1UL << buddy->block_order;
	unsigned long most = zone->managed_pages / 100 + nr;

	if (READ_ONCE(zone->nr_reserved_highatomic) >= most)
		return;
	lock_take(&zone->lock);
	if (zone->nr_reserved_highatomic < most && block_type(buddy, pfn) < MIGRATE_PCPTYPES) {
		WRITE_ONCE(zone->nr_reserved_highatomic, zone->nr_reserved_highatomic + nr);
		block_set_type(buddy, pfn, MIGRATE_HIGHATOMIC);
		block_move_free(zone, pfn, MIGRATE_HIGHATOMIC, NULL);
	}
	lock_drop(&zone->lock);
}

bool block_unreserve_highatomic(struct zone *zone, enum migratetype mt, bool force)
{
	struct buddy *buddy = &zone->buddy;
	unsigned long nr = 1UL << buddy->block_order;
	unsigned long reserved = READ_ONCE(zone->nr_reserved_highatomic);
	bool moved = false;

	if (!reserved || (!force && reserved <= nr))
		return false;
	lock_take(&zone->lock);
	for (unsigned int order = 0; order <= buddy->max_order && !moved; order++) {
		struct page *page = buddy_first(buddy, order, MIGRATE_HIGHATOMIC);
		unsigned long pfn;

		if (!page)
			continue;
		pfn = (unsigned long)(page - buddy->vmemmap);
		if (block_type(buddy, pfn) == MIGRATE_HIGHATOMIC)
			WRITE_ONCE(zone->nr_reserved_highatomic,
				   zone->nr_reserved_highatomic -
					   min(nr, zone->nr_reserved_highatomic));
		block_set_type(buddy, pfn, mt);
		moved = block_move_free(zone, pfn, mt, NULL) > 0;
	}
	lock_drop(&zone->lock);
	return moved;
}
