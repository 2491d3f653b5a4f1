/* SPDX-License-Identifier: MIT */
#include "count.h"

static struct counts counts; /* each is read and written atomically */

static void add(unsigned long *count, unsigned long n)
{
	__atomic_fetch_add(count, n, __ATOMIC_RELAXED);
}

static unsigned long read_now(const unsigned long *count)
{
	return __atomic_load_n(count, __ATOMIC_RELAXED);
}

void count_alloc(size_t bytes)
{
	size_t live = __atomic_add_fetch(&counts.live_bytes, bytes, __ATOMIC_RELAXED);
	size_t peak = read_now(&counts.peak_bytes);

	while (live > peak && !__atomic_compare_exchange_n(&counts.peak_bytes, &peak, live, 1,
							   __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	add(&counts.allocations, 1);
}

void count_free(size_t bytes)
{
	__atomic_fetch_sub(&counts.live_bytes, bytes, __ATOMIC_RELAXED);
	add(&counts.frees, 1);
}

void count_failure(void)
{
	add(&counts.failures, 1);
}

struct counts count_now(void)
{
	return (struct counts){
		.allocations = read_now(&counts.allocations),
		.frees = read_now(&counts.frees),
		.failures = read_now(&counts.failures),
		.live_bytes = read_now(&counts.live_bytes),
		.peak_bytes = read_now(&counts.peak_bytes),
	};
}
