/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/bitops.h>

#define ilog2(n) (63 - __builtin_clzll(n))

static inline __attribute_const__ bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

#define order_base_2(n)		  ((n) > 1 ? ilog2((n)-1) + 1 : 0)
#define roundup_pow_of_two(n)	  ((n) <= 1 ? 1UL : 1UL << order_base_2(n))
#define rounddown_pow_of_two(n)	  (1UL << ilog2(n))
#define __roundup_pow_of_two(n)	  roundup_pow_of_two(n)
#define __rounddown_pow_of_two(n) rounddown_pow_of_two(n)

#endif
