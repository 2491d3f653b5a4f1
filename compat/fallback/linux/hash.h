/* SPDX-License-Identifier: MIT */
/* Multiplicative hashing: by a fraction near the golden ratio, of which the top bits count. */
#ifndef _LINUX_HASH_H
#define _LINUX_HASH_H

#include <linux/types.h>

#define GOLDEN_RATIO_32	   0x61C88647u
#define GOLDEN_RATIO_64	   0x61C8864680B583EBull
#define GOLDEN_RATIO_PRIME GOLDEN_RATIO_64

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value * GOLDEN_RATIO_32 >> (32 - bits);
}

static inline u32 hash_64(u64 value, unsigned int bits)
{
	return (u32)(value * GOLDEN_RATIO_64 >> (64 - bits));
}

#define hash_long(value, bits) hash_64((value), (bits))
#define hash_min(value, bits) \
	(sizeof(value) <= 4 ? hash_32((u32)(value), (bits)) : hash_long((u64)(value), (bits)))

static inline u32 hash_ptr(const void *ptr, unsigned int bits)
{
	return hash_long((unsigned long)ptr, bits);
}

#endif
