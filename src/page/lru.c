/* SPDX-License-Identifier: MIT */
#include "lru.h"
#include "room.h"
#include "swap.h"

#define LRU_FLAGS (PG_LRU | PG_ACTIVE | PG_REFERENCED | PG_DIRTY | PG_SWAPBACKED)

void lru_init(struct lru *lru)
{
	lock_init(&lru->lock, RANK_LRU);
	for (int i = 0; i < NR_LRU_LISTS; i++)
		list_init(&lru->list[i]);
}

struct lru *lru_of(const struct page *page)
{
	return &machine_of(page)->page->nodes[frame_nid(page)].lru;
}

/* Written under the lock, read anywhere. */
static void count_listed(struct lru *lru, const struct page *page, enum lru_list list, long delta)
{
	unsigned long *in_zone = &lru->zone_nr[frame_zone(page)][list];

	WRITE_ONCE(lru->nr[list], lru->nr[list] + (unsigned long)delta);
	WRITE_ONCE(*in_zone, *in_zone + (unsigned long)delta);
}

/* Likewise. */
static void count_dirty(struct lru *lru, long delta)
{
	WRITE_ONCE(lru->nr_dirty, lru->nr_dirty + (unsigned long)delta);
}

void lru_link(struct lru *lru, struct page *page)
{
	enum lru_list list = lru_list_of(page);

	page->flags |= PG_LRU;
	list_add(&page->lru, &lru->list[list]);
	count_listed(lru, page, list, 1);
}

void lru_unlink(struct lru *lru, struct page *page)
{
	enum lru_list list = lru_list_of(page);

	page->flags &= ~PG_LRU;
	list_del(&page->lru);
	count_listed(lru, page, list, -1);
}

static bool is_dirty_file(unsigned long flags)
{
	return (flags & (PG_DIRTY | PG_SWAPBACKED)) == PG_DIRTY;
}

static void count_isolated(struct lru *lru, const struct page *page, long delta)
{
	lru->nr_isolated[!(page->flags & PG_SWAPBACKED)] += (unsigned long)delta;
}

unsigned long lru_isolate(struct lru *lru, enum lru_list list, struct lru_scan *scan,
			  struct list_head *taken)
{
	struct list_head skipped = LIST_INIT(skipped);
	unsigned long got = 0;

	scan->scanned = scan->skipped = 0;
	lock_take(&lru->lock);
	while (scan->scanned < scan->nr && !list_empty(&lru->list[list])) {
		struct page *page = list_last_entry(&lru->list[list], struct page, lru);

		/* Skipped pages are not counted, so that a high zone cannot hide a low one. */
		if (zone_ranks[frame_zone(page)] > scan->highest) {
			list_move(&page->lru, &skipped);
			scan->skipped++;
			continue;
		}
		scan->scanned++;
		lru_unlink(lru, page);
		count_isolated(lru, page, 1);
		list_add(&page->lru, taken);
		got++;
	}
	list_splice_init(&skipped, &lru->list[list]);
	lock_drop(&lru->lock);
	return got;
}

bool lru_isolate_from(struct lru *lru, struct page *page)
{
	bool on_list;

	lock_take(&lru->lock);
	on_list = frame_flags_now(page) & PG_LRU; /* it may be anybody's by now */
	if (on_list) {
		lru_unlink(lru, page);
		count_isolated(lru, page, 1);
	}
	lock_drop(&lru->lock);
	return on_list;
}

bool lru_isolate_page(struct page *page)
{
	return lru_isolate_from(lru_of(page), page);
}

void lru_put_back_page(struct page *page)
{
	struct lru *lru = lru_of(page);

	lock_take(&lru->lock);
	count_isolated(lru, page, -1);
	lru_link(lru, page);
	lock_drop(&lru->lock);
}

void lru_put_back(struct list_head *pages)
{
	while (!list_empty(pages)) {
		struct page *page = list_first_entry(pages, struct page, lru);

		list_del(&page->lru);
		lru_put_back_page(page);
	}
}

bool lru_activate(struct page *page)
{
	struct lru *lru = lru_of(page);
	bool referenced;

	lock_take(&lru->lock);
	referenced = page->flags & PG_REFERENCED;
	if (referenced)
		page->flags = (page->flags | PG_ACTIVE) & ~PG_REFERENCED;
	lock_drop(&lru->lock);
	return referenced;
}

void lru_deactivate(struct page *page)
{
	struct lru *lru = lru_of(page);

	lock_take(&lru->lock);
	page->flags &= ~(PG_ACTIVE | PG_REFERENCED);
	count_isolated(lru, page, -1);
	lru_link(lru, page);
	lock_drop(&lru->lock);
}

void lru_clean(struct page *page)
{
	struct lru *lru = lru_of(page);

	lock_take(&lru->lock);
	count_dirty(lru, -(long)is_dirty_file(page->flags));
	page->flags &= ~PG_DIRTY;
	lock_drop(&lru->lock);
}

/* Under the lock: an isolated page becomes an ordinary one. */
static void release_locked(struct lru *lru, struct page *page)
{
	count_isolated(lru, page, -1);
	count_dirty(lru, -(long)is_dirty_file(page->flags));
	page->flags &= ~LRU_FLAGS;
	page->mapping = NULL;
}

