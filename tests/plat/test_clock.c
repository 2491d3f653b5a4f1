/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/clock.c: the clock does not go back, and a rate limit passes a
 * burst, holds back the rest, and says how many when the next interval begins.
 * The end of an interval is made, not waited for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "clock.h"

static void the_clock_does_not_go_back(void **state)
{
	u64 last = clock_ms();

	for (int i = 0; i < 1000; i++) {
		u64 now = clock_ms();

		assert_true(now >= last);
		last = now;
	}
}

/* An interval longer than the test, and its beginning moved far into the past. */
static void end_interval(struct ratelimit *limit)
{
	limit->begin_ms = 1;
	limit->interval_ms = 0;
}

static void begin_interval(struct ratelimit *limit)
{
	limit->interval_ms = ~0U;
}

static void a_burst_passes_and_the_rest_is_counted(void **state)
{
	struct ratelimit limit = { .interval_ms = ~0U, .burst = 3 };
	unsigned int suppressed = 99;

	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < 10; i++) {
			bool pass = ratelimit_pass(&limit, &suppressed);

			begin_interval(&limit);
			assert_int_equal(pass, i < 3);
			assert_int_equal(suppressed, round && i == 0 ? 7 : 0);
		}
		end_interval(&limit);
	}
}

static void a_burst_of_none_passes_nothing(void **state)
{
	struct ratelimit limit = { .interval_ms = ~0U, .burst = 0 };
	unsigned int suppressed;

	for (int i = 0; i < 3; i++)
		assert_false(ratelimit_pass(&limit, &suppressed));
	assert_int_equal(limit.missed, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_clock_does_not_go_back),
		cmocka_unit_test(a_burst_passes_and_the_rest_is_counted),
		cmocka_unit_test(a_burst_of_none_passes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
