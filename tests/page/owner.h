/* SPDX-License-Identifier: MIT */
/*
 * An owner of simulated pages for tests: remembers which pages it has, and what
 * reclaim told it. Single-threaded tests need no lock in it.
 */
#ifndef TEST_PAGE_OWNER_H
#define TEST_PAGE_OWNER_H

#include <kalloc/reclaim.h>

#include "page/event.h"
#include "page/lru.h"
#include "rig.h"

#define OWNER_SLOTS 4096

struct owner {
	struct kalloc_mapping mapping;
	struct page *slot[OWNER_SLOTS];
	unsigned int nr; /* slots in use or used once */
	unsigned int nr_written;
	unsigned int nr_evicted;
	bool refuses; /* to write */
	void (*hook)(struct owner *owner, struct page *page);
};

static inline struct owner *owner_of(struct kalloc_mapping *mapping)
{
	return mapping->ctx;
}

static inline int owner_write(struct kalloc_mapping *mapping, struct page *page)
{
	struct owner *owner = owner_of(mapping);

	assert_true(kalloc_task()->flags & PF_MEMALLOC);
	owner->nr_written++;
	if (owner->hook)
		owner->hook(owner, page);
	return owner->refuses ? -EIO : 0;
}

static inline void owner_evicted(struct kalloc_mapping *mapping, struct page *page)
{
	struct owner *owner = owner_of(mapping);

	assert_ptr_equal(owner->slot[page->index], page);
	owner->slot[page->index] = NULL;
	owner->nr_evicted++;
}

static const struct kalloc_mapping_ops owner_ops = {
	.writeback = owner_write,
	.evicted = owner_evicted,
};

static inline void owner_init(struct owner *owner)
{
	*owner = (struct owner){ .mapping = { .ops = &owner_ops, .ctx = owner } };
}

/* A machine whose marks stay what they are: mixed pageblocks raise nothing. */
static inline struct rig rig_up_unboosted(const char *cmdline)
{
	struct rig rig = rig_up(cmdline);

	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	return rig;
}

/* Put @page on the lists. */
static inline void owner_add(struct owner *owner, struct page *page, enum kalloc_page_kind kind)
{
	assert_true(owner->nr < OWNER_SLOTS);
	page->index = owner->nr;
	owner->slot[owner->nr++] = page;
	kalloc_lru_add(page, &owner->mapping, kind);
}

/* Put the first @nr of the single frames in @taken on the lists. */
static inline void owner_add_list(struct owner *owner, struct list_head *taken, unsigned int nr,
				  enum kalloc_page_kind kind)
{
	while (nr--) {
		struct page *page = list_first_entry(taken, struct page, lru);

		list_del(&page->lru);
		owner_add(owner, page, kind);
	}
}

static inline unsigned int owner_left(const struct owner *owner)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < owner->nr; i++)
		nr += owner->slot[i] != NULL;
	return nr;
}

/* Take back and free all that is left. */
static inline void owner_fini(struct owner *owner)
{
	for (unsigned int i = 0; i < owner->nr; i++) {
		if (!owner->slot[i])
			continue;
		assert_true(kalloc_lru_remove(owner->slot[i]));
		__free_page(owner->slot[i]);
	}
	owner->nr = 0;
}

/* All LRU lists are whole, and hold @nr pages with none isolated. */
static inline void lru_check(const struct rig *rig, unsigned long nr)
{
	unsigned long found = 0;
	struct node *node;

	for_each_node(node, rig->m->page) {
		assert_true(lru_ok(&node->lru));
		assert_int_equal(node->lru.nr_isolated[0], 0);
		assert_int_equal(node->lru.nr_isolated[1], 0);
		for (int i = 0; i < NR_LRU_LISTS; i++)
			found += node->lru.nr[i];
	}
	assert_int_equal(found, nr);
}

#endif
