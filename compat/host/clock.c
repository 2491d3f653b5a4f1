/* SPDX-License-Identifier: MIT */
/* Time, and numbers that look random. */
#include <stdatomic.h>
#include <time.h>

#include <kalloc/kernel/host.h>

static unsigned long long clock_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (unsigned long long)now.tv_sec * 1000000000ULL + (unsigned long long)now.tv_nsec;
}

/* A process does not see time 0, which kernel code takes for "never". */
unsigned long long host_clock(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

unsigned long long host_clock_real(void)
{
	return clock_ns(CLOCK_REALTIME);
}

static atomic_ullong random_state;

void host_seed(unsigned long long seed)
{
	atomic_store(&random_state, seed);
}

/* splitmix64: each number is a mix of a counter, so that threads need no lock. */
unsigned long long host_random(void)
{
	unsigned long long z =
		atomic_fetch_add(&random_state, 0x9e3779b97f4a7c15ULL) + 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}
