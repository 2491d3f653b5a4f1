/* SPDX-License-Identifier: MIT */
/* Time since the host booted, for rate limits and records; nothing that tests rely on. */
#ifndef PLAT_CLOCK_H
#define PLAT_CLOCK_H

#include "base.h"

u64 clock_ms(void);
u64 clock_ns(void);

/*
 * At most @burst passes in @interval_ms, as the kernel's ratelimit_state.
 * Lock-free; two threads that meet at the edge of an interval may both pass.
 */
struct ratelimit {
	u64 begin_ms;
	unsigned int interval_ms;
	unsigned int burst;
	unsigned int passed;
	unsigned int missed;
};

/* Return: true to print; *@suppressed then says how many were held back before. */
bool ratelimit_pass(struct ratelimit *limit, unsigned int *suppressed);

#endif
