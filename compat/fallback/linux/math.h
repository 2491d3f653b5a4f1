/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

/* @to is a power of two here, and any number in the others. */
#define round_up(x, to)		 ((((x)-1) | (__typeof__(x))((to)-1)) + 1)
#define round_down(x, to)	 ((x) & ~(__typeof__(x))((to)-1))

#define DIV_ROUND_UP(n, d)	 (((n) + (d)-1) / (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define DIV_ROUND_UP_ULL(n, d)	 DIV_ROUND_UP((unsigned long long)(n), (d))
#define roundup(x, to)		 (DIV_ROUND_UP((x), (to)) * (to))
#define rounddown(x, to)	 ((x) - (x) % (to))
#define abs(x)			 ((x) < 0 ? -(x) : (x))

#endif
