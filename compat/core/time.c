/* SPDX-License-Identifier: MIT */
/* Time is the host's, counted in ticks where the kernel counts so. */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sched/clock.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>

#include "core.h"

volatile unsigned long *kalloc_jiffies(void)
{
	static __thread volatile unsigned long now;

	now = (unsigned long)div_u64(host_clock(), NSEC_PER_SEC / HZ);
	return &now;
}

unsigned long long kalloc_cycles(void)
{
	return host_clock();
}

ktime_t ktime_get(void)
{
	return ns_to_ktime(host_clock());
}

ktime_t ktime_get_with_offset(enum tk_offsets offset)
{
	return ns_to_ktime(offset == TK_OFFS_BOOT ? host_clock() : host_clock_real());
}

ktime_t ktime_get_coarse_with_offset(enum tk_offsets offset)
{
	return ktime_get_with_offset(offset);
}

ktime_t ktime_get_raw(void)
{
	return ktime_get();
}

u64 ktime_get_mono_fast_ns(void)
{
	return host_clock();
}

u64 ktime_get_raw_fast_ns(void)
{
	return host_clock();
}

u64 ktime_get_real_fast_ns(void)
{
	return host_clock_real();
}

time64_t ktime_get_seconds(void)
{
	return (time64_t)div_u64(host_clock(), NSEC_PER_SEC);
}

time64_t ktime_get_real_seconds(void)
{
	return (time64_t)div_u64(host_clock_real(), NSEC_PER_SEC);
}

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64((s64)host_clock());
}

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64((s64)host_clock_real());
}

void ktime_get_raw_ts64(struct timespec64 *ts)
{
	ktime_get_ts64(ts);
}

void ktime_get_coarse_ts64(struct timespec64 *ts)
{
	ktime_get_ts64(ts);
}

void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	ktime_get_real_ts64(ts);
}

unsigned long long sched_clock(void)
{
	return host_clock();
}

/* What would be later than any time is the last one. */
ktime_t ktime_add_safe(const ktime_t a, const ktime_t b)
{
	ktime_t sum = ktime_add_unsafe(a, b);

	return sum < 0 || sum < a || sum < b ? ktime_set(KTIME_SEC_MAX, 0) : sum;
}
