/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define BUILD_BUG_ON_MSG(condition, text)   _Static_assert(!(condition), text)
#define BUILD_BUG_ON(condition)		    BUILD_BUG_ON_MSG(condition, "BUILD_BUG_ON: " #condition)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	    BUILD_BUG_ON((n) == 0 || ((n) & ((n)-1)) != 0)
#define BUILD_BUG_ON_ZERO(condition)	    ((int)sizeof(char[1 - 2 * !!(condition)]) - 1)

#define KALLOC_ASSERT(condition, text, ...) _Static_assert(condition, text)
#define static_assert(condition, ...) KALLOC_ASSERT(condition, ##__VA_ARGS__, #condition)

#endif
