/* SPDX-License-Identifier: MIT */
#include "machine.h"

struct kalloc_area self_no_area = { .cpu = -1 };

__thread struct kalloc_self kalloc_self = {
	.cpu = -1,
	.current = &machine_default_now,
	.area = &self_no_area,
	.no_area = { .cpu = -1 },
};
