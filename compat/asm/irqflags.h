/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of the calling thread's virtual CPU. There are none to keep out: no other
 * thread is on that CPU. What counts is that a thread which has disabled them is in atomic
 * context, where an allocation that may sleep is reported.
 */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

#include <kalloc/context.h>

/* In the context's preempt_count, above all that the kernel counts there. */
#define KALLOC_IRQS_OFF 0x40000000u

static inline unsigned long arch_local_save_flags(void)
{
	return kalloc_task()->preempt_count & KALLOC_IRQS_OFF;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	struct kalloc_task *task = kalloc_task();

	task->preempt_count = (task->preempt_count & ~KALLOC_IRQS_OFF) | (unsigned int)flags;
}

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = arch_local_save_flags();

	kalloc_task()->preempt_count |= KALLOC_IRQS_OFF;
	return flags;
}

static inline void arch_local_irq_disable(void)
{
	arch_local_irq_restore(KALLOC_IRQS_OFF);
}

static inline void arch_local_irq_enable(void)
{
	arch_local_irq_restore(0);
}

static inline int arch_irqs_disabled_flags(unsigned long flags)
{
	return flags != 0;
}

static inline int arch_irqs_disabled(void)
{
	return arch_irqs_disabled_flags(arch_local_save_flags());
}

#endif