void lru_release(struct page *page)
{
	struct lru *lru = lru_of(page);

	lock_take(&lru->lock);
	release_locked(lru, page);
	lock_drop(&lru->lock);
}

struct kalloc_mapping *lru_retire(struct page *page)
{
	struct lru *lru = lru_of(page);
	struct kalloc_mapping *mapping = NULL;

	lock_take(&lru->lock);
	if (!(page->flags & (PG_REFERENCED | PG_DIRTY)) && page_count(page) == 1) {
		mapping = (struct kalloc_mapping *)page->mapping;
		release_locked(lru, page);
	}
	lock_drop(&lru->lock);
	return mapping;
}

unsigned long lru_count(const struct lru *lru, enum lru_list list, unsigned int highest)
{
	unsigned long nr = 0;

	for (int type = 0; type < MAX_NR_ZONES; type++) {
		if (zone_ranks[type] <= highest)
			nr += READ_ONCE(lru->zone_nr[type][list]);
	}
	return nr;
}

bool lru_ok(const struct lru *lru)
{
	for (int i = 0; i < NR_LRU_LISTS; i++) {
		const struct page *page;
		unsigned long nr = 0, in_zones = 0;

		for (int type = 0; type < MAX_NR_ZONES; type++)
			in_zones += lru->zone_nr[type][i];
		if (!list_ok(&lru->list[i]) || in_zones != lru->nr[i])
			return false;
		list_for_each_entry(page, &lru->list[i], lru) {
			if (lru_list_of(page) != (enum lru_list)i || !(page->flags & PG_LRU))
				return false;
			nr++;
		}
		if (nr != lru->nr[i])
			return false;
	}
	return true;
}

/* The owner knows @to already and may have marked either page: all of it counts. */
void lru_hand_over(struct page *from, struct page *to)
{
	struct lru *lru = lru_of(from);
	unsigned long flags;
	bool counted;

	lock_take(&lru->lock);
	flags = from->flags & LRU_FLAGS;
	release_locked(lru, from);
	lock_drop(&lru->lock);

	lru = lru_of(to);
	lock_take(&lru->lock);
	counted = to->flags & PG_DIRTY;
	to->flags |= flags;
	count_dirty(lru, (long)is_dirty_file(to->flags) - (long)counted);
	lru_link(lru, to);
	lock_drop(&lru->lock);
}

void kalloc_lru_add(struct page *page, struct kalloc_mapping *mapping, enum kalloc_page_kind kind)
{
	struct lru *lru = lru_of(page);

	if (WARN_ONCE(
		    PageCompound(page) || page->mapping || page_count(page) != 1,
		    "kalloc_lru_add() of a page that is not single, free of owners and counted 1"))
		return;
	lock_take(&lru->lock);
	page->mapping = (struct address_space *)mapping;
	page->flags |= kind == KALLOC_PAGE_ANON	   ? PG_SWAPBACKED | PG_DIRTY
		       : kind == KALLOC_PAGE_DIRTY ? PG_DIRTY
						   : 0;
	count_dirty(lru, kind == KALLOC_PAGE_DIRTY);
	lru_link(lru, page);
	lock_drop(&lru->lock);
	if (kind == KALLOC_PAGE_DIRTY)
		page_event_add(machine_of(page), NR_DIRTIED, 1);
}

bool kalloc_lru_remove(struct page *page)
{
	if (!lru_isolate_page(page))
		return false;
	lru_release(page);
	return true;
}

void kalloc_lru_touch(struct page *page)
{
	struct lru *lru = lru_of(page);
	bool activated = false;

	lock_take(&lru->lock);
	if (!page->mapping) {
		/* Too late: it is being evicted. */
	} else if (!(page->flags & PG_REFERENCED)) {
		page->flags |= PG_REFERENCED;
	} else if (page->flags & PG_LRU && !(page->flags & PG_ACTIVE)) {
		lru_unlink(lru, page);
		page->flags = (page->flags | PG_ACTIVE) & ~PG_REFERENCED;
		lru_link(lru, page);
		activated = true;
	}
	lock_drop(&lru->lock);
	if (activated)
		page_event_add(machine_of(page), PGACTIVATE, 1);
}

bool kalloc_lru_dirty(struct page *page)
{
	struct lru *lru = lru_of(page);
	bool has_owner, newly = false;

	lock_take(&lru->lock);
	has_owner = page->mapping != NULL;
	if (has_owner) {
		newly = !(page->flags & (PG_DIRTY | PG_SWAPBACKED));
		page->flags |= PG_DIRTY;
		count_dirty(lru, newly);
	}
	lock_drop(&lru->lock);
	if (newly)
		page_event_add(machine_of(page), NR_DIRTIED, 1);
	return has_owner;
}

void kalloc_swap_drop(unsigned long nr)
{
	struct page_room *room = machine_current()->page;

	if (!WARN_ONCE(nr > room->swap_pages - swap_left(room),
		       "kalloc_swap_drop() of %lu pages, more than are swapped out", nr))
		swap_give(room, nr);
}
