/* SPDX-License-Identifier: MIT */
#include "task.h"

struct kalloc_task *kalloc_task(void)
{
	return &kalloc_self.task;
}
