/* SPDX-License-Identifier: MIT */
/* Barriers between threads, which are the CPUs. */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#include <linux/compiler.h>

#define mb()			     __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define rmb()			     __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define wmb()			     __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb()		     mb()
#define smp_rmb()		     rmb()
#define smp_wmb()		     wmb()
#define smp_mb__before_atomic()	     mb()
#define smp_mb__after_atomic()	     mb()
#define smp_store_mb(x, value)	     ((void)__atomic_exchange_n(&(x), (value), __ATOMIC_SEQ_CST))
#define smp_load_acquire(at)	     __atomic_load_n((at), __ATOMIC_ACQUIRE)
#define smp_store_release(at, value) __atomic_store_n((at), (value), __ATOMIC_RELEASE)

#endif
