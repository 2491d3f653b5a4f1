/* SPDX-License-Identifier: MIT */
/* Sequences where there can be none: they fail. The contract is in kalloc/stack.h. */

KALLOC_INLINED void *kalloc_sequence_pop(struct kalloc_stack *stack, struct kalloc_area *area)
{
	(void)stack;
	(void)area;
	return NULL;
}

KALLOC_INLINED bool kalloc_sequence_push(struct kalloc_stack *stack, struct kalloc_area *area,
					 void *object)
{
	(void)stack;
	(void)area;
	(void)object;
	return 0;
}
