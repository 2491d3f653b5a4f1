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

#endif
