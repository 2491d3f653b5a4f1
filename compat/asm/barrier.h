/* SPDX-License-Identifier: MIT */
/* Barriers between the threads that are the CPUs. */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#define mb()  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define wmb() __atomic_thread_fence(__ATOMIC_RELEASE)

#include <asm-generic/barrier.h>

#endif
