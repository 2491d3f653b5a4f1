/* SPDX-License-Identifier: MIT */
#include "explain.h"
#include "fault.h"

void fault_set_nth(unsigned int nth)
{
	kalloc_self.fail_nth = nth;
	watch_update();
}

cold_path bool fault_count(gfp_t gfp)
{
	if (!kalloc_self.fail_nth || gfp & __GFP_NOFAIL || task_in_interrupt())
		return false;
	fault_set_nth(kalloc_self.fail_nth - 1);
	if (kalloc_self.fail_nth)
		return false;
	explain(.kind = KALLOC_NOTE_FAULT);
	return true;
}
