/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/knobs.c: setting a knob changes every zone's marks and the CPUs'
 * limits at once, and a value that the kernel refuses changes nothing.
 */
#include "rig.h"

static struct rig rig;
static struct zone *zone;

static int up(void **state)
{
	rig = rig_up("mem=512M nr_cpus=2");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	return 0;
}

static int down(void **state)
{
	rig_down(&rig);
	return 0;
}

static void marks(unsigned long min, unsigned long low, unsigned long high)
{
	assert_int_equal(zone_mark(zone, WMARK_MIN), min);
	assert_int_equal(zone_mark(zone, WMARK_LOW), low);
	assert_int_equal(zone_mark(zone, WMARK_HIGH), high);
}

/* 130816 frames in all, 126976 of them here. */
static void test_min_free_kbytes(void **state)
{
	assert_int_equal(pages_total(rig.m), 130816);
	assert_int_equal(page_min_free_kbytes(rig.m), 2893);
	marks(701, 876, 1051);
	assert_int_equal(zone->pcp[0].batch, 31);
	assert_int_equal(zone->pcp[0].high, 876 / 2);
	assert_int_equal(zone->pcp[1].high, 876 / 2);

	assert_int_equal(page_set_min_free_kbytes(rig.m, 45056), 0);
	assert_int_equal(page_min_free_kbytes(rig.m), 45056);
	marks(10933, 13666, 16399);
	assert_int_equal(zone->pcp[1].high, 13666 / 2);
	assert_int_equal(zone_mark(rig_zone(&rig, 0, ZONE_DMA), WMARK_MIN), 330);

	assert_int_equal(page_set_min_free_kbytes(rig.m, 0), 0);
	marks(0, 126, 252);
	assert_int_equal(zone->pcp[0].high, 4 * 31);
}

static void test_scale_factor(void **state)
{
	assert_int_equal(page_watermark_scale_factor(rig.m), 10);
	assert_int_equal(page_set_watermark_scale_factor(rig.m, 100), 0);
	assert_int_equal(page_watermark_scale_factor(rig.m), 100);
	marks(701, 701 + 1269, 701 + 2 * 1269);
	assert_int_equal(page_set_watermark_scale_factor(rig.m, 3000), 0);
	marks(701, 701 + 38092, 701 + 2 * 38092);
	assert_int_equal(page_set_watermark_scale_factor(rig.m, 1), 0);
	marks(701, 876, 1051);
}

static void test_boost_factor(void **state)
{
	assert_int_equal(page_watermark_boost_factor(rig.m), 15000);
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 20000), 0);
	assert_int_equal(page_watermark_boost_factor(rig.m), 20000);
	for (int i = 0; i < 10; i++)
		assert_true(zone_boost(zone));
	assert_int_equal(zone->watermark_boost, 2 * 1051);
}

static void test_refused(void **state)
{
	assert_int_equal(page_set_min_free_kbytes(rig.m, 1UL << 31), -EINVAL);
	assert_int_equal(page_set_min_free_kbytes(rig.m, ~0UL), -EINVAL);
	assert_int_equal(page_set_watermark_scale_factor(rig.m, 0), -EINVAL);
	assert_int_equal(page_set_watermark_scale_factor(rig.m, 3001), -EINVAL);
	assert_int_equal(page_set_watermark_scale_factor(rig.m, ~0UL), -EINVAL);
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 1UL << 31), -EINVAL);
	assert_int_equal(page_min_free_kbytes(rig.m), 2893);
	assert_int_equal(page_watermark_scale_factor(rig.m), 10);
	assert_int_equal(page_watermark_boost_factor(rig.m), 15000);
	marks(701, 876, 1051);
	assert_int_equal(page_set_min_free_kbytes(rig.m, (1UL << 31) - 1), 0);
	assert_int_equal(page_set_watermark_boost_factor(rig.m, (1UL << 31) - 1), 0);
}

/* A mark above all that is free keeps every caller out but one without marks. */
static void test_effect(void **state)
{
	struct page *page;

	assert_int_equal(page_set_min_free_kbytes(rig.m, 1UL << 22), 0);
	assert_null(alloc_page(GFP_ATOMIC | __GFP_NOWARN));
	page = alloc_page(GFP_NOWAIT | __GFP_MEMALLOC);
	assert_non_null(page);
	assert_int_equal(page_set_min_free_kbytes(rig.m, 2893), 0);
	__free_page(page);
	page = alloc_page(GFP_ATOMIC);
	assert_non_null(page);
	__free_page(page);
}

/* Compaction has no page to move yet; what it can make whole lies on the CPUs' lists. */
static void test_compact(void **state)
{
	__free_page(alloc_page(GFP_KERNEL));
	kalloc_set_cpu(1);
	__free_page(alloc_page(GFP_KERNEL | __GFP_MOVABLE));
	kalloc_set_cpu(0);
	assert_true(zone->pcp[0].count + zone->pcp[1].count > 0);
	page_compact(rig.m);
	assert_int_equal(zone->pcp[0].count + zone->pcp[1].count, 0);
	assert_int_equal(zone_free_exact(zone),
			 rig.nr_free - zone_free_exact(rig_zone(&rig, 0, ZONE_DMA)));
}

#define test_on_rig(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_on_rig(test_min_free_kbytes), test_on_rig(test_scale_factor),
		test_on_rig(test_boost_factor),	   test_on_rig(test_refused),
		test_on_rig(test_effect),	   test_on_rig(test_compact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
