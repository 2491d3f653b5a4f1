/* SPDX-License-Identifier: MIT */
/* Atomic integers, by the compiler's own operations. */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>

#define ATOMIC_INIT(i) \
	{              \
		(i)    \
	}
#define ATOMIC64_INIT(i)		 ATOMIC_INIT(i)
#define ATOMIC_LONG_INIT(i)		 ATOMIC_INIT(i)

#define xchg(ptr, value)		 arch_xchg((ptr), (value))
#define cmpxchg(ptr, old, value)	 arch_cmpxchg((ptr), (old), (value))
#define cmpxchg_acquire(ptr, old, value) arch_cmpxchg_acquire((ptr), (old), (value))
#define cmpxchg_release(ptr, old, value) arch_cmpxchg_release((ptr), (old), (value))
#define cmpxchg_relaxed(ptr, old, value) arch_cmpxchg_relaxed((ptr), (old), (value))

/* Value: whether it was *@old; if not, *@old is what was there. */
#define try_cmpxchg(ptr, old, value)                                                \
	__atomic_compare_exchange_n((ptr), (old), (value), false, __ATOMIC_SEQ_CST, \
				    __ATOMIC_RELAXED)

#define KALLOC_ATOMIC_OP(name, type, value_type, op)                                  \
	static __always_inline void name##_##op(value_type i, type *v)                \
	{                                                                             \
		__atomic_fetch_##op(&v->counter, i, __ATOMIC_RELAXED);                \
	}                                                                             \
	static __always_inline value_type name##_##op##_return(value_type i, type *v) \
	{                                                                             \
		return __atomic_##op##_fetch(&v->counter, i, __ATOMIC_SEQ_CST);       \
	}                                                                             \
	static __always_inline value_type name##_fetch_##op(value_type i, type *v)    \
	{                                                                             \
		return __atomic_fetch_##op(&v->counter, i, __ATOMIC_SEQ_CST);         \
	}

#define KALLOC_ATOMIC_STEP(name, type, value_type, step, op)              \
	static __always_inline void name##_##step(type *v)                \
	{                                                                 \
		name##_##op(1, v);                                        \
	}                                                                 \
	static __always_inline value_type name##_##step##_return(type *v) \
	{                                                                 \
		return name##_##op##_return(1, v);                        \
	}                                                                 \
	static __always_inline value_type name##_fetch_##step(type *v)    \
	{                                                                 \
		return name##_fetch_##op(1, v);                           \
	}                                                                 \
	static __always_inline bool name##_##step##_and_test(type *v)     \
	{                                                                 \
		return !name##_##op##_return(1, v);                       \
	}

#define KALLOC_ATOMIC_WORD(name, type, value_type)                                              \
	static __always_inline value_type name##_read(const type *v)                            \
	{                                                                                       \
		return READ_ONCE(v->counter);                                                   \
	}                                                                                       \
	static __always_inline value_type name##_read_acquire(const type *v)                    \
	{                                                                                       \
		return smp_load_acquire(&v->counter);                                           \
	}                                                                                       \
	static __always_inline void name##_set(type *v, value_type i)                           \
	{                                                                                       \
		WRITE_ONCE(v->counter, i);                                                      \
	}                                                                                       \
	static __always_inline void name##_set_release(type *v, value_type i)                   \
	{                                                                                       \
		smp_store_release(&v->counter, i);                                              \
	}                                                                                       \
	static __always_inline value_type name##_xchg(type *v, value_type i)                    \
	{                                                                                       \
		return xchg(&v->counter, i);                                                    \
	}                                                                                       \
	static __always_inline value_type name##_cmpxchg(type *v, value_type was, value_type i) \
	{                                                                                       \
		return cmpxchg(&v->counter, was, i);                                            \
	}                                                                                       \
	static __always_inline bool name##_try_cmpxchg(type *v, value_type *was, value_type i)  \
	{                                                                                       \
		return try_cmpxchg(&v->counter, was, i);                                        \
	}                                                                                       \
	static __always_inline bool name##_add_unless(type *v, value_type i, value_type unless) \
	{                                                                                       \
		value_type was = name##_read(v);                                                \
                                                                                                \
		while (was != unless)                                                           \
			if (name##_try_cmpxchg(v, &was, was + i))                               \
				return true;                                                    \
		return false;                                                                   \
	}

#define KALLOC_ATOMIC(name, type, value_type)                \
	KALLOC_ATOMIC_WORD(name, type, value_type)           \
	KALLOC_ATOMIC_OP(name, type, value_type, add)        \
	KALLOC_ATOMIC_OP(name, type, value_type, sub)        \
	KALLOC_ATOMIC_OP(name, type, value_type, and)        \
	KALLOC_ATOMIC_OP(name, type, value_type, or)         \
	KALLOC_ATOMIC_OP(name, type, value_type, xor)        \
	KALLOC_ATOMIC_STEP(name, type, value_type, inc, add) \
	KALLOC_ATOMIC_STEP(name, type, value_type, dec, sub)

KALLOC_ATOMIC(atomic, atomic_t, int)
KALLOC_ATOMIC(atomic64, atomic64_t, s64)
KALLOC_ATOMIC(atomic_long, atomic_long_t, long)

#define atomic_inc_not_zero(v)	    atomic_add_unless((v), 1, 0)
#define atomic64_inc_not_zero(v)    atomic64_add_unless((v), 1, 0)
#define atomic_long_inc_not_zero(v) atomic_long_add_unless((v), 1, 0)
#define atomic_sub_and_test(i, v)   (!atomic_sub_return((i), (v)))
#define atomic_add_negative(i, v)   (atomic_add_return((i), (v)) < 0)

#endif
