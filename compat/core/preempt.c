/* SPDX-License-Identifier: MIT */
/*
 * A preemption count that more is taken off than was put on: a lock that is let go of twice,
 * for instance. It stays what it was, as in a kernel that looks (CONFIG_DEBUG_PREEMPT).
 */
#include <linux/bug.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "core.h"

void kalloc_preempt_under(int n)
{
	kalloc_task()->preempt_count += (unsigned int)n;
	WARN_ONCE(1, "BUG: preempt count underflow: %s/%d/0x%08x - 0x%x\n", current->comm,
		  current->pid, (unsigned int)preempt_count(), (unsigned int)n);
}

#if defined(CONFIG_DEBUG_PREEMPT) || defined(CONFIG_TRACE_PREEMPT_TOGGLE)
/* These are functions then. */
void preempt_count_add(int n)
{
	__preempt_count_add(n);
}

void preempt_count_sub(int n)
{
	__preempt_count_sub(n);
}
#endif
