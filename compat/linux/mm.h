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
#include <linux/mmap_lock.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>
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

static inline void page_mapcount_reset(struct page *page)
{
	atomic_set(&page->_mapcount, -1);
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

static inline unsigned int folio_order(struct folio *folio)
{
	return compound_order(&folio->page);
}

static inline long folio_nr_pages(struct folio *folio)
{
	return 1L << folio_order(folio);
}

static inline unsigned long folio_page_idx(const struct folio *folio, const struct page *page)
{
	return (unsigned long)(page - &folio->page);
}

static inline struct folio *folio_next(struct folio *folio)
{
	return (struct folio *)(&folio->page + folio_nr_pages(folio));
}

static inline unsigned long folio_pfn(struct folio *folio)
{
	return page_to_pfn(&folio->page);
}

static inline void folio_get(struct folio *folio)
{
	get_page(&folio->page);
}

static inline int thp_order(struct page *page)
{
	return (int)compound_order(page);
}

static inline int thp_nr_pages(struct page *page)
{
	return 1 << thp_order(page);
}

static inline bool folio_is_pfmemalloc(const struct folio *folio)
{
	return false;
}

static inline bool is_zone_device_page(const struct page *page)
{
	return false;
}

#define zone_device_pages_have_same_pgmap(a, b) ((void)(a), (void)(b), true)

static inline void release_pages(struct page **pages, int nr)
{
	while (nr-- > 0)
		put_page(pages[nr]);
}

static inline bool vma_is_anonymous(struct vm_area_struct *vma)
{
	return !vma->vm_ops;
}

static inline int page_is_ram(unsigned long pfn)
{
	return pfn_valid(pfn);
}

static inline void set_vm_flush_reset_perms(void *addr)
{
}

/* What a process has mapped, and how: for those who only pass it on. */
#define VM_NONE		0x00000000
#define VM_READ		0x00000001
#define VM_WRITE	0x00000002
#define VM_EXEC		0x00000004
#define VM_SHARED	0x00000008
#define VM_MAYREAD	0x00000010
#define VM_MAYWRITE	0x00000020
#define VM_MAYEXEC	0x00000040
#define VM_MAYSHARE	0x00000080
#define VM_GROWSDOWN	0x00000100
#define VM_PFNMAP	0x00000400
#define VM_LOCKED	0x00002000
#define VM_IO		0x00004000
#define VM_DONTCOPY	0x00020000
#define VM_DONTEXPAND	0x00040000
#define VM_SYNC		0x00800000

#define FOLL_WRITE	0x01
#define FOLL_GET	0x04
#define FOLL_PCI_P2PDMA 0x100000
#define FOLL_NOFAULT	0x80000

/* The pages behind a user's addresses: users have none here. */
static inline int get_user_pages_fast(unsigned long start, int nr, unsigned int flags,
				      struct page **pages)
{
	return -EFAULT;
}

static inline int pin_user_pages_fast(unsigned long start, int nr, unsigned int flags,
				      struct page **pages)
{
	return -EFAULT;
}

static inline void unpin_user_page(struct page *page)
{
	put_page(page);
}

static inline unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long bytes,
				    unsigned long prot, unsigned long flags, unsigned long offset)
{
	return (unsigned long)-ENODEV;
}

static inline int vm_munmap(unsigned long addr, size_t bytes)
{
	return -EINVAL;
}

struct sysinfo;
void si_meminfo(struct sysinfo *info);

#endif
