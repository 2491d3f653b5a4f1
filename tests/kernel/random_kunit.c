/* SPDX-License-Identifier: MIT */
/* Random numbers: of all sizes, below a bound, and the same again from the same state. */
#include <linux/bitops.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/string.h>
#include <kunit/test.h>

#define DRAWS 10000

static void each_bit_is_set_half_of_the_time(struct kunit *test)
{
	unsigned int set[64] = {}, i, bit;

	for (i = 0; i < DRAWS; i++) {
		u64 number = get_random_u64();

		for (bit = 0; bit < 64; bit++)
			set[bit] += number >> bit & 1;
	}
	/* Six standard deviations, which are half of the root of DRAWS. */
	for (bit = 0; bit < 64; bit++) {
		KUNIT_EXPECT_GT(test, set[bit], DRAWS / 2 - 300);
		KUNIT_EXPECT_LT(test, set[bit], DRAWS / 2 + 300);
	}
}

static void a_bound_is_kept(struct kunit *test)
{
	unsigned int count[10] = {}, i, above = 0;
	volatile u32 seven = 7; /* what is known to the compiler is drawn otherwise */

	for (i = 0; i < DRAWS; i++) {
		u32 number = get_random_u32_below(10);

		above += number >= 10;
		count[number % 10]++;
		above += get_random_u32_below(seven) >= 7;
		above += get_random_u32_inclusive(5, 7) - 5 > 2;
		above += get_random_u32_above(100) <= 100;
		above += get_random_u8() > 0xff || get_random_u16() > 0xffff;
	}
	KUNIT_EXPECT_EQ(test, above, 0u);
	/* Six standard deviations of 30. */
	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_GT(test, count[i], DRAWS / 10 - 180);
		KUNIT_EXPECT_LT(test, count[i], DRAWS / 10 + 180);
	}
	KUNIT_EXPECT_EQ(test, get_random_u32_below(1), 0u);
}

static void all_bytes_are_filled_and_none_more(struct kunit *test)
{
	u8 buf[24], seen[21] = {};
	unsigned int round, i;

	for (round = 0; round < 50; round++) {
		memset(buf, 0, sizeof(buf));
		get_random_bytes(buf, 21);
		for (i = 0; i < 21; i++)
			seen[i] |= buf[i];
		KUNIT_EXPECT_EQ(test, buf[21] | buf[22] | buf[23], 0);
	}
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(seen, 0xff, sizeof(seen)), NULL);
}

static void the_same_state_gives_the_same(struct kunit *test)
{
	struct rnd_state a, b;
	unsigned int i, same = 0;

	prandom_seed_state(&a, 77);
	prandom_seed_state(&b, 77);
	for (i = 0; i < 100; i++)
		same += prandom_u32_state(&a) == prandom_u32_state(&b);
	KUNIT_EXPECT_EQ(test, same, 100u);
	prandom_seed_state(&b, 78);
	for (same = i = 0; i < 100; i++)
		same += prandom_u32_state(&a) == prandom_u32_state(&b);
	KUNIT_EXPECT_LT(test, same, 5u);
	KUNIT_EXPECT_TRUE(test, rng_is_initialized());
	KUNIT_EXPECT_EQ(test, wait_for_random_bytes(), 0);
}

static struct kunit_case random_cases[] = {
	KUNIT_CASE(each_bit_is_set_half_of_the_time),
	KUNIT_CASE(a_bound_is_kept),
	KUNIT_CASE(all_bytes_are_filled_and_none_more),
	KUNIT_CASE(the_same_state_gives_the_same),
	{},
};

static struct kunit_suite random_suite = {
	.name = "random",
	.test_cases = random_cases,
};
kunit_test_suite(random_suite);

MODULE_LICENSE("Dual MIT/GPL");
