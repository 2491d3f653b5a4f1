/* SPDX-License-Identifier: MIT */
/* There is no page cache: whoever looks for a page in it finds none. */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/mm.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/highmem.h>
#include <linux/compiler.h>
#include <linux/uaccess.h>
#include <linux/gfp.h>
#include <linux/bitops.h>
#include <linux/hardirq.h>
#include <linux/hugetlb_inline.h>
#include <linux/wait_bit.h>

static inline gfp_t mapping_gfp_mask(const struct address_space *mapping)
{
	return mapping->gfp_mask;
}

/* A lock that its holder may sleep with. */
static inline int trylock_page(struct page *page)
{
	return !test_and_set_bit_lock(PG_locked, &compound_head(page)->flags);
}

static inline void lock_page(struct page *page)
{
	wait_on_bit_lock(&compound_head(page)->flags, PG_locked, TASK_UNINTERRUPTIBLE);
}

static inline void unlock_page(struct page *page)
{
	clear_and_wake_up_bit(PG_locked, &compound_head(page)->flags);
}

static inline void wait_on_page_locked(struct page *page)
{
	wait_on_bit(&compound_head(page)->flags, PG_locked, TASK_UNINTERRUPTIBLE);
}

/* How many bytes of a user's memory are not there. */
static inline size_t fault_in_readable(const char __user *addr, size_t size)
{
	return 0;
}

static inline size_t fault_in_writeable(char __user *addr, size_t size)
{
	return 0;
}

static inline size_t fault_in_safe_writeable(const char __user *addr, size_t size)
{
	return 0;
}

static inline struct page *find_get_page(struct address_space *mapping, pgoff_t index)
{
	return NULL;
}

static inline loff_t folio_pos(struct folio *folio)
{
	return (loff_t)folio->page.index << PAGE_SHIFT;
}

static inline struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	return KALLOC_LINUX_VERSION < KERNEL_VERSION(6, 4, 0) ? NULL : ERR_PTR(-ENOENT);
}

/* The page of @head, which is at index @head->index, that is at @index. */
static inline struct page *find_subpage(struct page *head, pgoff_t index)
{
	return head + (index & (unsigned long)(thp_nr_pages(head) - 1));
}

#endif
