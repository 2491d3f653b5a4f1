/* SPDX-License-Identifier: MIT */
/*
 * Sizes of objects as programs have them: small ones are more frequent. Each power of two
 * is as frequent as the next, and within two of them all sizes are.
 */
#ifndef SIZES_H
#define SIZES_H

#include "random.h"

/* Value: 2^@first .. 2^@last bytes. */
static inline uint16_t size_between(struct random *random, size_t first, size_t last)
{
	size_t power = first + random_below(random, last - first);

	return (uint16_t)((1u << power) + random_below(random, (1u << power) + 1));
}

/* Write one byte in each cache line. */
static inline void write_lines(char *object, size_t size)
{
	for (size_t at = 0; at < size; at += 64)
		object[at] = 1;
}

#endif
