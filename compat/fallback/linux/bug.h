/* SPDX-License-Identifier: MIT */
/* What should not be: a warning is counted (kalloc_kmain), a bug ends the program. */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

__noreturn __cold __printf(1, 2) void panic(const char *fmt, ...);
__cold __printf(4, 5) void warn_slowpath_fmt(const char *file, int line, unsigned int taint,
					     const char *fmt, ...);

#define BUG() panic("kernel BUG at %s:%d!\n", __FILE__, __LINE__)
#define BUG_ON(condition)                \
	do {                             \
		if (unlikely(condition)) \
			BUG();           \
	} while (0)

#define WARN(condition, ...)                                                   \
	({                                                                     \
		bool kalloc_wrong = (condition);                               \
                                                                               \
		if (unlikely(kalloc_wrong))                                    \
			warn_slowpath_fmt(__FILE__, __LINE__, 0, __VA_ARGS__); \
		unlikely(kalloc_wrong);                                        \
	})
#define WARN_ON(condition) WARN(condition, NULL)

#define WARN_ONCE(condition, ...)                                               \
	({                                                                      \
		static bool kalloc_told;                                        \
		bool kalloc_is = (condition);                                   \
                                                                                \
		if (unlikely(kalloc_is) &&                                      \
		    !__atomic_exchange_n(&kalloc_told, true, __ATOMIC_RELAXED)) \
			warn_slowpath_fmt(__FILE__, __LINE__, 0, __VA_ARGS__);  \
		unlikely(kalloc_is);                                            \
	})
#define WARN_ON_ONCE(condition) WARN_ONCE(condition, NULL)

#endif
