/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/index.c: both indices are Linux's formulas, worked out by hand for a few
 * sets of free blocks, cut off at the third decimal; and a zone's blocks are counted, those
 * that were never used included.
 */
#include "rig.h"

#include "page/index.h"

static const struct {
	struct free_blocks blocks;
	unsigned int order;
	int unusable, extfrag;
} rows[] = {
	/* Nothing is free: all of it is unusable, and memory is what lacks. */
	{ { { 0 } }, 0, 1000, 0 },
	{ { { 0 } }, 9, 1000, 0 },
	/* 4 single frames and a block of 8: 12 frames, 5 blocks. */
	{ { { [0] = 4, [3] = 1 } }, 0, 0, -1000 },
	{ { { [0] = 4, [3] = 1 } }, 1, 333, -1000 },
	{ { { [0] = 4, [3] = 1 } }, 3, 333, -1000 },
	{ { { [0] = 4, [3] = 1 } }, 4, 1000, 650 }, /* 1 - (1 + 12/16) / 5 */
	{ { { [0] = 4, [3] = 1 } }, 5, 1000, 725 }, /* 1 - (1 + 12/32) / 5 */
	/* One block just too small: less than nothing speaks for fragmentation. */
	{ { { [8] = 1 } }, 9, 1000, -500 },
	{ { { [8] = 2 } }, 9, 1000, 0 },
	{ { { [8] = 4 } }, 9, 1000, 250 },
	/* 1000 single frames: 1 - (1 + 1000/512) / 1000, of which the third decimal is cut. */
	{ { { [0] = 1000 } }, 9, 1000, 998 },
	/* The cut of a share: 2 of 3. */
	{ { { [0] = 2, [1] = 2, [2] = 0 } }, 1, 333, -1000 },
	{ { { [18] = 3, [0] = 1 } }, 18, 0, -1000 },
};

static void test_formulas(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		double exact = index_unusable_exact(&rows[i].blocks, rows[i].order);

		assert_int_equal(index_unusable(&rows[i].blocks, rows[i].order), rows[i].unusable);
		assert_int_equal(index_extfrag(&rows[i].blocks, rows[i].order), rows[i].extfrag);
		assert_true(exact >= rows[i].unusable / 1000.0 &&
			    exact < (rows[i].unusable + 1) / 1000.0);
	}
}

static void test_frames(void **state)
{
	const struct free_blocks blocks = { { [0] = 4, [3] = 1, [9] = 2 } };

	assert_int_equal(index_frames(&blocks, 0, BUDDY_MAX_ORDER), 4 + 8 + 1024);
	assert_int_equal(index_frames(&blocks, 1, 8), 8);
	assert_int_equal(index_frames(&blocks, 3, 9), 8 + 1024);
	assert_int_equal(index_frames(&blocks, 10, BUDDY_MAX_ORDER), 0);
}

static void test_count(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct page *page = alloc_pages(GFP_KERNEL, 5);
	struct free_blocks blocks = index_count(&zone->buddy);

	assert_true(blocks.nr[10] > 0);
	for (unsigned int order = 0; order < BUDDY_ORDERS; order++)
		assert_int_equal(blocks.nr[order], zone->buddy.area[order].nr_free);
	assert_int_equal(index_frames(&blocks, 0, BUDDY_MAX_ORDER), zone_free_exact(zone));
	__free_pages(page, 5);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
