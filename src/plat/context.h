/* SPDX-License-Identifier: MIT */
/*
 * What every layer does first at its public door: narrow the flags by the calling
 * thread's scopes, and report a request that may sleep where it must not. The request
 * then goes on, as in Linux. A thread in no scope and no atomic section pays one load
 * and one branch.
 *
 * A machine prints one report a second, as Linux does: a request that passes several
 * doors, and a loop of them, is reported once.
 *
 * Differs from Linux 6.1: there is one count for all kinds of atomic section, so
 * irqs_disabled() is always shown as 0; the line on RCU is shown in its sections only; held
 * locks and the call trace are left out.
 *
 * Source: might_alloc() of Linux 6.1 include/linux/sched/mm.h, __might_resched() of
 * kernel/sched/core.c.
 */
#ifndef PLAT_CONTEXT_H
#define PLAT_CONTEXT_H

#include <kalloc/context.h>

#include "base.h"
#include "task.h"

struct kalloc_machine;

/* The calling thread may be about to sleep at @file:@line, in atomic context. */
void context_report(struct kalloc_machine *m, const char *file, int line) __attribute__((__cold__));

gfp_t context_narrow(struct kalloc_machine *m, gfp_t gfp, const char *file, int line)
	__attribute__((__cold__));

static inline gfp_t context_gfp_at(struct kalloc_machine *m, gfp_t gfp, const char *file, int line)
{
	return task_is_plain() ? gfp : context_narrow(m, gfp, file, line);
}

/* Value: @gfp as the thread's scopes narrow it; reports if such a request must not be made. */
#define context_gfp(m, gfp) context_gfp_at(m, gfp, __FILE__, __LINE__)

/* Report if the calling thread must not sleep. @m is evaluated only then. */
#define context_might_sleep(m)                                 \
	do {                                                   \
		if (task_must_not_sleep())                     \
			context_report(m, __FILE__, __LINE__); \
	} while (0)

#endif
