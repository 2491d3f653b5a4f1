/* SPDX-License-Identifier: MIT */
/* The time stamp counter. The host says whether it keeps time by it. */

#define TICKS_CLOCKSOURCE "tsc"

static inline u64 ticks_counter(void)
{
	return __builtin_ia32_rdtsc();
}
