/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/ticks.c: stamps do not go back, not from thread to thread either; turned
 * into time they lie between readings of the host's clock; a scale that was long enough is
 * kept; and the arithmetic is right for stamps before the scale begins and long after.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ticks.h"

/* How far a stamp may be off: the two clocks are not read at one moment. */
#define SLACK_NS 1000000

static void test_stamps_do_not_go_back(void **state)
{
	u64 last;

	ticks_prepare();
	last = ticks_now();
	for (int i = 0; i < 10000; i++) {
		u64 now = ticks_now();

		assert_true(now >= last);
		last = now;
	}
}

static void *stamp(void *before)
{
	return (void *)(uintptr_t)(ticks_now() >= *(u64 *)before);
}

static void test_threads_agree(void **state)
{
	for (int i = 0; i < 20; i++) {
		u64 before = ticks_now();
		pthread_t thread;
		void *later;

		assert_int_equal(pthread_create(&thread, NULL, stamp, &before), 0);
		assert_int_equal(pthread_join(thread, &later), 0);
		assert_non_null(later);
	}
}

static void assert_is_now(u64 ns, u64 before, u64 after)
{
	assert_in_range(ns, before - SLACK_NS, after + SLACK_NS);
}

static void test_time(void **state)
{
	u64 before = clock_ns(), tick = ticks_now(), after = clock_ns();
	struct ticks_scale scale = ticks_scale();

	assert_is_now(ticks_ns(&scale, tick), before, after);
}

/* Until it is kept a scale grows; then it is the same for ever. */
static void test_kept(void **state)
{
	struct ticks_scale first = ticks_scale(), kept;
	u64 before, tick, after;

	/* By the clock itself, so that nothing has to be waited for in vain. */
	while (clock_ns() - first.ns < 150000000)
		;
	kept = ticks_scale();
	assert_true(kept.span_ns >= 100000000);
	assert_int_equal(kept.ticks, first.ticks);
	before = clock_ns();
	tick = ticks_now();
	after = clock_ns();
	assert_is_now(ticks_ns(&kept, tick), before, after);
	first = ticks_scale();
	assert_memory_equal(&first, &kept, sizeof(kept));
}

static void test_arithmetic(void **state)
{
	const struct ticks_scale scale = {
		.ticks = 1000, .ns = 5000000, .span_ticks = 3, .span_ns = 2
	};

	assert_int_equal(ticks_ns(&scale, 1000), 5000000);
	assert_int_equal(ticks_ns(&scale, 1003), 5000002);
	assert_int_equal(ticks_ns(&scale, 997), 4999998);
	/* Three years of ticks: the product takes more than 64 bits. */
	assert_int_equal(ticks_ns(&scale, 1000 + 300000000000000000), 5000000 + 200000000000000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stamps_do_not_go_back),
		cmocka_unit_test(test_threads_agree),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_arithmetic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
