/* SPDX-License-Identifier: MIT */
/* What kernel code may ask of a page here: libkalloc's (kalloc/page.h), and a few flags. */
#ifndef PAGE_FLAGS_H
#define PAGE_FLAGS_H

#include <linux/types.h>
#include <linux/bug.h>
#include <linux/mmdebug.h>
#include <linux/mm_types.h>
#include <kalloc/page.h>

#define PageHighMem(page) (page_zonenum(page) == ZONE_HIGHMEM)

#define PG_locked	  0
#define NR_PAGEFLAGS	  32
#define PAGEFLAGS_MASK	  ((1UL << NR_PAGEFLAGS) - 1)

static inline int PageLocked(const struct page *page)
{
	return (int)(READ_ONCE(compound_head(page)->flags) & 1);
}

/* Pages are never of a file, of a device or mapped by a process. */
#define PageUptodate(page)	  ((void)(page), 1)
#define PageAnon(page)		  ((void)(page), 0)
#define PageHuge(page)		  ((void)(page), 0)
#define folio_test_hugetlb(folio) ((void)(folio), 0)
#define PageSwapCache(page)	  ((void)(page), 0)
#define PageReserved(page)	  ((void)(page), 0)
#define PageTransHuge(page)	  PageHead(page)
#define PageTransTail(page)	  PageTail(page)

static inline bool folio_test_large(const struct folio *folio)
{
	return PageHead(&folio->page);
}

static inline bool folio_test_uptodate(const struct folio *folio)
{
	return true;
}

static inline bool folio_test_slab(const struct folio *folio)
{
	return PageSlab(&folio->page);
}

static inline bool folio_test_highmem(const struct folio *folio)
{
	return PageHighMem(&folio->page);
}

#endif
