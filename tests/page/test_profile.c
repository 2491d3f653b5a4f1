/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/profile.c and src/page/expect.c: profiles are read with their defaults
 * and written as they are read; every bad word, value and struct is refused with one line
 * that names it; and what a profile expects of an empty zone is what counting over every
 * block says, frames and all.
 */
#include "rig.h"

#include "page/profile.h"

static void fresh_console(void)
{
	said_clear();
	kalloc_set_console(said_append, NULL);
}

static const struct {
	const char *text, *shown;
} good[] = {
	{ "checkerboard", "checkerboard seed=0 order=0 ratio=0:1" },
	{ "  checkerboard\torder=3  ratio=2:1 seed=18446744073709551615 ",
	  "checkerboard seed=18446744073709551615 order=3 ratio=2:1" },
	{ "random", "random seed=0 fraction=0.5 ratio=0:1" },
	{ "random fraction=0.125000001 ratio=1000:0",
	  "random seed=0 fraction=0.125000001 ratio=1000:0" },
	{ "random fraction=1.0", "random seed=0 fraction=1 ratio=0:1" },
	{ "random fraction=0", "random seed=0 fraction=0 ratio=0:1" },
	{ "random fraction=0.1 fraction=0.25", "random seed=0 fraction=0.25 ratio=0:1" },
	{ "unmovable-scatter", "unmovable-scatter seed=0 fraction=1" },
	{ "movable-only seed=3", "movable-only seed=3 fraction=0.5" },
	{ "aged", "aged seed=0 fraction=0.8 ratio=0:1 steps=100000" },
	{ "aged mix=0:1", "aged seed=0 fraction=0.8 ratio=0:1 steps=100000 mix=0:1" },
	{ "aged steps=5 mix=0m:70:500,0u:20,18r:1000000:1000000000,3:5:0 ratio=1:1",
	  "aged seed=0 fraction=0.8 ratio=1:1 steps=5 "
	  "mix=0m:70:500,0u:20,18r:1000000:1000000000,3:5" },
	{ "target order=9 index=0.8", "target seed=0 order=9 index=0.8 of=unusable ratio=0:1" },
	{ "target index=1 of=extfrag order=18 node=63 zone=DMA32",
	  "target seed=0 node=63 zone=DMA32 order=18 index=1 of=extfrag ratio=0:1" },
	{ "random zone=HighMem", "random seed=0 zone=HighMem fraction=0.5 ratio=0:1" },
	{ "random zone=\"Normal\" fraction=\"0.5\"",
	  "random seed=0 zone=Normal fraction=0.5 ratio=0:1" },
};

static void test_good(void **state)
{
	fresh_console();
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct kalloc_fragment_profile profile, again;
		char shown[256], shown_again[256], cut[10];
		size_t len;

		if (kalloc_fragment_parse(&profile, good[i].text))
			fail_msg("'%s': %s", good[i].text, said);
		len = kalloc_fragment_show(&profile, shown, sizeof(shown));
		assert_string_equal(shown, good[i].shown);
		assert_int_equal(len, strlen(shown));
		assert_int_equal(kalloc_fragment_show(&profile, NULL, 0), len);
		assert_int_equal(kalloc_fragment_show(&profile, cut, sizeof(cut)), len);
		assert_memory_equal(cut, shown, sizeof(cut) - 1);

		/* What was written reads as the same. */
		assert_int_equal(kalloc_fragment_parse(&again, shown), 0);
		kalloc_fragment_show(&again, shown_again, sizeof(shown_again));
		assert_string_equal(shown_again, shown);
	}
	assert_string_equal(said, "");
	kalloc_set_console(NULL, NULL);
}

