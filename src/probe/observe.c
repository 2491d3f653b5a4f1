/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include "stack.h"

void kalloc_observe(const struct kalloc_observer *observer)
{
	WRITE_ONCE(machine_current()->observer, observer);
}

unsigned int kalloc_stack(unsigned long *entries, unsigned int most)
{
	stack_prepare();
	return stack_save_caller(entries, min(most, (unsigned int)STACK_DEPTH));
}
