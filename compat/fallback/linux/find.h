/* SPDX-License-Identifier: MIT */
/* The first bits of a bitmap from @at on, or @nr if there is none before it. */
#ifndef __LINUX_FIND_H_
#define __LINUX_FIND_H_

#include <linux/bitops.h>

/* @flip: all ones to look for a zero, and zero to look for a one. */
static inline unsigned long kalloc_find_bit(const unsigned long *words, unsigned long nr,
					    unsigned long at, unsigned long flip)
{
	while (at < nr) {
		unsigned long word = (READ_ONCE(words[BIT_WORD(at)]) ^ flip) >> at % BITS_PER_LONG;

		if (word) {
			at += __ffs(word);
			return at < nr ? at : nr;
		}
		at = round_down(at, BITS_PER_LONG) + BITS_PER_LONG;
	}
	return nr;
}

#define find_first_bit(words, nr)	  kalloc_find_bit((words), (nr), 0, 0UL)
#define find_next_bit(words, nr, at)	  kalloc_find_bit((words), (nr), (at), 0UL)
#define find_first_zero_bit(words, nr)	  kalloc_find_bit((words), (nr), 0, ~0UL)
#define find_next_zero_bit(words, nr, at) kalloc_find_bit((words), (nr), (at), ~0UL)

static inline unsigned long find_last_bit(const unsigned long *words, unsigned long nr)
{
	for (unsigned long at = nr; at-- > 0;)
		if (test_bit(at, words))
			return at;
	return nr;
}

#define for_each_set_bit(bit, words, nr)                          \
	for ((bit) = find_first_bit((words), (nr)); (bit) < (nr); \
	     (bit) = find_next_bit((words), (nr), (bit) + 1))
#define for_each_clear_bit(bit, words, nr)                             \
	for ((bit) = find_first_zero_bit((words), (nr)); (bit) < (nr); \
	     (bit) = find_next_zero_bit((words), (nr), (bit) + 1))

#endif
