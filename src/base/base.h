/* SPDX-License-Identifier: MIT */
/*
 * Base: what every room builds from and no operating system call. Small integer
 * arithmetic here; lists, trees, text, command lines, random numbers and the
 * machine in the headers named below.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <kalloc/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define likely(x)	       __builtin_expect(!!(x), 1)
#define unlikely(x)	       __builtin_expect(!!(x), 0)

#define never_inline	       __attribute__((__noinline__))
#define always_inline	       inline __attribute__((__always_inline__))
#define cold_path	       __attribute__((__cold__, __noinline__))
#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))
#define cacheline	       __attribute__((aligned(64)))

/* A further name of the function @name of this file. */
#define other_name(name) __attribute__((alias(#name)))

/*
 * Reads of what somebody else may be writing: of bits beside the wanted ones, or of
 * a state that is only guessed at. To be hidden from ThreadSanitizer.
 */
#define racy_read			__attribute__((no_sanitize("thread")))

#define ARRAY_SIZE(a)			(sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define member_size(type, member)	sizeof(((type *)0)->member)

#define ALIGN_UP(x, a)			(((x) + (a)-1) / (a) * (a))
#define ALIGN_DOWN(x, a)		((x) / (a) * (a))
#define DIV_ROUND_UP(n, d)		(((n) + (d)-1) / (d))

/* min(a, b), max(a, b): each argument is evaluated once, and they nest. */
#define JOIN2(a, b) a##b
#define JOIN(a, b)  JOIN2(a, b)
#define PICK(a, op, b, x, y)           \
	({                             \
		__typeof__(a) x = (a); \
		__typeof__(b) y = (b); \
		x op y ? x : y;        \
	})
#define min(a, b)	 PICK(a, <, b, JOIN(pick_x, __COUNTER__), JOIN(pick_y, __COUNTER__))
#define max(a, b)	 PICK(a, >, b, JOIN(pick_x, __COUNTER__), JOIN(pick_y, __COUNTER__))
#define clamp(v, lo, hi) min(max(v, lo), hi)

/* What the compiler cannot know. */
#define assume(x)                                \
	do {                                     \
		if (!(x))                        \
			__builtin_unreachable(); \
	} while (0)

/* Plain loads and stores that the compiler may not tear, repeat or drop. */
#define READ_ONCE(x)	 __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

/* Position of the highest set bit counted from 1; 0 for 0. */
static inline unsigned int fls_long(unsigned long x)
{
	return x ? 64 - (unsigned int)__builtin_clzl(x) : 0;
}

/* Floor of log2; @x > 0. */
static inline unsigned int ilog2(unsigned long x)
{
	return fls_long(x) - 1;
}

static inline bool is_power_of_2(unsigned long x)
{
	return x && !(x & (x - 1));
}

static inline unsigned long rounddown_pow2(unsigned long x)
{
	return 1UL << ilog2(x);
}

static inline unsigned long roundup_pow2(unsigned long x)
{
	return x <= 1 ? 1 : 1UL << fls_long(x - 1);
}

/* Floor of the square root, bit by bit. */
static inline unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0;

	for (int bit = x ? (int)(ilog2(x) / 2) : -1; bit >= 0; bit--) {
		unsigned long trial = root | 1UL << bit;

		if (trial * trial <= x)
			root = trial;
	}
	return root;
}

#endif
