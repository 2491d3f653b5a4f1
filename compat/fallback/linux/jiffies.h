/* SPDX-License-Identifier: MIT */
/* Ticks, which nobody counts: they are read off the host's clock. */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

#include <linux/types.h>
#include <kalloc/kernel/host.h>

#define HZ			CONFIG_HZ
#define KALLOC_TICK_NS		(1000000000ULL / HZ)
#define KALLOC_TICK_MS		(1000 / HZ)
#define MAX_SCHEDULE_TIMEOUT	(~0UL >> 1)

#define jiffies			((unsigned long)(host_clock() / KALLOC_TICK_NS))
#define msecs_to_jiffies(ms)	(((unsigned long)(ms) + KALLOC_TICK_MS - 1) / KALLOC_TICK_MS)
#define jiffies_to_msecs(ticks) ((unsigned int)((ticks)*KALLOC_TICK_MS))

#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)

#endif
