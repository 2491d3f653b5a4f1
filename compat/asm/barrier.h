/* SPDX-License-Identifier: MIT */
/* Barriers between the threads that are the CPUs. */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#define mb()  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define wmb() __atomic_thread_fence(__ATOMIC_RELEASE)

/* One access that is ordered, not an access and a fence: ThreadSanitizer knows no fences. */
#define __smp_store_release(p, v) __atomic_store_n((p), (__typeof__(*(p)))(v), __ATOMIC_RELEASE)
#define __smp_load_acquire(p)	  __atomic_load_n((p), __ATOMIC_ACQUIRE)

#include <asm-generic/barrier.h>

#endif
