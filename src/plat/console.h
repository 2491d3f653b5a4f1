/* SPDX-License-Identifier: MIT */
/*
 * Where the kernel's messages go: standard error, or what kalloc_set_console()
 * named. A message is built whole and handed over in one call, so that those of
 * two threads do not mix. Callers hold no lock of a lower rank than they can
 * bear: the console may call the program.
 */
#ifndef PLAT_CONSOLE_H
#define PLAT_CONSOLE_H

#include "base.h"

/* One message, with its newlines; at most 8 KiB, cut past that. */
void console_print(const char *fmt, ...) printf_like(1, 2);

/* As console_print, then stop the process: the library or its caller is broken. */
void console_panic(const char *fmt, ...) printf_like(1, 2) __attribute__((__noreturn__, __cold__));

/*
 * The kernel's WARN(): a "cut here" line, the message if there is one, the place,
 * the end line.
 */
void console_warn(const char *file, int line, const char *func, const char *fmt, ...)
	printf_like(4, 5) __attribute__((__cold__));

/* Report @condition the first time it is true. Value: whether it is true. */
#define WARN_ONCE(condition, ...)                                                \
	({                                                                       \
		static bool warn_done;                                           \
		bool warn_cond = (condition);                                    \
		if (unlikely(warn_cond) &&                                       \
		    !__atomic_exchange_n(&warn_done, true, __ATOMIC_RELAXED))    \
			console_warn(__FILE__, __LINE__, __func__, __VA_ARGS__); \
		warn_cond;                                                       \
	})
#define WARN(condition, ...)                                                     \
	({                                                                       \
		bool warn_cond = (condition);                                    \
		if (unlikely(warn_cond))                                         \
			console_warn(__FILE__, __LINE__, __func__, __VA_ARGS__); \
		warn_cond;                                                       \
	})

/* Print the first time it is reached. */
#define PRINT_ONCE(...)                                                       \
	({                                                                    \
		static bool warn_done;                                        \
		if (!__atomic_exchange_n(&warn_done, true, __ATOMIC_RELAXED)) \
			console_print(__VA_ARGS__);                           \
	})

/* Around fork: no message is half handed over. */
void console_freeze(void);
void console_thaw(void);

/* A state of our own structures that cannot be: always stops. */
#define TRAP_IF(condition)                                                                       \
	do {                                                                                     \
		if (unlikely(condition))                                                         \
			console_panic("kalloc: %s:%d: %s: impossible: %s\n", __FILE__, __LINE__, \
				      __func__, #condition);                                     \
	} while (0)

#endif
