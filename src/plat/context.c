/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "context.h"

#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "console.h"
#include "machine.h"

#define REPORT_MS 1000

void context_report(struct kalloc_machine *m, const char *file, int line)
{
	u64 before = READ_ONCE(m->context_report_ms), now = clock_ms();
	unsigned int count, depth;
	char rcu[48] = "";

	if (before && now - before < REPORT_MS)
		return;
	WRITE_ONCE(m->context_report_ms, now ?: 1);
	count = kalloc_self.task.preempt_count;
	depth = (count & KALLOC_RCU_MASK) / KALLOC_RCU_COUNT;
	if (depth)
		snprintf(rcu, sizeof(rcu), "RCU nest depth: %u, expected: 0\n", depth);
	console_print("BUG: sleeping function called from invalid context at %s:%d\n"
		      "in_atomic(): %d, irqs_disabled(): 0, non_block: %d, pid: %d, name: %s\n"
		      "preempt_count: %x, expected: 0\n%s",
		      file, line, task_is_atomic(), !!(count & KALLOC_NON_BLOCK), (int)getpid(),
		      task_name(), count & ~TASK_NO_COUNT, rcu);
}

gfp_t context_narrow(struct kalloc_machine *m, gfp_t gfp, const char *file, int line)
{
	if (task_must_not_sleep() && gfp & __GFP_DIRECT_RECLAIM)
		context_report(m, file, line);
	return current_gfp_context(gfp);
}
