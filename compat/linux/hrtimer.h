/* SPDX-License-Identifier: MIT */
/*
 * The tree's. What starts a timer for the caller's CPU goes by other names: a program that
 * has them is linked with what lets several threads be on one CPU (core/gate.c).
 */
#include_next <linux/hrtimer.h>

#ifndef KALLOC_HRTIMER_H
#define KALLOC_HRTIMER_H

void kalloc_hrtimer_start_range_ns(struct hrtimer *timer, ktime_t expires, u64 range,
				   const enum hrtimer_mode mode);
void kalloc_hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode);
void kalloc_hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sleeper, enum hrtimer_mode mode);

#define KALLOC_ON_NO_CPU(mode) (__builtin_constant_p(mode) && !((mode)&HRTIMER_MODE_PINNED))

#define hrtimer_start_range_ns(timer, expires, range, mode)                      \
	(KALLOC_ON_NO_CPU(mode)                                                  \
		 ? (hrtimer_start_range_ns)((timer), (expires), (range), (mode)) \
		 : kalloc_hrtimer_start_range_ns((timer), (expires), (range), (mode)))
#define hrtimer_start(timer, expires, mode) hrtimer_start_range_ns((timer), (expires), 0, (mode))
#define hrtimer_start_expires(timer, mode)                                 \
	(KALLOC_ON_NO_CPU(mode) ? (hrtimer_start_expires)((timer), (mode)) \
				: kalloc_hrtimer_start_expires((timer), (mode)))
#define hrtimer_sleeper_start_expires(sleeper, mode)                                 \
	(KALLOC_ON_NO_CPU(mode) ? (hrtimer_sleeper_start_expires)((sleeper), (mode)) \
				: kalloc_hrtimer_sleeper_start_expires((sleeper), (mode)))

#endif
