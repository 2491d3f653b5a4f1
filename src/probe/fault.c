/* SPDX-License-Identifier: MIT */
#include "fault.h"

void fault_set_nth(unsigned int nth)
{
	kalloc_self.fail_nth = nth;
	if (nth)
		kalloc_self.task.preempt_count |= KALLOC_WATCHED;
	else
		kalloc_self.task.preempt_count &= ~KALLOC_WATCHED;
}

cold_path bool fault_count(gfp_t gfp)
{
	/* A daemon's turn puts back the mark that the thread had before (page/kswapd.c). */
	if (!kalloc_self.fail_nth || gfp & __GFP_NOFAIL || task_in_interrupt())
		return false;
	fault_set_nth(kalloc_self.fail_nth - 1);
	return !kalloc_self.fail_nth;
}
