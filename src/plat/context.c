/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "context.h"

#include <unistd.h>

#include "clock.h"
#include "console.h"
#include "machine.h"

#define REPORT_MS 1000

void context_report(struct kalloc_machine *m, const char *file, int line)
{
	u64 before = READ_ONCE(m->context_report_ms), now = clock_ms();

	if (before && now - before < REPORT_MS)
		return;
	WRITE_ONCE(m->context_report_ms, now ?: 1);
	console_print("BUG: sleeping function called from invalid context at %s:%d\n"
		      "in_atomic(): %d, irqs_disabled(): 0, non_block: 0, pid: %d, name: %s\n"
		      "preempt_count: %x, expected: 0\n",
		      file, line, task_is_atomic(), (int)getpid(), task_name(),
		      kalloc_self.task.preempt_count & ~KALLOC_WATCHED);
}

gfp_t context_narrow(struct kalloc_machine *m, gfp_t gfp, const char *file, int line)
{
	if (task_is_atomic() && gfp & __GFP_DIRECT_RECLAIM)
		context_report(m, file, line);
	return current_gfp_context(gfp);
}