static const struct {
	const char *text, *message;
} bad[] = {
	{ "", "no profile named" },
	{ "   ", "no profile named" },
	{ NULL, "no profile named" },
	{ "chessboard", "'chessboard': not checkerboard, random, " },
	{ "random=0.5", "'random': not checkerboard" },
	{ "order=3", "'order': not checkerboard" },
	{ "\"random", "a quote is not closed" },
	{ "random \"fraction=0.5", "a quote is not closed" },
	{ "random part=0.5", "'part': no such word" },
	{ "random fraction", "fraction: wants a value, fraction=" },
	{ "random fraction=", "fraction=: must be 0 to 1" },
	{ "random fraction=1.5", "fraction=1.5: must be 0 to 1" },
	{ "random fraction=2", "fraction=2: must be 0 to 1" },
	{ "random fraction=1.000000001", "fraction=1.000000001: must be 0 to 1" },
	{ "random fraction=-0.5", "fraction=-0.5: must be 0 to 1" },
	{ "random fraction=.5", "fraction=.5: must be 0 to 1" },
	{ "random fraction=0.", "fraction=0.: must be 0 to 1" },
	{ "random fraction=0.5x", "fraction=0.5x: must be 0 to 1" },
	{ "random fraction=0.0000000001", "must be 0 to 1" },
	{ "random fraction=nan", "fraction=nan: must be 0 to 1" },
	{ "random index=0.5", "index= says nothing to random" },
	{ "random order=3", "order= says nothing to random" },
	{ "checkerboard fraction=0.5", "fraction= says nothing to checkerboard" },
	{ "checkerboard order=19", "order=19: must be 0 to 18" },
	{ "checkerboard order=1k", "order=1k: must be 0 to 18" },
	{ "checkerboard order=0x3", "order=0x3: must be 0 to 18" },
	{ "unmovable-scatter ratio=1:1", "ratio= says nothing to unmovable-scatter" },
	{ "movable-only ratio=1:1", "ratio= says nothing to movable-only" },
	{ "random ratio=1", "ratio=1: must be MOVABLE:UNMOVABLE" },
	{ "random ratio=0:0", "ratio=0:0: must be MOVABLE:UNMOVABLE" },
	{ "random ratio=1001:1", "ratio=1001:1: must be MOVABLE:UNMOVABLE" },
	{ "random ratio=1:1:1", "ratio=1:1:1: must be MOVABLE:UNMOVABLE" },
	{ "random ratio=:", "ratio=:: must be MOVABLE:UNMOVABLE" },
	{ "random seed=-1", "seed=-1: must be a number" },
	{ "random seed=18446744073709551616", "seed=18446744073709551616: must be a number" },
	{ "random seed=", "seed=: must be a number" },
	{ "random node=64", "node=64: must be the number of a node" },
	{ "random zone=Device7", "zone=Device7: must be DMA, DMA32, Normal, Movable or HighMem" },
	{ "aged steps=1000000000001", "steps=1000000000001: must be 0 to 1000000000000" },
	{ "aged mix=", "mix=: each size is ORDER[u|m|r]:WEIGHT[:LIFE]" },
	{ "aged mix=0", "mix=0: each size is ORDER" },
	{ "aged mix=0:1,", "mix=0:1,: each size is ORDER" },
	{ "aged mix=u:1", "mix=u:1: an order is 0 to 18" },
	{ "aged mix=:1", "mix=:1: an order is 0 to 18" },
	{ "aged mix=19:1", "mix=19:1: an order is 0 to 18" },
	{ "aged mix=0x:1", "mix=0x:1: an order is 0 to 18" },
	{ "aged mix=0mm:1", "mix=0mm:1: an order is 0 to 18" },
	{ "aged mix=0:0", "mix=0:0: a weight is 1 to 1000000" },
	{ "aged mix=0:1000001", "a weight is 1 to 1000000" },
	{ "aged mix=0:1:", "mix=0:1:: a life is 0 to 1000000000 requests" },
	{ "aged mix=0:1:1000000001", "a life is 0 to 1000000000 requests" },
	{ "aged mix=0:1:2:3", "a life is 0 to 1000000000 requests" },
	{ "target index=0.5", "target needs order=" },
	{ "target order=9", "target needs index=" },
	{ "target order=0 index=0.5", "order=0: each free block is large enough" },
	{ "target order=9 index=0.5 of=both", "of=both: must be unusable or extfrag" },
};

