/* SPDX-License-Identifier: MIT */
/*
 * Atomic integers by the compiler's own operations. What is not here the kernel tree's
 * fallbacks make from it, fully ordered and in all other forms.
 */
#ifndef _ASM_ATOMIC_H
#define _ASM_ATOMIC_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>

#define ATOMIC64_INIT(i) \
	{                \
		(i)      \
	}

#define kalloc_atomic_op(prefix, atomic, type, name, ORDER, suffix)                            \
	static __always_inline type arch_##prefix##_##name##_return##suffix(type i, atomic *v) \
	{                                                                                      \
		return __atomic_##name##_fetch(&v->counter, i, KALLOC_ORDER(ORDER));           \
	}                                                                                      \
	kalloc_atomic_fetch(prefix, atomic, type, name, ORDER, suffix)

#define kalloc_atomic_fetch(prefix, atomic, type, name, ORDER, suffix)                      \
	static __always_inline type arch_##prefix##_fetch_##name##suffix(type i, atomic *v) \
	{                                                                                   \
		return __atomic_fetch_##name(&v->counter, i, KALLOC_ORDER(ORDER));          \
	}

#define kalloc_atomic_orders(what, prefix, atomic, type, name)                                  \
	what(prefix, atomic, type, name, __ATOMIC_SEQ_CST, ) what(prefix, atomic, type, name,   \
								  __ATOMIC_ACQUIRE, _acquire)   \
		what(prefix, atomic, type, name, __ATOMIC_RELEASE, _release) what(              \
			prefix, atomic, type, name, __ATOMIC_RELAXED,                           \
			_relaxed) static __always_inline void arch_##prefix##_##name(type i,    \
										     atomic *v) \
	{                                                                                       \
		__atomic_fetch_##name(&v->counter, i, KALLOC_ORDER(__ATOMIC_RELAXED));          \
	}

#define kalloc_atomic_type(prefix, atomic, type)                                                \
	static __always_inline type arch_##prefix##_read(const atomic *v)                       \
	{                                                                                       \
		return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);                          \
	}                                                                                       \
	static __always_inline void arch_##prefix##_set(atomic *v, type i)                      \
	{                                                                                       \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);                             \
	}                                                                                       \
	static __always_inline type arch_##prefix##_xchg(atomic *v, type i)                     \
	{                                                                                       \
		return arch_xchg(&v->counter, i);                                               \
	}                                                                                       \
	static __always_inline type arch_##prefix##_cmpxchg(atomic *v, type was, type i)        \
	{                                                                                       \
		return arch_cmpxchg(&v->counter, was, i);                                       \
	}                                                                                       \
	kalloc_atomic_orders(kalloc_atomic_op, prefix, atomic, type, add) kalloc_atomic_orders( \
		kalloc_atomic_op, prefix, atomic, type,                                         \
		sub) kalloc_atomic_orders(kalloc_atomic_fetch, prefix, atomic, type, and)       \
		kalloc_atomic_orders(kalloc_atomic_fetch, prefix, atomic, type, or)             \
			kalloc_atomic_orders(kalloc_atomic_fetch, prefix, atomic, type, xor)

kalloc_atomic_type(atomic, atomic_t, int) kalloc_atomic_type(atomic64, atomic64_t, s64)

