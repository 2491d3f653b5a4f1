/* SPDX-License-Identifier: MIT */
/* Pages without an address: libkalloc's kmap. */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/preempt.h>

/* In between a thread must not sleep. */
static inline void *kalloc_kmap_atomic(struct page *page)
{
	preempt_disable();
	return kmap_local_page(page);
}

static inline void kalloc_kunmap_atomic(const void *addr)
{
	kunmap_local(addr);
	preempt_enable();
}

#undef kmap_atomic
#undef kunmap_atomic
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(3, 4, 0)
#define kmap_atomic(page, type)	  kalloc_kmap_atomic(page)
#define kunmap_atomic(addr, type) kalloc_kunmap_atomic(addr)
#else
#define kmap_atomic(page)   kalloc_kmap_atomic(page)
#define kunmap_atomic(addr) kalloc_kunmap_atomic(addr)
#endif

#endif