static void test_bad(void **state)
{
	struct kalloc_fragment_profile profile;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		fresh_console();
		if (kalloc_fragment_parse(&profile, bad[i].text) != -EINVAL)
			fail_msg("'%s' was taken", bad[i].text);
		if (!strstr(said, bad[i].message) || said_count("\n") != 1 ||
		    strncmp(said, "kalloc: fragment: ", 18) != 0)
			fail_msg("'%s': expected '%s', said: %s", bad[i].text, bad[i].message,
				 said);
	}
	kalloc_set_console(NULL, NULL);
}

/* One size more than there may be; as many as may be. */
static void test_many_sizes(void **state)
{
	struct kalloc_fragment_profile profile;
	char text[1024] = "aged mix=0:1";

	for (int i = 1; i < KALLOC_FRAGMENT_SIZES; i++)
		strcat(text, ",1:1");
	fresh_console();
	assert_int_equal(kalloc_fragment_parse(&profile, text), 0);
	assert_int_equal(profile.nr_sizes, KALLOC_FRAGMENT_SIZES);
	strcat(text, ",1:1");
	assert_int_equal(kalloc_fragment_parse(&profile, text), -EINVAL);
	assert_non_null(strstr(said, "more than 128 sizes"));
	kalloc_set_console(NULL, NULL);
}

/* A struct that was filled by hand. */
static void test_check(void **state)
{
	struct kalloc_fragment_profile valid, profile;

#define REFUSED(field, value, message)                              \
	do {                                                        \
		profile = valid;                                    \
		profile.field = value;                              \
		fresh_console();                                    \
		assert_int_equal(profile_check(&profile), -EINVAL); \
		if (!strstr(said, message))                         \
			fail_msg("%s: said: %s", message, said);    \
	} while (0)

	fresh_console();
	assert_int_equal(kalloc_fragment_parse(&valid, "target order=9 index=0.5"), 0);
	assert_int_equal(profile_check(&valid), 0);
	REFUSED(kind, KALLOC_FRAGMENT_KINDS, "kind 6: there is none");
	REFUSED(kind, (enum kalloc_fragment_kind) - 1, "there is none");
	REFUSED(of, (enum kalloc_fragment_index)2, "index 2: there is none");
	REFUSED(order, 19, "order 19: at most 18");
	REFUSED(order, 0, "order=0: ");
	REFUSED(index, 1.01, "index 1.01: must be 0 to 1");
	REFUSED(index, 0.0 / 0.0, "must be 0 to 1");
	REFUSED(fraction, -0.01, "fraction -0.01: must be 0 to 1");
	REFUSED(movable, 1001, "ratio 1001:1: must be 0 to 1000");
	REFUSED(unmovable, 0, "ratio 0:0: must be 0 to 1000");
	REFUSED(steps, 1000000000001, "1000000000001 steps");
	REFUSED(nid, -2, "node -2, zone -1: there is none");
	REFUSED(zone, MAX_NR_ZONES, "zone 6: there is none");
	REFUSED(nr_sizes, KALLOC_FRAGMENT_SIZES + 1, "129 sizes: at most 128");
	REFUSED(nr_sizes, 1, "size 0 of the mix: order 0, type 0, weight 0");
	valid.nr_sizes = 1;
	valid.sizes[0] = (struct kalloc_fragment_size){ .weight = 1 };
	assert_int_equal(profile_check(&valid), 0);
	REFUSED(sizes[0].order, 19, "size 0 of the mix: order 19");
	REFUSED(sizes[0].migratetype, MIGRATE_HIGHATOMIC + 1, "type 4");
	REFUSED(sizes[0].weight, 1000001, "weight 1000001");
	REFUSED(sizes[0].life, 1000000001, "life 1000000001");
#undef REFUSED
	kalloc_set_console(NULL, NULL);
}

static void test_complete(void **state)
{
	struct kalloc_fragment_profile profile = { .kind = KALLOC_FRAGMENT_UNMOVABLE_SCATTER,
						   .movable = 7 };

	profile_complete(&profile);
	assert_int_equal(profile.movable, 0);
	assert_int_equal(profile.unmovable, 1);
	profile.kind = KALLOC_FRAGMENT_MOVABLE_ONLY;
	profile_complete(&profile);
	assert_int_equal(profile.movable, 1);
	assert_int_equal(profile.unmovable, 0);
	profile.kind = KALLOC_FRAGMENT_AGED;
	profile_complete(&profile);
	assert_int_equal(profile.nr_sizes, 35);
	assert_int_equal(profile_check(&profile), 0);
}

