/* SPDX-License-Identifier: MIT */
/* The allocation scopes are libkalloc's (kalloc/context.h). No process has memory of its own. */
#ifndef _LINUX_SCHED_MM_H
#define _LINUX_SCHED_MM_H

#include <linux/kernel.h>
#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/mm_types.h>
#include <linux/gfp.h>
#include <linux/sync_core.h>
#include <kalloc/context.h>

/* The scopes of 6.9: several task flags at once. Value: those that were not set before. */
static inline unsigned int memalloc_flags_save(unsigned int flags)
{
	struct kalloc_task *task = kalloc_task();
	unsigned int added = ~task->flags & flags;

	task->flags |= flags;
	return added;
}

static inline void memalloc_flags_restore(unsigned int flags)
{
	kalloc_task()->flags &= ~flags;
}

static inline void might_alloc(gfp_t gfp)
{
	might_sleep_if(gfpflags_allow_blocking(gfp));
}

static inline void fs_reclaim_acquire(gfp_t gfp)
{
}

static inline void fs_reclaim_release(gfp_t gfp)
{
}

static inline void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}

static inline void mmdrop(struct mm_struct *mm)
{
	atomic_dec(&mm->mm_count);
}

static inline void mmgrab_lazy_tlb(struct mm_struct *mm)
{
	mmgrab(mm);
}

static inline void mmdrop_lazy_tlb(struct mm_struct *mm)
{
	mmdrop(mm);
}

static inline void membarrier_update_current_mm(struct mm_struct *mm)
{
}

static inline struct mem_cgroup *set_active_memcg(struct mem_cgroup *memcg)
{
	return NULL;
}

#endif
