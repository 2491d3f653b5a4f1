/* SPDX-License-Identifier: MIT */
/* Proves that sources of 3.0 to 3.11, whose one function takes a control block, work. */
#define KALLOC_LINUX_VERSION KERNEL_VERSION(3, 11, 0)
#include <kalloc/reclaim.h>

#include "page/shrinker.h"
#include "rig.h"

static int nr_left;
static struct shrinker *self;

static int shrink(struct shrinker *shrinker, struct shrink_control *sc)
{
	assert_ptr_equal(shrinker, self);
	assert_int_equal(sc->gfp_mask, GFP_KERNEL);
	nr_left -= (int)sc->nr_to_scan;
	return nr_left;
}

static void test_control(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker shrinker = { .shrink = shrink, .seeks = DEFAULT_SEEKS };

	self = &shrinker;
	nr_left = 1024;
	assert_int_equal(register_shrinker(&shrinker), 0);
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 0, 2), 512);
	assert_int_equal(nr_left, 512);
	unregister_shrinker(&shrinker);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_control),
	};

	return cmocka_run_group_tests_name("shrinker_control", tests, NULL, NULL);
}
