/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/scan.c: which pages are collected for whom, out of which pageblocks,
 * and where the scanners go on the next time.
 */
#include "follower.h"

#define STEP 8 /* one frame in eight is in use */

static struct rig rig;
static struct zone *zone;
static struct follower owner;
static struct list_head held = { &held, &held };

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=2 kalloc.daemons=step");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	follower_init(&owner);
	return 0;
}

static int down(void **state)
{
	lists_check(&rig);
	follower_release(&owner);
	rig_release(&held, 0);
	lists_check(&rig);
	rig_down(&rig);
	return 0;
}

/* File pages only with __GFP_FS; nobody's with a reference too many. */
static void test_left_alone(void **state)
{
	gfp_t gfp = GFP_NOFS | __GFP_MOVABLE;

	follower_fragment(&owner, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_SYNC_FULL), COMPACT_COMPLETE);
	assert_int_equal(owner.nr_moved, 0);
	for (unsigned long i = 0; i < owner.nr; i++)
		get_page(owner.slot[i]);
	gfp = GFP_KERNEL | __GFP_MOVABLE;
	assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_SYNC_FULL), COMPACT_COMPLETE);
	assert_int_equal(owner.nr_moved, 0);
	for (unsigned long i = 0; i < owner.nr; i++)
		put_page(owner.slot[i]);
	assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_SYNC_FULL), COMPACT_SUCCESS);
	assert_true(owner.nr_moved > 0);
	follower_check(&owner);
}

static void test_anon_without_fs(void **state)
{
	follower_fragment(&owner, zone, STEP, KALLOC_PAGE_ANON, &held);
	assert_int_equal(follower_compact(rig.m, GFP_NOFS | __GFP_MOVABLE, 9, COMPACT_PRIO_ASYNC),
			 COMPACT_SUCCESS);
	assert_true(owner.nr_moved > 0);
	follower_check(&owner);
}

/* Asynchronously, pages leave only pageblocks of the request's own type. */
static void test_sources(void **state)
{
	follower_fragment(&owner, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	assert_int_equal(follower_compact(rig.m, GFP_KERNEL, 9, COMPACT_PRIO_ASYNC),
			 COMPACT_COMPLETE);
	assert_int_equal(owner.nr_moved, 0);
	assert_int_equal(page_event(rig.m, COMPACTMIGRATE_SCANNED), 0);
	assert_int_equal(follower_compact(rig.m, GFP_KERNEL, 9, COMPACT_PRIO_SYNC_LIGHT),
			 COMPACT_SUCCESS);
	assert_true(owner.nr_moved > 0);
	follower_check(&owner);
}

/* Where the pages of the owner are after a synchronous run over a zone that is mostly free. */
static void compact_sparse(bool virgin, unsigned long *pfns, unsigned long nr)
{
	rig = rig_up("mem=256M nr_cpus=2 kalloc.daemons=step");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	follower_init(&owner);
	for (unsigned long i = 0; i < 4 * nr; i++) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_MOVABLE, 0);

		assert_non_null(page);
		if (i % 4 == 1)
			follower_add(&owner, page, KALLOC_PAGE_CLEAN);
		else
			list_add(&page->lru, &held);
	}
	rig_release(&held, 0);
	pages_drain(rig.m);
	assert_true(buddy_has_virgin(&zone->buddy));
	if (!virgin)
		buddy_link_virgin(&zone->buddy, zone->buddy.virgin_end - 1);
	assert_int_equal(virgin, buddy_has_virgin(&zone->buddy));
	page_compact(rig.m);
	assert_int_equal(owner.nr, nr);
	for (unsigned long i = 0; i < nr; i++)
		pfns[i] = page_to_pfn(owner.slot[i]);
	assert_true(owner.nr_moved > 0);
	pfns[nr] = page_event(rig.m, COMPACTMIGRATE_SCANNED);
	pfns[nr + 1] = page_event(rig.m, COMPACTFREE_SCANNED);
	pfns[nr + 2] = page_event(rig.m, COMPACTISOLATED);
	follower_release(&owner);
	rig_down(&rig);
}

/* Blocks that were never used are free ones like others. */
static void test_virgin(void **state)
{
	enum { NR = 2000, NR_EVENTS = 3 };
	unsigned long virgin[NR + NR_EVENTS], linked[NR + NR_EVENTS];

	compact_sparse(true, virgin, NR);
	compact_sparse(false, linked, NR);
	assert_memory_equal(virgin, linked, sizeof(virgin));
}

/* A run goes on where the last one was; one that met its scanners lets the next start over. */
static void test_positions(void **state)
{
	struct page *first, *second;

	follower_fragment(NULL, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	assert_int_equal(follower_compact(rig.m, GFP_KERNEL | __GFP_MOVABLE, 9, COMPACT_PRIO_ASYNC),
			 COMPACT_COMPLETE);
	assert_int_equal(zone->compact.migrate_pfn[0], 0);
	assert_int_equal(zone->compact.free_pfn, 0);
	rig_release(&held, 0);
	pages_drain(rig.m);

	follower_fragment(&owner, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	first = alloc_pages(GFP_KERNEL | __GFP_MOVABLE, 9);
	second = alloc_pages(GFP_KERNEL | __GFP_MOVABLE, 9);
	assert_non_null(first);
	assert_non_null(second);
	assert_true(page_to_pfn(second) > page_to_pfn(first));
	assert_in_range(zone->compact.migrate_pfn[0], page_to_pfn(first) + 512,
			page_to_pfn(second) + 512);
	follower_check(&owner);
	__free_pages(first, 9);
	__free_pages(second, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_left_alone, up, down),
		cmocka_unit_test_setup_teardown(test_anon_without_fs, up, down),
		cmocka_unit_test_setup_teardown(test_sources, up, down),
		cmocka_unit_test_setup_teardown(test_positions, up, down),
		cmocka_unit_test(test_virgin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
