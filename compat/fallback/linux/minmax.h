/* SPDX-License-Identifier: MIT */
/* Each argument is looked at once, and both are of one type or the compiler warns. */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#include <linux/compiler.h>

/* A comparison of pointers to different types is what the compiler warns of. */
#define KALLOC_CHOOSE(a, op, b)                             \
	({                                                  \
		__typeof__(a) kalloc_a = (a);               \
		__typeof__(b) kalloc_b = (b);               \
                                                            \
		(void)(&kalloc_a == &kalloc_b);             \
		kalloc_a op kalloc_b ? kalloc_a : kalloc_b; \
	})

#define KALLOC_CHOOSE_AS(type, a, op, b)                                \
	({                                                              \
		type kalloc_as_a = (a);                                 \
		type kalloc_as_b = (b);                                 \
                                                                        \
		kalloc_as_a op kalloc_as_b ? kalloc_as_a : kalloc_as_b; \
	})

#define min(a, b)			KALLOC_CHOOSE(a, <, b)
#define max(a, b)			KALLOC_CHOOSE(a, >, b)
#define min_t(type, a, b)		KALLOC_CHOOSE_AS(type, a, <, b)
#define max_t(type, a, b)		KALLOC_CHOOSE_AS(type, a, >, b)
#define min3(a, b, c)			min((__typeof__(a))min(a, b), c)
#define max3(a, b, c)			max((__typeof__(a))max(a, b), c)
#define clamp(value, low, high)		min((__typeof__(value))max(value, low), high)
#define clamp_t(type, value, low, high) min_t(type, max_t(type, value, low), high)
#define clamp_val(value, low, high)	clamp_t(__typeof__(value), value, low, high)

#define swap(a, b)                              \
	do {                                    \
		__typeof__(a) kalloc_was = (a); \
                                                \
		(a) = (b);                      \
		(b) = kalloc_was;               \
	} while (0)

#endif