/* Each of these exists, for the fallbacks. */
#define arch_atomic_add_return		 arch_atomic_add_return
#define arch_atomic_add_return_acquire	 arch_atomic_add_return_acquire
#define arch_atomic_add_return_release	 arch_atomic_add_return_release
#define arch_atomic_add_return_relaxed	 arch_atomic_add_return_relaxed
#define arch_atomic_sub_return		 arch_atomic_sub_return
#define arch_atomic_sub_return_acquire	 arch_atomic_sub_return_acquire
#define arch_atomic_sub_return_release	 arch_atomic_sub_return_release
#define arch_atomic_sub_return_relaxed	 arch_atomic_sub_return_relaxed
#define arch_atomic_fetch_add		 arch_atomic_fetch_add
#define arch_atomic_fetch_add_acquire	 arch_atomic_fetch_add_acquire
#define arch_atomic_fetch_add_release	 arch_atomic_fetch_add_release
#define arch_atomic_fetch_add_relaxed	 arch_atomic_fetch_add_relaxed
#define arch_atomic_fetch_sub		 arch_atomic_fetch_sub
#define arch_atomic_fetch_sub_acquire	 arch_atomic_fetch_sub_acquire
#define arch_atomic_fetch_sub_release	 arch_atomic_fetch_sub_release
#define arch_atomic_fetch_sub_relaxed	 arch_atomic_fetch_sub_relaxed
#define arch_atomic_fetch_and		 arch_atomic_fetch_and
#define arch_atomic_fetch_and_acquire	 arch_atomic_fetch_and_acquire
#define arch_atomic_fetch_and_release	 arch_atomic_fetch_and_release
#define arch_atomic_fetch_and_relaxed	 arch_atomic_fetch_and_relaxed
#define arch_atomic_fetch_or		 arch_atomic_fetch_or
#define arch_atomic_fetch_or_acquire	 arch_atomic_fetch_or_acquire
#define arch_atomic_fetch_or_release	 arch_atomic_fetch_or_release
#define arch_atomic_fetch_or_relaxed	 arch_atomic_fetch_or_relaxed
#define arch_atomic_fetch_xor		 arch_atomic_fetch_xor
#define arch_atomic_fetch_xor_acquire	 arch_atomic_fetch_xor_acquire
#define arch_atomic_fetch_xor_release	 arch_atomic_fetch_xor_release
#define arch_atomic_fetch_xor_relaxed	 arch_atomic_fetch_xor_relaxed

#define arch_atomic64_add_return	 arch_atomic64_add_return
#define arch_atomic64_add_return_acquire arch_atomic64_add_return_acquire
#define arch_atomic64_add_return_release arch_atomic64_add_return_release
#define arch_atomic64_add_return_relaxed arch_atomic64_add_return_relaxed
#define arch_atomic64_sub_return	 arch_atomic64_sub_return
#define arch_atomic64_sub_return_acquire arch_atomic64_sub_return_acquire
#define arch_atomic64_sub_return_release arch_atomic64_sub_return_release
#define arch_atomic64_sub_return_relaxed arch_atomic64_sub_return_relaxed
#define arch_atomic64_fetch_add		 arch_atomic64_fetch_add
#define arch_atomic64_fetch_add_acquire	 arch_atomic64_fetch_add_acquire
#define arch_atomic64_fetch_add_release	 arch_atomic64_fetch_add_release
#define arch_atomic64_fetch_add_relaxed	 arch_atomic64_fetch_add_relaxed
#define arch_atomic64_fetch_sub		 arch_atomic64_fetch_sub
#define arch_atomic64_fetch_sub_acquire	 arch_atomic64_fetch_sub_acquire
#define arch_atomic64_fetch_sub_release	 arch_atomic64_fetch_sub_release
#define arch_atomic64_fetch_sub_relaxed	 arch_atomic64_fetch_sub_relaxed
#define arch_atomic64_fetch_and		 arch_atomic64_fetch_and
#define arch_atomic64_fetch_and_acquire	 arch_atomic64_fetch_and_acquire
#define arch_atomic64_fetch_and_release	 arch_atomic64_fetch_and_release
#define arch_atomic64_fetch_and_relaxed	 arch_atomic64_fetch_and_relaxed
#define arch_atomic64_fetch_or		 arch_atomic64_fetch_or
#define arch_atomic64_fetch_or_acquire	 arch_atomic64_fetch_or_acquire
#define arch_atomic64_fetch_or_release	 arch_atomic64_fetch_or_release
#define arch_atomic64_fetch_or_relaxed	 arch_atomic64_fetch_or_relaxed
#define arch_atomic64_fetch_xor		 arch_atomic64_fetch_xor
#define arch_atomic64_fetch_xor_acquire	 arch_atomic64_fetch_xor_acquire
#define arch_atomic64_fetch_xor_release	 arch_atomic64_fetch_xor_release
#define arch_atomic64_fetch_xor_relaxed	 arch_atomic64_fetch_xor_relaxed

#undef kalloc_atomic_op
#undef kalloc_atomic_fetch
#undef kalloc_atomic_orders
#undef kalloc_atomic_type

#endif
