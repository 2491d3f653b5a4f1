/* SPDX-License-Identifier: MIT */
/*
 * An owner of simulated pages that follows them: each has a slot, page->index names it,
 * and its contents are a pattern of the slot's number. What goes wrong in a callback is
 * counted, for the test to look at.
 */
#ifndef TEST_PAGE_FOLLOWER_H
#define TEST_PAGE_FOLLOWER_H

#include <pthread.h>

#include "rig.h"

#include <kalloc/reclaim.h>

#include "page/compact.h"

#define FOLLOWER_SLOTS 8192

struct follower {
	struct kalloc_mapping mapping;
	pthread_mutex_t lock; /* protects everything below */
	struct page *slot[FOLLOWER_SLOTS];
	unsigned long nr;
	unsigned long nr_moved;
	unsigned long nr_wrong;
};

static inline unsigned long follower_word(unsigned long slot, size_t i)
{
	return slot * 0x9e3779b97f4a7c15UL + i;
}

static inline void follower_moved(struct kalloc_mapping *mapping, struct page *from,
				  struct page *to)
{
	struct follower *owner = mapping->ctx;

	pthread_mutex_lock(&owner->lock);
	if (from->index != to->index || owner->slot[from->index] != from)
		owner->nr_wrong++;
	else
		owner->slot[from->index] = to;
	owner->nr_moved++;
	pthread_mutex_unlock(&owner->lock);
}

static inline void follower_evicted(struct kalloc_mapping *mapping, struct page *page)
{
	struct follower *owner = mapping->ctx;

	pthread_mutex_lock(&owner->lock);
	owner->nr_wrong += owner->slot[page->index] != page;
	owner->slot[page->index] = NULL;
	pthread_mutex_unlock(&owner->lock);
}

static const struct kalloc_mapping_ops follower_ops = {
	.evicted = follower_evicted,
	.moved = follower_moved,
};

static inline void follower_init(struct follower *owner)
{
	memset(owner, 0, sizeof(*owner));
	pthread_mutex_init(&owner->lock, NULL);
	owner->mapping = (struct kalloc_mapping){ .ops = &follower_ops, .ctx = owner };
}

/* Fill a page with the pattern of @slot and put it there and on the lists. */
static inline void follower_put(struct follower *owner, unsigned long slot, struct page *page,
				enum kalloc_page_kind kind)
{
	unsigned long *word = kmap_local_page(page);

	for (size_t i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		word[i] = follower_word(slot, i);
	kunmap_local(word);
	page->index = slot;
	owner->slot[slot] = page;
	kalloc_lru_add(page, &owner->mapping, kind);
}

static inline void follower_add(struct follower *owner, struct page *page,
				enum kalloc_page_kind kind)
{
	assert_true(owner->nr < FOLLOWER_SLOTS);
	follower_put(owner, owner->nr++, page, kind);
}

static inline bool follower_has_contents(const struct follower *owner, unsigned long slot)
{
	unsigned long *word = kmap_local_page(owner->slot[slot]);
	bool right = true;

	for (size_t i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		right = right && word[i] == follower_word(slot, i);
	kunmap_local(word);
	return right;
}

/* All pages are there, with their contents. */
static inline void follower_check(const struct follower *owner)
{
	assert_int_equal(owner->nr_wrong, 0);
	for (unsigned long i = 0; i < owner->nr; i++) {
		assert_non_null(owner->slot[i]);
		assert_int_equal(owner->slot[i]->index, i);
		assert_int_equal(page_count(owner->slot[i]), 1);
		assert_true(follower_has_contents(owner, i));
	}
}

/* Free all of them. */
static inline void follower_release(struct follower *owner)
{
	for (unsigned long i = 0; i < owner->nr; i++) {
		if (!owner->slot[i])
			continue;
		assert_true(kalloc_lru_remove(owner->slot[i]));
		__free_page(owner->slot[i]);
	}
	owner->nr = 0;
}

/*
 * Take every frame of the machine and give back those of @zone, except that one in
 * @step stays: on the lists if @owner is not NULL. The frames of the other zones
 * and of no owner are put on @held.
 */
static inline void follower_fragment(struct follower *owner, struct zone *zone, unsigned long step,
				     enum kalloc_page_kind kind, struct list_head *held)
{
	gfp_t gfp = __GFP_MOVABLE | __GFP_HIGHMEM | __GFP_MEMALLOC;
	struct list_head taken = { &taken, &taken };
	struct kalloc_machine *m = zone->room->m;

	pages_drain(m);
	rig_exhaust(&taken, gfp, 0);
	while (!list_empty(&taken)) {
		struct page *page = list_first_entry(&taken, struct page, lru);

		list_del(&page->lru);
		if (page_zone(page) == zone && page_to_pfn(page) % step != 1)
			__free_page(page);
		else if (page_zone(page) == zone && owner)
			follower_add(owner, page, kind);
		else
			list_add(&page->lru, held);
	}
	pages_drain(m);
}

/* What compaction makes of a request, without the slow path around it. */
static inline enum compact_result follower_compact(struct kalloc_machine *m, gfp_t gfp,
						   unsigned int order,
						   enum compact_priority priority)
{
	struct alloc_request req;

	assert_true(request_init(&req, m, gfp, order, 0));
	req.preferred = node_first_zone(req.zones, req.highest, NULL);
	return compact_for(&req, WMARK_MIN, priority);
}

static inline void lists_check(const struct rig *rig)
{
	struct node *node;

	rig_free(rig);
	for_each_node(node, rig->m->page) {
		assert_true(lru_ok(&node->lru));
		assert_int_equal(node->lru.nr_isolated[0], 0);
		assert_int_equal(node->lru.nr_isolated[1], 0);
	}
}

#endif
