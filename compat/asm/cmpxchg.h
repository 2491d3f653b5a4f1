/* SPDX-License-Identifier: MIT */
/* Exchange, and compare and exchange, of words of 1 to 8 bytes: the compiler's own. */
#ifndef _ASM_CMPXCHG_H
#define _ASM_CMPXCHG_H

/*
 * ThreadSanitizer knows no fences, and kernel code puts some beside operations of less
 * order: there all are of the strongest.
 */
#if defined(__SANITIZE_THREAD__)
#define KALLOC_ORDER(order) __ATOMIC_SEQ_CST
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KALLOC_ORDER(order) __ATOMIC_SEQ_CST
#endif
#endif
#ifndef KALLOC_ORDER
#define KALLOC_ORDER(order) (order)
#endif

#define kalloc_xchg(ptr, v, order) \
	((__typeof__(*(ptr)))__atomic_exchange_n((ptr), (v), KALLOC_ORDER(order)))

#define arch_xchg(ptr, v)	  kalloc_xchg(ptr, v, __ATOMIC_SEQ_CST)
#define arch_xchg_acquire(ptr, v) kalloc_xchg(ptr, v, __ATOMIC_ACQUIRE)
#define arch_xchg_release(ptr, v) kalloc_xchg(ptr, v, __ATOMIC_RELEASE)
#define arch_xchg_relaxed(ptr, v) kalloc_xchg(ptr, v, __ATOMIC_RELAXED)

/* Value: what was there. */
#define kalloc_cmpxchg(ptr, old, new, order)                                        \
	({                                                                          \
		__typeof__(ptr) kalloc_at = (ptr);                                  \
		__typeof__(*kalloc_at) kalloc_was = (old);                          \
                                                                                    \
		__atomic_compare_exchange_n(kalloc_at, &kalloc_was, (new), false,   \
					    KALLOC_ORDER(order), __ATOMIC_RELAXED); \
		kalloc_was;                                                         \
	})

#define arch_cmpxchg(ptr, o, n)		  kalloc_cmpxchg(ptr, o, n, __ATOMIC_SEQ_CST)
#define arch_cmpxchg_acquire(ptr, o, n)	  kalloc_cmpxchg(ptr, o, n, __ATOMIC_ACQUIRE)
#define arch_cmpxchg_release(ptr, o, n)	  kalloc_cmpxchg(ptr, o, n, __ATOMIC_RELEASE)
#define arch_cmpxchg_relaxed(ptr, o, n)	  kalloc_cmpxchg(ptr, o, n, __ATOMIC_RELAXED)
#define arch_cmpxchg_local(ptr, o, n)	  kalloc_cmpxchg(ptr, o, n, __ATOMIC_RELAXED)
#define arch_cmpxchg64(ptr, o, n)	  arch_cmpxchg(ptr, o, n)
#define arch_cmpxchg64_acquire(ptr, o, n) arch_cmpxchg_acquire(ptr, o, n)
#define arch_cmpxchg64_release(ptr, o, n) arch_cmpxchg_release(ptr, o, n)
#define arch_cmpxchg64_relaxed(ptr, o, n) arch_cmpxchg_relaxed(ptr, o, n)
#define arch_cmpxchg64_local(ptr, o, n)	  arch_cmpxchg_local(ptr, o, n)

#endif
