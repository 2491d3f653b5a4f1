/* SPDX-License-Identifier: MIT */
/*
 * What runs in a task of the layer's and would be an interrupt or a softirq in a kernel:
 * the counts of the task's context say so for as long as it lasts.
 */
#ifndef KALLOC_KERNEL_INTERRUPT_H
#define KALLOC_KERNEL_INTERRUPT_H

#include <linux/irqflags.h>
#include <linux/preempt.h>

static inline void softirq_begin(void)
{
	preempt_count_add(SOFTIRQ_OFFSET);
}

static inline void softirq_end(void)
{
	preempt_count_sub(SOFTIRQ_OFFSET);
}

static inline void hardirq_begin(void)
{
	local_irq_disable();
	preempt_count_add(HARDIRQ_OFFSET);
}

static inline void hardirq_end(void)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	local_irq_enable();
}

#endif
