/* SPDX-License-Identifier: MIT */
/*
 * One seeded random sequence (SplitMix64). Every random choice of a machine is
 * drawn from such a sequence, so equal seeds give equal runs.
 */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include "base.h"

struct rand {
	u64 state;
};

static inline u64 rand_next(struct rand *rand)
{
	u64 z = rand->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number in 0 .. @bound - 1; @bound > 0 and below 2^32. */
static inline u32 rand_below(struct rand *rand, u32 bound)
{
	return (u32)(((rand_next(rand) >> 32) * bound) >> 32);
}

/* The same for any @bound > 0. */
static inline u64 rand_below_long(struct rand *rand, u64 bound)
{
	return (u64)(((unsigned __int128)rand_next(rand) * bound) >> 64);
}

#endif
