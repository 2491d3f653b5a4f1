/* SPDX-License-Identifier: MIT */
/*
 * Fragments of pages: pieces of a block, cut from its end, each with a reference to it. The
 * cache has one more, pagecnt_bias, until the block has no room; then, if all fragments have
 * come back, it is cut anew. Blocks are single pages where there are no larger ones.
 */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>

/* An order that a request of a fragment's is not worth much trouble. */
#define LARGE_GFP (__GFP_COMP | __GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC)

static bool block_take(struct page_frag_cache *cache, gfp_t gfp)
{
	unsigned int order = get_order(PAGE_FRAG_CACHE_MAX_SIZE);
	struct page *page = alloc_pages((gfp & ~__GFP_DIRECT_RECLAIM) | LARGE_GFP, order);

	if (!page) {
		order = 0;
		page = alloc_page(gfp);
	}
	if (!page)
		return false;
	cache->va = page_address(page);
	cache->size = (u16)(PAGE_SIZE << order);
	cache->pagecnt_bias = 1;
	cache->pfmemalloc = page_is_pfmemalloc(page);
	return true;
}

/* Have a block that nothing has been cut from. */
static bool block_renew(struct page_frag_cache *cache, gfp_t gfp)
{
	if (!cache->va || page_ref_count(virt_to_page(cache->va)) != 1 || cache->pfmemalloc) {
		page_frag_cache_drain(cache);
		if (!block_take(cache, gfp))
			return false;
	}
	cache->offset = cache->size;
	return true;
}

void *__page_frag_alloc_align(struct page_frag_cache *cache, unsigned int bytes, gfp_t gfp,
			      unsigned int align_mask)
{
	if ((!cache->va || cache->offset < bytes) && !block_renew(cache, gfp))
		return NULL;
	if (cache->offset < bytes)
		return NULL; /* more than a block has */
	cache->offset = (u16)((cache->offset - bytes) & align_mask);
	get_page(virt_to_page(cache->va));
	return (char *)cache->va + cache->offset;
}
EXPORT_SYMBOL(__page_frag_alloc_align);

void page_frag_free(void *fragment)
{
	put_page(virt_to_page(fragment));
}
EXPORT_SYMBOL(page_frag_free);

/* Give back @count references to a block. */
void __page_frag_cache_drain(struct page *page, unsigned int count)
{
	while (count--)
		put_page(page);
}
EXPORT_SYMBOL(__page_frag_cache_drain);

void page_frag_cache_drain(struct page_frag_cache *cache)
{
	if (cache->va)
		__page_frag_cache_drain(virt_to_page(cache->va), cache->pagecnt_bias);
	cache->va = NULL;
}
EXPORT_SYMBOL(page_frag_cache_drain);
