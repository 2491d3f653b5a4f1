/* SPDX-License-Identifier: MIT */
/* The virtual counter of the generic timer. The host says whether it keeps time by it. */

#define TICKS_CLOCKSOURCE "arch_sys_counter"

static inline u64 ticks_counter(void)
{
	u64 count;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(count));
	return count;
}
