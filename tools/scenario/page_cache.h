/* SPDX-License-Identifier: MIT */
/*
 * A page cache: simulated pages of one file, or of one process, on the LRU lists. Reclaim
 * takes some away, compaction moves them; the owner follows and counts. A slot of `pages`
 * that has lost its page is NULL; page->index is the slot.
 */
#ifndef SCENARIO_PAGE_CACHE_H
#define SCENARIO_PAGE_CACHE_H

#include <kalloc/reclaim.h>

struct page_cache {
	struct kalloc_mapping mapping;
	enum kalloc_page_kind kind;
	struct page **pages;
	size_t nr;
	unsigned long resident, written, evicted, moved;
};

/* As many of @nr pages as there are, by requests with @gfp. */
struct page_cache *page_cache_create(size_t nr, enum kalloc_page_kind kind, gfp_t gfp);

/* Take the pages off the lists and free them. The object stays, for its counts. */
void page_cache_give_back(struct page_cache *cache);

void page_cache_fini(struct page_cache *cache);

#endif
