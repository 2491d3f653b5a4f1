/* SPDX-License-Identifier: MIT */
/* One thread is one virtual CPU, for as long as it lives (core/task.c). */
#ifndef _ASM_SMP_H
#define _ASM_SMP_H

#include <asm/current.h>

extern __thread int kalloc_current_cpu;

static inline int kalloc_cpu(void)
{
	if (__builtin_expect(kalloc_current_cpu < 0, 0))
		kalloc_task_adopt();
	return kalloc_current_cpu;
}

#define raw_smp_processor_id() kalloc_cpu()

static inline void smp_send_stop(void)
{
}

static inline void arch_smp_send_reschedule(int cpu)
{
}

static inline void smp_send_reschedule(int cpu)
{
}

struct cpumask;

#endif
