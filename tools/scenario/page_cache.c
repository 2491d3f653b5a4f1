/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "memory.h"
#include "page_cache.h"

static int writeback(struct kalloc_mapping *mapping, struct page *page)
{
	struct page_cache *cache = mapping->ctx;

	cache->written++;
	return 0;
}

static void evicted(struct kalloc_mapping *mapping, struct page *page)
{
	struct page_cache *cache = mapping->ctx;

	cache->pages[page->index] = NULL;
	cache->resident--;
	cache->evicted++;
}

static void moved(struct kalloc_mapping *mapping, struct page *from, struct page *to)
{
	struct page_cache *cache = mapping->ctx;

	cache->pages[to->index] = to;
	cache->moved++;
}

static const struct kalloc_mapping_ops ops = {
	.writeback = writeback,
	.evicted = evicted,
	.moved = moved,
};

struct page_cache *page_cache_create(size_t nr, enum kalloc_page_kind kind, gfp_t gfp)
{
	struct page_cache *cache = memory_new(1, sizeof(*cache));

	cache->mapping = (struct kalloc_mapping){ .ops = &ops, .ctx = cache };
	cache->kind = kind;
	cache->nr = nr;
	cache->pages = memory_new(nr, sizeof(struct page *));
	for (size_t i = 0; i < nr; i++) {
		struct page *page = alloc_page(gfp);

		if (!page)
			break;
		page->index = i;
		cache->pages[i] = page;
		cache->resident++;
		kalloc_lru_add(page, &cache->mapping, kind);
	}
	return cache;
}

void page_cache_give_back(struct page_cache *cache)
{
	for (size_t i = 0; i < cache->nr; i++) {
		if (cache->pages[i] && kalloc_lru_remove(cache->pages[i]))
			__free_page(cache->pages[i]);
		cache->pages[i] = NULL;
	}
	cache->resident = 0;
	/* What lies in the swap space is needed no more. */
	if (cache->kind == KALLOC_PAGE_ANON)
		kalloc_swap_drop(cache->evicted);
}

void page_cache_fini(struct page_cache *cache)
{
	free(cache->pages);
	free(cache);
}
