/* SPDX-License-Identifier: MIT */
/* Parts that core/main.c boots and asks, and that need a kernel tree: there are none here. */
#include <linux/types.h>

#include "../../core/core.h"

void wait_boot(void)
{
}

void slab_boot(void)
{
}

void smp_boot(void)
{
}

void percpu_boot(void)
{
}

long percpu_live(void)
{
	return 0;
}

void task_boot(void)
{
}

void kthread_boot(void)
{
}
