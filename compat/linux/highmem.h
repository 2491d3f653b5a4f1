/* SPDX-License-Identifier: MIT */
/* Pages without an address: libkalloc's kmap (kalloc/page.h). */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/bug.h>
#include <linux/cacheflush.h>
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <linux/hardirq.h>
#include <linux/kmsan.h>
#include <kalloc/page.h>

/* In between a thread neither sleeps nor takes a fault at a user's address. */
static inline void *kalloc_kmap_atomic(struct page *page)
{
	preempt_disable();
	pagefault_disable();
	return kmap_local_page(page);
}

static inline void kalloc_kunmap_atomic(const void *addr)
{
	kunmap_local(addr);
	pagefault_enable();
	preempt_enable();
}

#undef kmap_atomic
#undef kunmap_atomic
#define kmap_atomic(page)   kalloc_kmap_atomic(page)
#define kunmap_atomic(addr) kalloc_kunmap_atomic(addr)

static inline void *kmap_local_folio(struct folio *folio, size_t offset)
{
	return kmap_local_page(&folio->page + (offset >> PAGE_SHIFT)) + offset_in_page(offset);
}

static inline void clear_highpage(struct page *page)
{
	void *addr = kmap_local_page(page);

	clear_page(addr);
	kunmap_local(addr);
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	void *source = kmap_local_page(from);
	void *target = kmap_local_page(to);

	copy_page(target, source);
	kunmap_local(target);
	kunmap_local(source);
}

static inline void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len)
{
	char *from = kmap_local_page(page);

	memcpy(to, from + offset, len);
	kunmap_local(from);
}

static inline void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len)
{
	char *to = kmap_local_page(page);

	memcpy(to + offset, from, len);
	kunmap_local(to);
}

static inline void memzero_page(struct page *page, size_t offset, size_t len)
{
	char *to = kmap_local_page(page);

	memset(to + offset, 0, len);
	kunmap_local(to);
}

#endif
