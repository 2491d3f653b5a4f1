/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/types.h>
#include <kalloc/kernel/host.h>

typedef s64 ktime_t;

#define NSEC_PER_USEC	    1000L
#define NSEC_PER_MSEC	    1000000L
#define NSEC_PER_SEC	    1000000000L

#define ktime_get()	    ((ktime_t)host_clock())
#define ktime_get_ns()	    ((u64)host_clock())
#define ktime_get_real_ns() ((u64)host_clock_real())
#define ktime_to_ns(time)   ((s64)(time))
#define ktime_to_us(time)   ((time) / NSEC_PER_USEC)
#define ktime_to_ms(time)   ((time) / NSEC_PER_MSEC)
#define ktime_add(a, b)	    ((a) + (b))
#define ktime_sub(a, b)	    ((a) - (b))
#define ktime_before(a, b)  ((a) < (b))
#define ktime_after(a, b)   ((a) > (b))

#endif
