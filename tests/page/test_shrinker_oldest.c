/* SPDX-License-Identifier: MIT */
/*
 * Proves that sources of before 2.6.23 set and remove shrinkers as they did then, with
 * a function that knows neither its shrinker nor a control block.
 */
#define KALLOC_LINUX_VERSION KERNEL_VERSION(2, 6, 22)
#include <kalloc/reclaim.h>

#include "page/shrinker.h"
#include "rig.h"

static int nr_left;
static gfp_t seen;

static int shrink(int nr_to_scan, gfp_t gfp_mask)
{
	seen = gfp_mask;
	nr_left -= nr_to_scan;
	return nr_left;
}

static void test_set_and_remove(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker *shrinker = set_shrinker(DEFAULT_SEEKS, shrink);

	assert_non_null(shrinker);
	nr_left = 1024;
	assert_int_equal(shrink_slab(rig.m, GFP_NOIO, 0, 2), 512);
	assert_int_equal(seen, GFP_NOIO);
	assert_int_equal(nr_left, 512);
	remove_shrinker(shrinker);
	assert_int_equal(shrink_slab(rig.m, GFP_NOIO, 0, 2), 0);
	assert_int_equal(nr_left, 512);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_and_remove),
	};

	return cmocka_run_group_tests_name("shrinker_oldest", tests, NULL, NULL);
}
