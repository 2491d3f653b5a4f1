/* SPDX-License-Identifier: MIT */
/*
 * The few types that every kalloc header shares, and the era switch.
 *
 * These headers are read by ordinary programs and by unmodified kernel sources
 * (there -D__KERNEL__ is set and <linux/types.h> supplies the same names), so
 * they take nothing from the host but <stddef.h> and <stdarg.h>. kalloc/stack.h alone
 * takes what says whether the process has one thread, and no kernel source reads it.
 */
#ifndef KALLOC_TYPES_H
#define KALLOC_TYPES_H

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
#define KALLOC_BEGIN_DECLS extern "C" {
#define KALLOC_END_DECLS   }
#else
#define KALLOC_BEGIN_DECLS
#define KALLOC_END_DECLS
#endif

/*
 * A call to the library is one indirect call, not one by way of a stub of the program's:
 * for functions that take a few nanoseconds the difference shows.
 */
#if defined(__has_attribute)
#if __has_attribute(noplt)
#define KALLOC_API __attribute__((visibility("default"), noplt))
#endif
#endif
#ifndef KALLOC_API
#define KALLOC_API __attribute__((visibility("default")))
#endif
#define KALLOC_DATA __attribute__((visibility("default")))

/* A function that is only ever inlined: no code of it is made here. */
#define KALLOC_INLINED extern inline __attribute__((__gnu_inline__, __always_inline__))

#define KALLOC_MALLOC  __attribute__((malloc))
#define KALLOC_MUST    __attribute__((warn_unused_result))

/*
 * KALLOC_LINUX_VERSION names the kernel whose API the including source was
 * written for; the default is 6.1. Where one name has had several prototypes
 * the header of that name says which versions get which.
 */
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif
#ifndef KALLOC_LINUX_VERSION
#define KALLOC_LINUX_VERSION KERNEL_VERSION(6, 1, 0)
#endif

#ifdef __KERNEL__
#include <linux/types.h>
#else

typedef unsigned int gfp_t;
typedef unsigned int slab_flags_t;
typedef unsigned long long phys_addr_t;

typedef struct {
	int counter;
} atomic_t;

struct list_head {
	struct list_head *next, *prev;
};

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

#if !defined(__cplusplus) && !defined(bool) && (__STDC_VERSION__ < 202311L)
typedef _Bool bool;
#endif

#endif /* __KERNEL__ */

#ifndef PAGE_SHIFT
#define PAGE_SHIFT 12
#define PAGE_SIZE  (1UL << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))
#endif
#ifndef PAGE_ALIGN
#define PAGE_ALIGN(addr) (((addr) + PAGE_SIZE - 1) & PAGE_MASK)
#endif
#ifndef NUMA_NO_NODE
#define NUMA_NO_NODE (-1)
#endif

struct kalloc_machine;

#endif
