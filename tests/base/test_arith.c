/* SPDX-License-Identifier: MIT */
/*
 * Proves the arithmetic of src/base/base.h against its definitions: exhaustively
 * for small numbers and at both sides of every power of two and every square.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base.h"

static void fls_counts_from_one(void **state)
{
	assert_int_equal(fls_long(0), 0);
	for (unsigned int bit = 0; bit < 64; bit++) {
		assert_int_equal(fls_long(1UL << bit), bit + 1);
		assert_int_equal(fls_long((1UL << bit) | 1), bit + 1);
		assert_int_equal(fls_long(~0UL >> (63 - bit)), bit + 1);
	}
}

static void ilog2_is_the_floor(void **state)
{
	for (unsigned int bit = 0; bit < 64; bit++) {
		assert_int_equal(ilog2(1UL << bit), bit);
		assert_int_equal(ilog2(~0UL >> (63 - bit)), bit);
	}
}

static void powers_of_two(void **state)
{
	unsigned long below = 1, above = 1;

	assert_false(is_power_of_2(0));
	assert_int_equal(roundup_pow2(0), 1);
	for (unsigned long x = 1; x <= 70000; x++) {
		while (above < x)
			above *= 2;
		if (below * 2 <= x)
			below *= 2;
		assert_int_equal(roundup_pow2(x), above);
		assert_int_equal(rounddown_pow2(x), below);
		assert_int_equal(is_power_of_2(x), below == above);
	}
	for (unsigned int bit = 17; bit < 63; bit++) {
		unsigned long power = 1UL << bit;

		assert_true(is_power_of_2(power));
		assert_false(is_power_of_2(power - 1) || is_power_of_2(power + 1));
		assert_true(roundup_pow2(power) == power && rounddown_pow2(power) == power);
		assert_true(roundup_pow2(power + 1) == power * 2);
		assert_true(rounddown_pow2(power - 1) == power / 2);
	}
	assert_true(roundup_pow2(1UL << 63) == 1UL << 63);
	assert_true(rounddown_pow2(~0UL) == 1UL << 63);
}

static void int_sqrt_is_the_floor(void **state)
{
	unsigned long root = 0;

	for (unsigned long x = 0; x <= 300000; x++) {
		if ((root + 1) * (root + 1) <= x)
			root++;
		assert_int_equal(int_sqrt(x), root);
	}
	for (unsigned int bit = 8; bit < 32; bit++) {
		for (unsigned long r = (1UL << bit) - 2; r <= (1UL << bit) + 2; r++) {
			assert_int_equal(int_sqrt(r * r - 1), r - 1);
			assert_int_equal(int_sqrt(r * r), r);
			assert_int_equal(int_sqrt(r * r + 2 * r), r);
		}
	}
	assert_int_equal(int_sqrt(0xffffffffUL * 0xffffffffUL - 1), 0xfffffffe);
	assert_int_equal(int_sqrt(0xffffffffUL * 0xffffffffUL), 0xffffffff);
	assert_int_equal(int_sqrt(~0UL), 0xffffffff);
}

static void rounding_to_multiples(void **state)
{
	static const unsigned long units[] = { 1, 2, 3, 8, 24, 4096 };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		unsigned long unit = units[i];

		for (unsigned long x = 0; x <= 10000; x++) {
			unsigned long down = x - x % unit;
			unsigned long up = x % unit ? down + unit : x;

			assert_int_equal(ALIGN_DOWN(x, unit), down);
			assert_int_equal(ALIGN_UP(x, unit), up);
			assert_int_equal(DIV_ROUND_UP(x, unit), up / unit);
		}
	}
}

static int counted;

static int count_one(void)
{
	return ++counted;
}

static void extremes_evaluate_once(void **state)
{
	assert_int_equal(min(-1, 1), -1);
	assert_int_equal(max(-1, 1), 1);
	assert_int_equal(min(3, 3), 3);
	assert_int_equal(clamp(-5, 0, 10), 0);
	assert_int_equal(clamp(5, 0, 10), 5);
	assert_int_equal(clamp(15, 0, 10), 10);
	assert_int_equal(min(count_one(), 10), 1);
	assert_int_equal(max(count_one(), 0), 2);
	assert_int_equal(clamp(count_one(), 0, 10), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fls_counts_from_one),	 cmocka_unit_test(ilog2_is_the_floor),
		cmocka_unit_test(powers_of_two),	 cmocka_unit_test(int_sqrt_is_the_floor),
		cmocka_unit_test(rounding_to_multiples), cmocka_unit_test(extremes_evaluate_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
