/* SPDX-License-Identifier: MIT */
/*
 * Proves that sources of before 3.12 (one function, asked for the count with 0) and of
 * before 6.0 (no name) register shrinkers as they did then.
 */
#define KALLOC_LINUX_VERSION KERNEL_VERSION(2, 6, 39)
#include <kalloc/reclaim.h>

#include "page/shrinker.h"
#include "rig.h"

static int nr_left, nr_asked;
static gfp_t seen;

static int shrink_old(struct shrinker *shrinker, int nr_to_scan, gfp_t gfp_mask)
{
	seen = gfp_mask;
	if (!nr_to_scan)
		return nr_left;
	if (!(gfp_mask & __GFP_FS))
		return -1;
	nr_asked += nr_to_scan;
	nr_left -= nr_to_scan / 2; /* half of them are in use */
	return nr_left;
}

static void test_one_function(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker shrinker = { .shrink = shrink_old, .seeks = DEFAULT_SEEKS };

	nr_left = 1024;
	register_shrinker(&shrinker);
	assert_int_equal(shrink_slab(rig.m, GFP_NOFS, 0, 2), 0);
	assert_int_equal(seen, GFP_NOFS);
	assert_int_equal(shrinker.nr_deferred, 512);
	shrinker.nr_deferred = 0;
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 0, 2), 256);
	assert_int_equal(nr_asked, 512);
	nr_left = -1; /* cannot say */
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 0, 2), 0);
	unregister_shrinker(&shrinker);
	rig_down(&rig);
}

static unsigned long count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return 1024;
}

static unsigned long scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	return sc->nr_to_scan;
}

static void test_without_name(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker shrinker = { .count_objects = count,
				     .scan_objects = scan,
				     .seeks = DEFAULT_SEEKS };

	assert_int_equal(register_shrinker(&shrinker), 0);
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 0, 2), 512);
	unregister_shrinker(&shrinker);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_function),
		cmocka_unit_test(test_without_name),
	};

	return cmocka_run_group_tests_name("shrinker_old", tests, NULL, NULL);
}
