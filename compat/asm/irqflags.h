/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of the calling thread's virtual CPU. As a rule there are none to keep out, as
 * no other thread is on that CPU; what counts is that a thread which has disabled them is in
 * atomic context, where an allocation that may sleep is reported. Where functions are called
 * on other CPUs (asm/gate.h), they are what is kept out.
 */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

#include <asm/gate.h>
#include <kalloc/context.h>

/* In the context's preempt_count, above all that the kernel counts there. */
#define KALLOC_IRQS_OFF 0x40000000u

static inline unsigned long arch_local_save_flags(void)
{
	return kalloc_task()->preempt_count & KALLOC_IRQS_OFF;
}

/* What stands in the context's word beside the kernel's counts and that. */
#define KALLOC_NO_SECTION (KALLOC_WATCHED | KALLOC_RCU_MASK | KALLOC_NON_BLOCK)

/* In atomic context: a reader of RCU's, for one, is not. */
static inline int kalloc_is_atomic(struct kalloc_task *task)
{
	return (task->preempt_count & ~KALLOC_NO_SECTION) != 0;
}

static inline void kalloc_irqs_off(struct kalloc_task *task)
{
	if (!kalloc_is_atomic(task))
		kalloc_section_begin();
	if (KALLOC_HAS_GATES)
		kalloc_gate_irqs_off();
	task->preempt_count |= KALLOC_IRQS_OFF;
}

static inline void kalloc_irqs_on(struct kalloc_task *task)
{
	task->preempt_count &= ~KALLOC_IRQS_OFF;
	if (KALLOC_HAS_GATES)
		kalloc_gate_irqs_on();
	if (!kalloc_is_atomic(task))
		kalloc_section_end();
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	struct kalloc_task *task = kalloc_task();

	if (flags == (task->preempt_count & KALLOC_IRQS_OFF))
		return;
	if (flags)
		kalloc_irqs_off(task);
	else
		kalloc_irqs_on(task);
}

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = arch_local_save_flags();

	if (!flags)
		kalloc_irqs_off(kalloc_task());
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
