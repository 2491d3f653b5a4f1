/* SPDX-License-Identifier: MIT */
#include "machine.h"

/* Programs have these numbers in their code: they stay as long as the soname. */
#define STANDS_AT(type, member, at) _Static_assert(offsetof(struct type, member) == (at), "ABI")
STANDS_AT(kalloc_self, task.preempt_count, 4);
STANDS_AT(kalloc_self, current, 40);
STANDS_AT(kalloc_self, row, 48);
STANDS_AT(kalloc_self, area, 56);
STANDS_AT(kalloc_stack, owner, 0);
STANDS_AT(kalloc_stack, nr, 8);
STANDS_AT(kalloc_stack, most, 12);
STANDS_AT(kalloc_stack, slots, 16);
STANDS_AT(kalloc_area, cpu, 4);
STANDS_AT(kalloc_area, running, 8);
STANDS_AT(kalloc_space, start, 0);
STANDS_AT(kalloc_space, bytes, 8);
STANDS_AT(kalloc_space, classes, 16);
STANDS_AT(kalloc_space, fronts, 24);
STANDS_AT(kalloc_objects, space, 0);
STANDS_AT(kalloc_objects, small_class, 32);
STANDS_AT(kalloc_supply, fronts, 0);
STANDS_AT(kalloc_supply, nr, 8);
STANDS_AT(kalloc_supply, space, 16);
#undef STANDS_AT
_Static_assert(KALLOC_FRONT_BYTES == 64 && KALLOC_SMALL_SIZE == 1024 &&
		       sizeof(*((struct kalloc_space *)0)->classes) == 2,
	       "ABI");

struct kalloc_area self_no_area = { .cpu = -1 };

__thread struct kalloc_self kalloc_self = {
	.cpu = -1,
	.current = &machine_default_now,
	.area = &self_no_area,
	.no_area = { .cpu = -1 },
};
