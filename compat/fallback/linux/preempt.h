/* SPDX-License-Identifier: MIT */
/*
 * Atomic context. Nobody is preempted and there are no interrupts; what counts is that a
 * thread in such a section must not sleep, which is reported.
 */
#ifndef __LINUX_PREEMPT_H
#define __LINUX_PREEMPT_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/preempt.h>

#define preempt_disable()	 __preempt_count_add(1)
#define preempt_enable()	 __preempt_count_sub(1)
#define in_interrupt()		 (preempt_count() & KALLOC_IRQ_MASK)
#define in_atomic()		 (preempt_count() != 0)
#define irqs_disabled()		 arch_irqs_disabled()
#define preemptible()		 (!in_atomic() && !irqs_disabled())

#define local_irq_disable()	 arch_local_irq_disable()
#define local_irq_enable()	 arch_local_irq_enable()
#define local_irq_save(flags)	 ((void)((flags) = arch_local_irq_save()))
#define local_irq_restore(flags) arch_local_irq_restore(flags)

void __might_sleep(const char *file, int line);

/* Reports a caller in atomic context. */
#define might_sleep() __might_sleep(__FILE__, __LINE__)
#define might_sleep_if(condition)      \
	do {                           \
		if (condition)         \
			might_sleep(); \
	} while (0)

#endif
