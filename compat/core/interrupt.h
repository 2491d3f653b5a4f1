/* SPDX-License-Identifier: MIT */
/*
 * What runs in a task of the layer's and would be an interrupt or a softirq in a kernel:
 * the counts of the task's context say so for as long as it lasts. A function that returns
 * with others is told, and they are put back.
 */
#ifndef KALLOC_KERNEL_INTERRUPT_H
#define KALLOC_KERNEL_INTERRUPT_H

#include <linux/bug.h>
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

/* @function of a @kind was called with this context. The words are a kernel's. */
static inline void context_restore(const char *kind, const void *function, int count,
				   unsigned long irqs)
{
	if (unlikely(preempt_count() != count)) {
		WARN_ONCE(1, "%s: %pS preempt leak: %08x -> %08x\n", kind, function, count,
			  preempt_count());
		preempt_count_set(count);
	}
	if (unlikely(arch_local_save_flags() != irqs)) {
		WARN_ONCE(1, "%s: %pS returned with interrupts %s\n", kind, function,
			  irqs ? "enabled" : "disabled");
		arch_local_irq_restore(irqs);
	}
}

/* A task is to be in no atomic section. */
static inline void context_clear(void)
{
	local_irq_enable();
	if (preempt_count())
		preempt_count_sub(preempt_count());
}

#endif