/* --- expectations ------------------------------------------------------- */

static const struct profile_zone zone = { 1UL << 16, 10, 9 };

static double expected_frames(const char *text, double nr_free[KALLOC_FRAGMENT_ORDERS])
{
	struct kalloc_fragment_profile profile;
	double frames = 0;

	assert_int_equal(kalloc_fragment_parse(&profile, text), 0);
	assert_true(profile_expect(&profile, &zone, nr_free));
	for (unsigned int order = 0; order < KALLOC_FRAGMENT_ORDERS; order++) {
		assert_true(nr_free[order] >= 0);
		assert_true(order <= zone.max_order || nr_free[order] < 1e-9);
		frames += nr_free[order] * (double)(1UL << order);
	}
	return frames;
}

static bool near(double a, double b)
{
	return a - b < 1e-6 && b - a < 1e-6;
}

static void test_expect(void **state)
{
	double nr[KALLOC_FRAGMENT_ORDERS];

	/* What is free is what is not held. */
	assert_true(near(expected_frames("checkerboard", nr), 32768));
	assert_true(near(nr[0], 32768));
	assert_true(near(expected_frames("checkerboard order=10", nr), 32768));
	assert_true(near(nr[10], 32));
	assert_true(near(expected_frames("random fraction=0.25", nr), 49152));
	assert_true(near(nr[0], 65536 * 0.75 * 0.25));
	assert_true(near(nr[1], 32768 * 0.5625 * 0.4375));
	assert_true(near(expected_frames("movable-only fraction=0.25", nr), 49152));
	assert_true(near(expected_frames("random fraction=0", nr), 65536));
	assert_true(near(nr[10], 64));
	assert_true(near(expected_frames("random fraction=1", nr), 0));
	assert_true(near(expected_frames("unmovable-scatter", nr), 65536 - 128));
	assert_true(near(nr[8], 128));
	assert_true(near(nr[9], 0));
	assert_true(near(expected_frames("unmovable-scatter fraction=0.5", nr), 65536 - 64));
	assert_true(near(nr[9], 32)); /* a half that stands next to a pinned one */
	assert_true(near(nr[10], 16));
}

static void check_targets(const char *text, unsigned int order, int unusable, int extfrag)
{
	struct kalloc_fragment_order orders[KALLOC_FRAGMENT_ORDERS];
	struct kalloc_fragment_profile profile;

	assert_int_equal(kalloc_fragment_parse(&profile, text), 0);
	profile_targets(&profile, &zone, orders);
	assert_int_equal(orders[order].unusable_target, unusable);
	assert_int_equal(orders[order].extfrag_target, extfrag);
}

static void test_targets(void **state)
{
	const int none = KALLOC_FRAGMENT_NO_TARGET;

	check_targets("checkerboard order=2", 2, 0, -1000);
	check_targets("checkerboard order=2", 3, 1000, 500); /* 1 - (1 + 32768/8) / 8192, cut */
	check_targets("random fraction=0.5", 1, 500, -1000);
	check_targets("random fraction=1", 3, 1000, 0);
	check_targets("random fraction=0", 10, 0, -1000);
	check_targets("unmovable-scatter", 8, 499, -1000);
	check_targets("unmovable-scatter", 9, 1000, 889);
	check_targets("target order=9 index=0.8", 9, 800, none);
	check_targets("target order=9 index=0.8", 8, none, none);
	check_targets("target order=9 index=0.8005 of=extfrag", 9, none, 801);
	check_targets("aged", 9, none, none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),	   cmocka_unit_test(test_bad),
		cmocka_unit_test(test_many_sizes), cmocka_unit_test(test_check),
		cmocka_unit_test(test_complete),   cmocka_unit_test(test_expect),
		cmocka_unit_test(test_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
