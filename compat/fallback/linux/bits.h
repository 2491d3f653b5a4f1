/* SPDX-License-Identifier: MIT */
#ifndef __LINUX_BITS_H
#define __LINUX_BITS_H

#define BITS_PER_LONG	   64
#define BITS_PER_LONG_LONG 64
#define BITS_PER_BYTE	   8

#define BIT(n)		   (1UL << (n))
#define BIT_ULL(n)	   (1ULL << (n))
#define BIT_MASK(n)	   (1UL << ((n) % BITS_PER_LONG))
#define BIT_WORD(n)	   ((n) / BITS_PER_LONG)

/* Bits @low to @high. */
#define GENMASK(high, low)     ((~0UL << (low)) & (~0UL >> (63 - (high))))
#define GENMASK_ULL(high, low) ((~0ULL << (low)) & (~0ULL >> (63 - (high))))

#endif
