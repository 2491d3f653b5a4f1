/* SPDX-License-Identifier: MIT */
/* Requests for frames: libkalloc's, under all the names that trees have for them. */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/gfp_types.h>
#include <linux/mmzone.h>
#include <linux/topology.h>
#include <kalloc/page.h>

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 10, 0)
#include <linux/alloc_tag.h>
#include <linux/sched.h>
#endif

/* From 6.10 each name has a twin that leaves no tag. There are no tags here. */
#define alloc_pages_noprof		 alloc_pages
#define alloc_pages_node_noprof		 alloc_pages_node
#define __alloc_pages_noprof		 __alloc_pages
#define folio_alloc_noprof		 folio_alloc
#define get_free_pages_noprof		 __get_free_pages
#define get_zeroed_page_noprof		 get_zeroed_page
#define alloc_pages_exact_noprof	 alloc_pages_exact
#define alloc_pages_exact_nid_noprof	 alloc_pages_exact_nid
#define alloc_page_noprof(gfp)		 alloc_pages((gfp), 0)

#define alloc_pages_bulk(gfp, nr, pages) alloc_pages_bulk_array((gfp), (nr), (pages))
#define alloc_pages_bulk_array_node(gfp, nid, nr, pages) \
	((void)(nid), alloc_pages_bulk_array((gfp), (nr), (pages)))

static inline struct page *__alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	return __alloc_pages(gfp, order, nid, NULL);
}

static inline int gfp_migratetype(gfp_t gfp)
{
	return (gfp & GFP_MOVABLE_MASK) >> 3;
}

static inline bool gfpflags_normal_context(const gfp_t gfp)
{
	return (gfp & (__GFP_DIRECT_RECLAIM | __GFP_MEMALLOC)) == __GFP_DIRECT_RECLAIM;
}

#define gfp_compaction_allowed(gfp) ((gfp)&__GFP_IO)

bool gfp_pfmemalloc_allowed(gfp_t gfp);

/* Fragments of pages. @align_mask: bits of the place that may be set. */
struct page_frag_cache;

void *__page_frag_alloc_align(struct page_frag_cache *cache, unsigned int bytes, gfp_t gfp,
			      unsigned int align_mask);
void page_frag_free(void *fragment);
void page_frag_cache_drain(struct page_frag_cache *cache);
void __page_frag_cache_drain(struct page *page, unsigned int count);

static inline void *page_frag_alloc(struct page_frag_cache *cache, unsigned int bytes, gfp_t gfp)
{
	return __page_frag_alloc_align(cache, bytes, gfp, ~0u);
}

/* @align: a power of two; before 6.9, the mask. */
static inline void *page_frag_alloc_align(struct page_frag_cache *cache, unsigned int bytes,
					  gfp_t gfp, unsigned int align)
{
	return __page_frag_alloc_align(cache, bytes, gfp,
				       KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 9, 0) ? -align
										       : align);
}

#endif
