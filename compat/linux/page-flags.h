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
#define PG_private	  13
#define NR_PAGEFLAGS	  32
#define PAGEFLAGS_MASK	  ((1UL << NR_PAGEFLAGS) - 1)

static inline int PageLocked(const struct page *page)
{
	return (int)(READ_ONCE(compound_head(page)->flags) & 1);
}

/* The owner's own mark. */
static inline int PagePrivate(const struct page *page)
{
	return test_bit(PG_private, &page->flags);
}

static inline void SetPagePrivate(struct page *page)
{
	set_bit(PG_private, &page->flags);
}

static inline void ClearPagePrivate(struct page *page)
{
	clear_bit(PG_private, &page->flags);
}

/* Whose a page is, in the topmost byte of page_type; what is below is the owner's. */
#define PGTY_zsmalloc 0xf6u

static inline int PageZsmalloc(const struct page *page)
{
	return READ_ONCE(page->page_type) >> 24 == PGTY_zsmalloc;
}

static inline void __SetPageZsmalloc(struct page *page)
{
	page->page_type = PGTY_zsmalloc << 24;
}

static inline void __ClearPageZsmalloc(struct page *page)
{
	page->page_type = ~0u;
}

/* As libkalloc keeps it: somebody is about to move the page. */
static inline int PageIsolated(const struct page *page)
{
	return ((unsigned long)READ_ONCE(page->mapping) & 7) == 6;
}

/* ... may, as its owner wants it. */
static inline int PageMovable(const struct page *page)
{
	unsigned long mapping = (unsigned long)READ_ONCE(page->mapping);

	return (mapping & 3) == 2 && mapping > 7;
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
