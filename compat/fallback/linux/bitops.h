/* SPDX-License-Identifier: MIT */
/* Single bits of arrays of words. Those without "__" are atomic. */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/math.h>
#include <linux/types.h>

#define BITS_TO_LONGS(nr) DIV_ROUND_UP((nr), BITS_PER_LONG)

static inline bool test_bit(unsigned long nr, const volatile unsigned long *words)
{
	return READ_ONCE(words[BIT_WORD(nr)]) >> (nr % BITS_PER_LONG) & 1;
}

#define KALLOC_BIT(name, change, mask, order)                                                     \
	static inline bool test_and_##name##_bit(unsigned long nr, volatile unsigned long *words) \
	{                                                                                         \
		return __atomic_fetch_##change(&words[BIT_WORD(nr)], mask, order) & BIT_MASK(nr); \
	}                                                                                         \
	static inline void name##_bit(unsigned long nr, volatile unsigned long *words)            \
	{                                                                                         \
		__atomic_fetch_##change(&words[BIT_WORD(nr)], mask, __ATOMIC_RELAXED);            \
	}                                                                                         \
	static inline bool __test_and_##name##_bit(unsigned long nr, unsigned long *words)        \
	{                                                                                         \
		bool was = test_bit(nr, words);                                                   \
                                                                                                  \
		words[BIT_WORD(nr)] = KALLOC_##change(words[BIT_WORD(nr)], mask);                 \
		return was;                                                                       \
	}                                                                                         \
	static inline void __##name##_bit(unsigned long nr, unsigned long *words)                 \
	{                                                                                         \
		__test_and_##name##_bit(nr, words);                                               \
	}

#define KALLOC_or(word, mask)  ((word) | (mask))
#define KALLOC_and(word, mask) ((word) & (mask))
#define KALLOC_xor(word, mask) ((word) ^ (mask))

KALLOC_BIT(set, or, BIT_MASK(nr), __ATOMIC_SEQ_CST)
KALLOC_BIT(clear, and, ~BIT_MASK(nr), __ATOMIC_SEQ_CST)
KALLOC_BIT(change, xor, BIT_MASK(nr), __ATOMIC_SEQ_CST)

static inline bool test_and_set_bit_lock(unsigned long nr, volatile unsigned long *words)
{
	return test_and_set_bit(nr, words);
}

static inline void clear_bit_unlock(unsigned long nr, volatile unsigned long *words)
{
	__atomic_fetch_and(&words[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELEASE);
}

/* Numbers of bits from 0, of a word that is not 0; from 1 without "__", 0 for none. */
#define __ffs(word) ((unsigned long)__builtin_ctzl(word))
#define __fls(word) ((unsigned long)(63 - __builtin_clzl(word)))
#define ffz(word)   __ffs(~(word))
#define ffs(word)   __builtin_ffs(word)

static inline int fls(unsigned int word)
{
	return word ? 32 - __builtin_clz(word) : 0;
}

static inline int fls64(u64 word)
{
	return word ? 64 - __builtin_clzll(word) : 0;
}

#define fls_long(word)	   fls64(word)

#define hweight8(word)	   ((unsigned int)__builtin_popcount((u8)(word)))
#define hweight16(word)	   ((unsigned int)__builtin_popcount((u16)(word)))
#define hweight32(word)	   ((unsigned int)__builtin_popcount((u32)(word)))
#define hweight64(word)	   ((unsigned long)__builtin_popcountll(word))
#define hweight_long(word) ((unsigned long)__builtin_popcountl(word))

#include <linux/find.h>

#endif
