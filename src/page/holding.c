/* SPDX-License-Identifier: MIT */
#include "holding.h"
#include "request.h"

gfp_t holding_gfp(enum migratetype mt)
{
	static const gfp_t flags[MIGRATE_PCPTYPES] = {
		[MIGRATE_UNMOVABLE] = GFP_KERNEL,
		[MIGRATE_MOVABLE] = GFP_HIGHUSER_MOVABLE,
		[MIGRATE_RECLAIMABLE] = GFP_KERNEL | __GFP_RECLAIMABLE,
	};

	return flags[mt];
}

static struct page_room *room_of(const struct kalloc_fragmentation *frag)
{
	return frag->zone->room;
}

static void slot_free(struct kalloc_fragmentation *frag, u32 slot)
{
	struct held *held = &frag->slots[slot];

	frag->nr_held[held->mt] -= 1UL << held->order;
	*held = (struct held){ .next = frag->free_slot };
	frag->free_slot = slot;
}

/* --- the mapping of pages that can move --------------------------------- */

static void page_moved(struct kalloc_mapping *mapping, struct page *from, struct page *to)
{
	struct kalloc_fragmentation *frag = mapping->ctx;
	struct lock *lock = &room_of(frag)->fragment_lock;

	lock_take(lock);
	frag->slots[to->index].page = to;
	lock_drop(lock);
}

static void page_evicted(struct kalloc_mapping *mapping, struct page *page)
{
	struct kalloc_fragmentation *frag = mapping->ctx;
	struct lock *lock = &room_of(frag)->fragment_lock;

	lock_take(lock);
	slot_free(frag, (u32)page->index);
	/* It may have been the last one: from here on the record may be gone. */
	lock_drop(lock);
}

static const struct kalloc_mapping_ops mapping_ops = {
	.moved = page_moved,
	.evicted = page_evicted,
};

/* --- the record --------------------------------------------------------- */

struct kalloc_fragmentation *holding_create(struct zone *zone,
					    const struct kalloc_fragment_profile *profile)
{
	size_t bytes = sizeof(struct kalloc_fragmentation) +
		       pages_total(zone->room->m) * sizeof(struct held);
	struct kalloc_fragmentation *frag = map_alloc(bytes);

	if (!frag)
		return NULL;
	frag->mapping = (struct kalloc_mapping){ .ops = &mapping_ops, .ctx = frag };
	frag->zone = zone;
	frag->profile = *profile;
	frag->rand.state = profile->seed;
	frag->free_slot = frag->fresh_slot = HOLDING_NO_SLOT;
	frag->bytes = bytes;
	list_add_tail(&frag->list, &zone->room->fragmentations);
	return frag;
}

void holding_destroy(struct kalloc_fragmentation *frag)
{
	list_del(&frag->list);
	map_free(frag, frag->bytes);
}

enum migratetype holding_deal(struct kalloc_fragmentation *frag)
{
	u32 left = frag->movable_left + frag->unmovable_left;

	if (!left) {
		frag->movable_left = frag->profile.movable;
		frag->unmovable_left = frag->profile.unmovable;
		left = frag->movable_left + frag->unmovable_left;
	}
	if (rand_below(&frag->rand, left) < frag->movable_left) {
		frag->movable_left--;
		return MIGRATE_MOVABLE;
	}
	frag->unmovable_left--;
	return MIGRATE_UNMOVABLE;
}

u32 holding_add(struct kalloc_fragmentation *frag, struct page *page, unsigned int order,
		enum migratetype mt, bool is_filler)
{
	u32 slot = frag->free_slot;

	if (slot != HOLDING_NO_SLOT)
		frag->free_slot = frag->slots[slot].next;
	else
		slot = frag->nr_slots++;
	frag->slots[slot] = (struct held){
		.page = page,
		.next = frag->fresh_slot,
		.order = (u8)order,
		.mt = (u8)mt,
		.is_filler = is_filler,
	};
	frag->fresh_slot = slot;
	frag->nr_held[mt] += 1UL << order;
	return slot;
}

void holding_settle(struct kalloc_fragmentation *frag)
{
	while (frag->fresh_slot != HOLDING_NO_SLOT) {
		u32 slot = frag->fresh_slot;
		struct held *held = &frag->slots[slot];

		frag->fresh_slot = held->next;
		if (!page_count(held->page))
			request_make_ready(room_of(frag), held->page,
					   holding_gfp((enum migratetype)held->mt), held->order);
		held->page->index = slot;
		if (held->mt == MIGRATE_MOVABLE)
			kalloc_lru_add(held->page, &frag->mapping, KALLOC_PAGE_ANON);
	}
}

bool holding_drop(struct kalloc_fragmentation *frag, u32 slot)
{
	struct held *held = &frag->slots[slot];

	if (held->mt == MIGRATE_MOVABLE && !kalloc_lru_remove(held->page))
		return false;
	__free_pages(held->page, held->order);
	slot_free(frag, slot);
	return true;
}

unsigned long holding_drop_all(struct kalloc_fragmentation *frag, bool fillers_only)
{
	unsigned long nr_left = 0;

	for (u32 slot = 0; slot < frag->nr_slots; slot++) {
		const struct held *held = &frag->slots[slot];

		if (held->page && (held->is_filler || !fillers_only))
			nr_left += !holding_drop(frag, slot);
	}
	return nr_left;
}

/* SplitMix64's way of mixing the bits of one number. */
static u64 mixed(u64 number)
{
	struct rand rand = { number };

	return rand_next(&rand);
}

unsigned long long holding_fingerprint(const struct kalloc_fragmentation *frag)
{
	unsigned long long hash = 0;

	for (u32 slot = 0; slot < frag->nr_slots; slot++) {
		const struct held *held = &frag->slots[slot];

		if (held->page)
			hash += mixed(pfn_of(room_of(frag)->m, held->page) << 8 | held->order << 2 |
				      held->mt);
	}
	return hash;
}

bool holding_ok(const struct kalloc_fragmentation *frag)
{
	unsigned long nr_held[MIGRATE_PCPTYPES] = { 0 };

	for (u32 slot = 0; slot < frag->nr_slots; slot++) {
		const struct held *held = &frag->slots[slot];

		if (!held->page)
			continue;
		nr_held[held->mt] += 1UL << held->order;
		if (held->page->index != slot || !page_count(held->page))
			return false;
	}
	return memcmp(nr_held, frag->nr_held, sizeof(nr_held)) == 0;
}
