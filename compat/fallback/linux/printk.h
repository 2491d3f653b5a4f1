/* SPDX-License-Identifier: MIT */
/*
 * Messages. They are formatted by the C library, so %p has none of the kernel's extensions:
 * the letters behind it are dropped.
 */
#ifndef __KERNEL_PRINTK__
#define __KERNEL_PRINTK__

#include <linux/compiler.h>
#include <linux/kern_levels.h>
#include <linux/types.h>

int vprintk(const char *fmt, va_list args);
__printf(1, 2) int printk(const char *fmt, ...);
void dump_stack(void);

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

#define pr_emerg(fmt, ...)  printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)  printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)   printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)    printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)   printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...) printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)   printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...)   printk(KERN_CONT fmt, ##__VA_ARGS__)

/* Compiled and checked, and printed with -DDEBUG only. */
#ifdef DEBUG
#define KALLOC_DEBUG 1
#else
#define KALLOC_DEBUG 0
#endif
#define pr_debug(fmt, ...)                                             \
	do {                                                           \
		if (KALLOC_DEBUG)                                      \
			printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__); \
	} while (0)

#define printk_once(...)                                                        \
	do {                                                                    \
		static bool kalloc_said;                                        \
                                                                                \
		if (!__atomic_exchange_n(&kalloc_said, true, __ATOMIC_RELAXED)) \
			printk(__VA_ARGS__);                                    \
	} while (0)
#define pr_info_once(fmt, ...)	printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)	printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_once(fmt, ...)	printk_once(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define printk_ratelimited(...) printk(__VA_ARGS__)
#define pr_info_ratelimited	pr_info
#define pr_warn_ratelimited	pr_warn
#define pr_err_ratelimited	pr_err

#endif
