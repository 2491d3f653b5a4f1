/* SPDX-License-Identifier: MIT */
/* Numbers that look random and are the same in every process. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

/* Value: 0 .. below - 1. A linear congruence, of which the upper half is used. */
static inline size_t random_below(struct random *random, size_t below)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)((random->state >> 32) * below >> 32);
}

/* Fill @order with 0 .. n - 1, shuffled. */
static inline void random_order(struct random *random, uint32_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t other = random_below(random, i + 1);

		order[i] = order[other];
		order[other] = (uint32_t)i;
	}
}

#endif
