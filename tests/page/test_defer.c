/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/defer.c: how often compaction is skipped after it failed, for which
 * orders, and what ends that.
 */
#include "follower.h"

#define STEP 8 /* one frame in eight is in use */

static struct rig rig;
static struct zone *zone;
static struct list_head held = { &held, &held };

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=2 kalloc.daemons=step");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	return 0;
}

static int down(void **state)
{
	lists_check(&rig);
	rig_release(&held, 0);
	lists_check(&rig);
	rig_down(&rig);
	return 0;
}

/* Skipped 1, 3, 7 .. 63 times, then 63 again; not for lower orders; not after success. */
static void test_deferral(void **state)
{
	gfp_t gfp = GFP_KERNEL | __GFP_MOVABLE;

	follower_fragment(NULL, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_ASYNC), COMPACT_COMPLETE);
	assert_int_equal(zone->compact.defer_shift, 0);
	for (unsigned int shift = 1; shift <= 8; shift++) {
		unsigned int nr = (1u << min(shift, 6u)) - 1;

		assert_true(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_SYNC_LIGHT) >=
			    COMPACT_COMPLETE);
		assert_int_equal(zone->compact.defer_shift, min(shift, 6u));
		for (; nr; nr--)
			assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_SYNC_LIGHT),
					 COMPACT_DEFERRED);
	}
	assert_int_equal(zone->compact.order_failed, 0);
	/* The hardest try is never skipped. */
	assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_SYNC_FULL), COMPACT_COMPLETE);

	compact_defer_reset(zone, 9, false);
	assert_int_equal(zone->compact.order_failed, 10);
	assert_int_equal(zone->compact.defer_shift, 6);
	assert_false(compact_is_deferred(zone, 9));
	compact_defer(zone, 9);
	assert_int_equal(zone->compact.order_failed, 9);
	assert_false(compact_is_deferred(zone, 8));
	assert_true(compact_is_deferred(zone, 9));
	assert_true(compact_is_deferred(zone, 10));
	assert_false(compact_is_restarting(zone, 9));
	compact_defer_reset(zone, 9, true);
	assert_int_equal(zone->compact.defer_shift, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_deferral, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
