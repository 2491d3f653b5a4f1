/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

#include <kalloc/kernel/host.h>

#define cpu_relax() host_relax(1)

#define ARCH_HAS_PREFETCH
#define ARCH_HAS_PREFETCHW
#define prefetch(x)   __builtin_prefetch(x)
#define prefetchw(x)  __builtin_prefetch(x, 1)

#define TASK_SIZE     (1UL << 47)
#define TASK_SIZE_MAX TASK_SIZE

/* What a switch of threads would save; the host does that. */
struct thread_struct {
	unsigned long nothing;
};

#endif
