/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include "stack.h"

void kalloc_observe(const struct kalloc_observer *observer)
{
	trace_observe(machine_current(), observer);
}

unsigned int kalloc_stack(unsigned long *entries, unsigned int most)
{
	stack_prepare();
	return stack_save_caller(entries, min(most, (unsigned int)STACK_DEPTH));
}
