/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's allocation context (kalloc/context.h), as every layer asks
 * for it. A thread in no scope and no atomic section is plain: its flags and count
 * are 0, which is one load and one branch on a hot path.
 *
 * What a layer does at its public door is in plat/context.h.
 */
#ifndef BASE_TASK_H
#define BASE_TASK_H

#include <kalloc/context.h>

#include "base.h"
#include "self.h"

/* What current_gfp_context() looks at. */
#define TASK_SCOPES (PF_MEMALLOC_NOFS | PF_MEMALLOC_NOIO | PF_MEMALLOC_PIN)

/* Flags and preempt_count side by side, to be loaded as one word. */
_Static_assert(offsetof(struct kalloc_task, flags) == 0 &&
		       offsetof(struct kalloc_task, preempt_count) == sizeof(u32),
	       "one word");

static inline u64 task_word(const struct kalloc_task *task)
{
	u64 word;

	memcpy(&word, task, sizeof(word));
	return word;
}

/* In no section that nobody may sleep in, in no scope that narrows flags, and not watched. */
static inline bool task_is_plain(void)
{
	const struct kalloc_task notable = { .flags = TASK_SCOPES, .preempt_count = ~0u };

	return likely(!(task_word(&kalloc_self.task) & task_word(&notable)));
}

/* @gfp as the thread's scopes narrow it. */
static inline gfp_t task_gfp(gfp_t gfp)
{
	return unlikely(kalloc_self.task.flags & TASK_SCOPES) ? current_gfp_context(gfp) : gfp;
}

/* What else stands in preempt_count. */
#define TASK_NO_COUNT (KALLOC_WATCHED | KALLOC_RCU_MASK | KALLOC_NON_BLOCK)

static inline bool task_is_atomic(void)
{
	return unlikely((kalloc_self.task.preempt_count & ~TASK_NO_COUNT) != 0);
}

/* In an atomic section, or another that nobody may sleep in. */
static inline bool task_must_not_sleep(void)
{
	return unlikely((kalloc_self.task.preempt_count & ~KALLOC_WATCHED) != 0);
}

static inline bool task_is_watched(void)
{
	return unlikely((kalloc_self.task.preempt_count & KALLOC_WATCHED) != 0);
}

/* In no section that nobody may sleep in, and not watched. */
static inline bool task_is_unmarked(void)
{
	return likely(kalloc_self.task.preempt_count == 0);
}

static inline bool task_in_interrupt(void)
{
	return unlikely(kalloc_self.task.preempt_count & KALLOC_IRQ_MASK);
}

static inline const char *task_name(void)
{
	return kalloc_self.task.comm[0] ? kalloc_self.task.comm : "kalloc";
}

#endif
