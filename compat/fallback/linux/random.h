/* SPDX-License-Identifier: MIT */
/* The host's: the same in each run, unless another seed is given (--seed=). */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

#include <linux/types.h>
#include <kalloc/kernel/host.h>

#define get_random_u8()	 ((u8)host_random())
#define get_random_u16() ((u16)host_random())
#define get_random_u32() ((u32)host_random())
#define get_random_u64() ((u64)host_random())

/* 0 to @ceiling - 1. */
static inline u32 get_random_u32_below(u32 ceiling)
{
	return (u32)(((u64)get_random_u32() * ceiling) >> 32);
}

#define prandom_u32_max(ceiling) get_random_u32_below(ceiling)

#endif
