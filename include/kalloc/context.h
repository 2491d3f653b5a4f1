/* SPDX-License-Identifier: MIT */
/*
 * The context that an allocation is made in: may the caller sleep, may reclaim on
 * its behalf start I/O or call the file system, may it use the reserves. Linux
 * keeps this in the current task; here each thread has a struct kalloc_task.
 *
 * Every layer honours it: the flags of a request are narrowed by the scopes below
 * before anything is done with them, and a request that may sleep, made in atomic
 * context, is reported ("BUG: sleeping function called from invalid context").
 */
#ifndef KALLOC_CONTEXT_H
#define KALLOC_CONTEXT_H

#include <kalloc/gfp.h>

/* Task flags, with Linux 6.1's values. */
#ifndef PF_MEMALLOC
#define PF_MEMALLOC	 0x00000800 /* may use the reserves, must not reclaim */
#define PF_KSWAPD	 0x00020000 /* is kswapd */
#define PF_MEMALLOC_NOFS 0x00040000 /* GFP_NOFS for everything */
#define PF_MEMALLOC_NOIO 0x00080000 /* GFP_NOIO for everything */
#define PF_MEMALLOC_PIN	 0x10000000 /* not from zone MOVABLE */
#endif

/* One thread, as the allocators see it. `current` of the compat layer. */
struct kalloc_task {
	unsigned int flags;	    /* PF_* */
	unsigned int preempt_count; /* depth of atomic sections, and what is named below */
	const void *shrinker;	    /* the library's own: whose call is under way */
	char comm[16];		    /* its name in reports; "": "kalloc" */
};

/* What an interrupt handler adds to preempt_count; any of KALLOC_IRQ_MASK: in one. */
#define KALLOC_IRQ_COUNT 0x00010000u
#define KALLOC_IRQ_MASK	 0x00ffff00u

/* Beside the count: no request goes by what is inline, since somebody counts them. */
#define KALLOC_WATCHED 0x80000000u

/*
 * Beside the count, for who may be preempted and must not sleep: depth of the sections of RCU's
 * readers, at most KALLOC_RCU_MASK / KALLOC_RCU_COUNT, and a section of non_block_start().
 */
#define KALLOC_RCU_COUNT 0x01000000u
#define KALLOC_RCU_MASK	 0x1f000000u
#define KALLOC_NON_BLOCK 0x20000000u

KALLOC_BEGIN_DECLS

/** kalloc_task() - the calling thread's own; never NULL, valid until the thread ends */
KALLOC_API struct kalloc_task *kalloc_task(void);

/**
 * kalloc_atomic_enter() - from here on the calling thread must not sleep
 *
 * What spin_lock, preempt_disable and interrupt handlers come down to. Nests.
 */
static inline void kalloc_atomic_enter(void)
{
	kalloc_task()->preempt_count++;
}

/** kalloc_atomic_leave() - undo one kalloc_atomic_enter() */
static inline void kalloc_atomic_leave(void)
{
	kalloc_task()->preempt_count--;
}

/**
 * kalloc_irq_enter() - from here on the calling thread is in an interrupt handler
 *
 * An atomic section that vfree() may be called from, too. Nests.
 */
static inline void kalloc_irq_enter(void)
{
	kalloc_task()->preempt_count += KALLOC_IRQ_COUNT;
}

/** kalloc_irq_leave() - undo one kalloc_irq_enter() */
static inline void kalloc_irq_leave(void)
{
	kalloc_task()->preempt_count -= KALLOC_IRQ_COUNT;
}

/* Set a task flag. Return: whether it was set before, for kalloc_scope_leave(). */
static inline unsigned int kalloc_scope_enter(unsigned int flag)
{
	struct kalloc_task *task = kalloc_task();
	unsigned int before = task->flags & flag;

	task->flags |= flag;
	return before;
}

static inline void kalloc_scope_leave(unsigned int flag, unsigned int before)
{
	struct kalloc_task *task = kalloc_task();

	task->flags = (task->flags & ~flag) | before;
}

/*
 * memalloc_*_save() - open a scope for the calling thread; the value returned goes
 * to the matching restore. Scopes nest.
 *   noio       requests act as GFP_NOIO (without __GFP_IO and __GFP_FS)
 *   nofs       requests act as GFP_NOFS (without __GFP_FS)
 *   noreclaim  requests may use the reserves and never reclaim (PF_MEMALLOC)
 *   pin        requests do not use zone MOVABLE (without __GFP_MOVABLE)
 */
static inline unsigned int memalloc_noio_save(void)
{
	return kalloc_scope_enter(PF_MEMALLOC_NOIO);
}

static inline void memalloc_noio_restore(unsigned int flags)
{
	kalloc_scope_leave(PF_MEMALLOC_NOIO, flags);
}

static inline unsigned int memalloc_nofs_save(void)
{
	return kalloc_scope_enter(PF_MEMALLOC_NOFS);
}

static inline void memalloc_nofs_restore(unsigned int flags)
{
	kalloc_scope_leave(PF_MEMALLOC_NOFS, flags);
}

static inline unsigned int memalloc_noreclaim_save(void)
{
	return kalloc_scope_enter(PF_MEMALLOC);
}

static inline void memalloc_noreclaim_restore(unsigned int flags)
{
	kalloc_scope_leave(PF_MEMALLOC, flags);
}

static inline unsigned int memalloc_pin_save(void)
{
	return kalloc_scope_enter(PF_MEMALLOC_PIN);
}

static inline void memalloc_pin_restore(unsigned int flags)
{
	kalloc_scope_leave(PF_MEMALLOC_PIN, flags);
}

/** current_gfp_context() - @flags as the calling thread's scopes narrow them */
static inline gfp_t current_gfp_context(gfp_t flags)
{
	unsigned int scopes = kalloc_task()->flags;

	if (scopes & PF_MEMALLOC_NOIO)
		flags &= ~(__GFP_IO | __GFP_FS);
	else if (scopes & PF_MEMALLOC_NOFS)
		flags &= ~__GFP_FS;
	if (scopes & PF_MEMALLOC_PIN)
		flags &= ~__GFP_MOVABLE;
	return flags;
}

KALLOC_END_DECLS

#endif
