/* SPDX-License-Identifier: MIT */
/* struct page is libkalloc's. Address spaces of processes there are none. */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/mm_types_task.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/rbtree.h>
#include <linux/maple_tree.h>
#include <linux/rwsem.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/uprobes.h>
#include <linux/rcupdate.h>
#include <linux/page-flags-layout.h>
#include <linux/workqueue.h>
#include <linux/seqlock.h>
#include <linux/percpu_counter.h>
#include <kalloc/page.h>

typedef unsigned int vm_fault_t;
typedef unsigned long vm_flags_t;

enum vm_fault_reason {
	VM_FAULT_OOM = 0x1,
	VM_FAULT_SIGBUS = 0x2,
	VM_FAULT_MAJOR = 0x4,
	VM_FAULT_NOPAGE = 0x100,
	VM_FAULT_LOCKED = 0x200,
	VM_FAULT_RETRY = 0x400,
};

/* A place in swap space, of which there is none. */
typedef struct kalloc_swap_entry swp_entry_t;

#ifndef PAGE_FRAG_CACHE_MAX_SIZE
#define PAGE_FRAG_CACHE_MAX_SIZE  (32 * 1024)
#define PAGE_FRAG_CACHE_MAX_ORDER get_order(PAGE_FRAG_CACHE_MAX_SIZE)
#endif

/* See core/page_frag.c. */
struct page_frag_cache {
	void *va;
	u16 offset, size;
	unsigned int pagecnt_bias;
	bool pfmemalloc;
};

/* What others are handed only. */
struct folio_batch;
struct vm_fault;
struct vm_operations_struct;

struct vm_userfaultfd_ctx {
};

struct mm_struct {
	atomic_t mm_users;
	atomic_t mm_count;
	struct rw_semaphore mmap_lock;
	unsigned long flags;
};

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	unsigned long vm_flags;
	unsigned long vm_pgoff;
	struct file *vm_file;
	void *vm_private_data;
	const struct vm_operations_struct *vm_ops;
};

#define page_private(page)	  ((page)->private)
#define set_page_private(page, v) ((page)->private = (v))

#endif
