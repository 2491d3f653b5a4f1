/* SPDX-License-Identifier: MIT */
#include "task.h"

__thread struct kalloc_task task_self __attribute__((tls_model("initial-exec")));

struct kalloc_task *kalloc_task(void)
{
	return &task_self;
}
