/* SPDX-License-Identifier: MIT */
#include "explain.h"
#include "fault.h"

void fault_set_nth(unsigned int nth)
{
	kalloc_self.fail_nth = nth;
	watch_update();
}

void kalloc_fail_by(bool (*fails)(gfp_t flags))
{
	kalloc_self.fails = fails;
	watch_update();
}

static bool is_nth(void)
{
	if (!kalloc_self.fail_nth)
		return false;
	fault_set_nth(kalloc_self.fail_nth - 1);
	return !kalloc_self.fail_nth;
}

cold_path bool fault_count(gfp_t gfp)
{
	if (gfp & __GFP_NOFAIL || task_in_interrupt())
		return false;
	if (!is_nth() && !(kalloc_self.fails && kalloc_self.fails(gfp)))
		return false;
	explain(.kind = KALLOC_NOTE_FAULT);
	return true;
}
