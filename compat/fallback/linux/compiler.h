/* SPDX-License-Identifier: MIT */
#ifndef __LINUX_COMPILER_H
#define __LINUX_COMPILER_H

#include <linux/compiler_types.h>

#define likely(x)	      __builtin_expect(!!(x), 1)
#define unlikely(x)	      __builtin_expect(!!(x), 0)
#define barrier()	      __asm__ volatile("" ::: "memory")
#define unreachable()	      __builtin_unreachable()
#define __same_type(a, b)     __builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define OPTIMIZER_HIDE_VAR(x) __asm__("" : "+r"(x))

/* Atomic and without order; as the compiler's own operations, so that sanitizers know. */
#define READ_ONCE(x)	     __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), (value), __ATOMIC_RELAXED)
#define data_race(x)	     (x)

#endif
