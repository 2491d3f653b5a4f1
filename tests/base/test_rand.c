/* SPDX-License-Identifier: MIT */
/*
 * Proves src/base/rand.h: the sequences are SplitMix64's published ones, so that
 * a seed means the same everywhere, and a bounded draw stays below its bound,
 * reaches all of it and is evenly spread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rand.h"

static void known_sequences(void **state)
{
	static const struct {
		u64 seed;
		u64 values[5];
	} known[] = {
		{ 0,
		  { 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec,
		    0x1b39896a51a8749b } },
		{ 1234567,
		  { 6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
		    4593380528125082431u, 16408922859458223821u } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		struct rand rand = { .state = known[i].seed };

		for (size_t n = 0; n < ARRAY_SIZE(known[i].values); n++)
			assert_true(rand_next(&rand) == known[i].values[n]);
	}
}

static void draws_stay_below_their_bound(void **state)
{
	static const u32 bounds[] = { 1, 2, 3, 7, 64, 1000, 0x7fffffff, 0x80000001, 0xffffffff };

	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++) {
		struct rand rand = { .state = i };

		for (int n = 0; n < 10000; n++)
			assert_true(rand_below(&rand, bounds[i]) < bounds[i]);
	}
}

/* 8000 draws from 8 values: each expected 1000 times, with a deviation of 30. */
static void draws_are_evenly_spread(void **state)
{
	struct rand rand = { .state = 42 };
	int seen[8] = { 0 };

	for (int n = 0; n < 8000; n++)
		seen[rand_below(&rand, 8)]++;
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		assert_in_range(seen[i], 850, 1150);
}

static void large_bounds_reach_their_upper_half(void **state)
{
	struct rand rand = { .state = 7 };
	bool high = false, low = false;

	for (int n = 0; n < 100; n++) {
		if (rand_below(&rand, 0xffffffff) > 0x7fffffff)
			high = true;
		else
			low = true;
	}
	assert_true(high && low);
}

/* rand_below_long(): bounds small, large and of all 64 bits; each eighth as often. */
static void long_bounds(void **state)
{
	static const u64 bounds[] = { 1, 8, 1000003, 1UL << 40, ~0UL };
	struct rand rand = { .state = 9 };

	for (size_t b = 0; b < ARRAY_SIZE(bounds); b++) {
		int seen[8] = { 0 };

		for (int n = 0; n < 8000; n++) {
			u64 drawn = rand_below_long(&rand, bounds[b]);

			assert_true(drawn < bounds[b]);
			seen[(unsigned __int128)drawn * 8 / bounds[b]]++;
		}
		for (size_t i = 0; bounds[b] > 1 && i < ARRAY_SIZE(seen); i++)
			assert_in_range(seen[i], 850, 1150);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_sequences),
		cmocka_unit_test(draws_stay_below_their_bound),
		cmocka_unit_test(draws_are_evenly_spread),
		cmocka_unit_test(large_bounds_reach_their_upper_half),
		cmocka_unit_test(long_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
