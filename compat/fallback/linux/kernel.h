/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define ARRAY_SIZE(array)                     \
	(sizeof(array) / sizeof((array)[0]) + \
	 (size_t)BUILD_BUG_ON_ZERO(__same_type((array), &(array)[0])))

#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))

/* The C library's, which have no extensions of %p either. */
__printf(3, 4) int snprintf(char *to, size_t bytes, const char *fmt, ...);
__printf(2, 3) int sprintf(char *to, const char *fmt, ...);
__printf(3, 0) int vsnprintf(char *to, size_t bytes, const char *fmt, va_list args);
__attribute__((__format__(scanf, 2, 3))) int sscanf(const char *text, const char *fmt, ...);

/* What is written, without the end, and without what was cut. */
__printf(3, 4) int scnprintf(char *to, size_t bytes, const char *fmt, ...);

#endif
