/* SPDX-License-Identifier: MIT */
/* Memory management, as far as there is any outside a kernel. */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/errno.h>
#include <linux/mmdebug.h>
#include <linux/gfp.h>
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/mmzone.h>
#include <linux/rbtree.h>
#include <linux/atomic.h>
#include <linux/debug_locks.h>
#include <linux/mm_types.h>
#include <linux/bit_spinlock.h>
#include <linux/shrinker.h>
#include <linux/resource.h>
#include <linux/err.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <kalloc/page.h>

#define offset_in_page(p)	  ((unsigned long)(p) & ~PAGE_MASK)
#define offset_in_folio(folio, p) ((unsigned long)(p) & (folio_size(folio) - 1))
#define PAGE_ALIGNED(addr)	  IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr)	  ALIGN_DOWN((addr), PAGE_SIZE)
#define virt_to_head_page(x)	  compound_head(virt_to_page(x))
#define virt_to_folio(x)	  page_folio(virt_to_page(x))
#define nth_page(page, n)	  ((page) + (n))
#define folio_page(folio, n)	  (&(folio)->page + (n))
#define mem_dump_obj(object)	  ((void)(object))
#define page_to_phys(page)	  ((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
#define lowmem_page_address(page) page_address(page)

static inline size_t folio_size(struct folio *folio)
{
	return PAGE_SIZE << compound_order(&folio->page);
}

static inline void *folio_address(const struct folio *folio)
{
	return page_address(&folio->page);
}

static inline unsigned long page_size(struct page *page)
{
	return PAGE_SIZE << compound_order(page);
}

static inline bool is_vmalloc_or_module_addr(const void *x)
{
	return is_vmalloc_addr(x);
}

static inline unsigned long totalram_pages(void)
{
	extern unsigned long kalloc_totalram_pages(void);

	return kalloc_totalram_pages();
}

static inline bool page_is_pfmemalloc(const struct page *page)
{
	return false;
}

static inline bool want_init_on_alloc(gfp_t flags)
{
	return flags & __GFP_ZERO;
}

static inline bool want_init_on_free(void)
{
	return false;
}

/* The kernel's text is not in anybody's address space. */
static inline int in_gate_area_no_mm(unsigned long addr)
{
	return 0;
}

static inline int get_cmdline(struct task_struct *task, char *buf, int bytes)
{
	return 0;
}

static inline int __vm_enough_memory(struct mm_struct *mm, long pages, int cap_sys_admin)
{
	return 0;
}

static inline void sync_mm_rss(struct mm_struct *mm)
{
}

struct sysinfo;
void si_meminfo(struct sysinfo *info);

#endif
