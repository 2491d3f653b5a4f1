/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <time.h>

#include "clock.h"

u64 clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

u64 clock_ms(void)
{
	return clock_ns() / 1000000;
}

bool ratelimit_pass(struct ratelimit *limit, unsigned int *suppressed)
{
	u64 now = clock_ms();
	u64 begin = READ_ONCE(limit->begin_ms);

	*suppressed = 0;
	if (!begin || now - begin > limit->interval_ms) {
		*suppressed = __atomic_exchange_n(&limit->missed, 0, __ATOMIC_RELAXED);
		WRITE_ONCE(limit->begin_ms, now ? now : 1);
		WRITE_ONCE(limit->passed, 0);
	}
	if (__atomic_add_fetch(&limit->passed, 1, __ATOMIC_RELAXED) <= limit->burst)
		return true;
	__atomic_add_fetch(&limit->missed, 1, __ATOMIC_RELAXED);
	return false;
}
