/* SPDX-License-Identifier: MIT */
/*
 * What ThreadSanitizer cannot see by itself. READ_ONCE() and WRITE_ONCE() are volatile
 * accesses, which it is told to report apart: they race with nothing, and a read of a
 * pointer that was published with a release is ordered behind that, as rcu_dereference()
 * relies on. Readers of RCU are ordered before the end of a grace period that waited for
 * them (liburcu is not instrumented).
 */
#include "tsan.h"

#ifdef KALLOC_TSAN

#define READ_HOOKS(bytes)                                      \
	void __tsan_volatile_read##bytes(void *at);            \
	void __tsan_volatile_read##bytes(void *at)             \
	{                                                      \
		__tsan_acquire(at);                            \
	}                                                      \
	void __tsan_unaligned_volatile_read##bytes(void *at);  \
	void __tsan_unaligned_volatile_read##bytes(void *at)   \
	{                                                      \
	}                                                      \
	void __tsan_volatile_write##bytes(void *at);           \
	void __tsan_volatile_write##bytes(void *at)            \
	{                                                      \
	}                                                      \
	void __tsan_unaligned_volatile_write##bytes(void *at); \
	void __tsan_unaligned_volatile_write##bytes(void *at)  \
	{                                                      \
	}

READ_HOOKS(1)
READ_HOOKS(2)
READ_HOOKS(4)
READ_HOOKS(8)
READ_HOOKS(16)

#endif
