/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/run.c: a run is a block of single frames from the node asked, or
 * nothing; runs come back as the blocks they form, whatever order, holes, held frames and
 * zone boundaries lie among them; nothing is lost.
 */
#include "rig.h"

#include "rand.h"

static struct page *pages[1 << 11];

static void test_frames_are_single(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	for (unsigned int order = 0; order <= 10; order++) {
		struct page *page = pages_take_run(rig.m, GFP_KERNEL, order, NUMA_NO_NODE);
		unsigned long nr = 1UL << order;

		assert_non_null(page);
		assert_int_equal(page_to_pfn(page) % nr, 0);
		for (unsigned long i = 0; i < nr; i++) {
			assert_int_equal(page_count(page + i), 1);
			assert_false(PageCompound(page + i));
			pages[i] = page + i;
		}
		pages_put_runs(rig.m, pages, nr);
		/* The same again: it went back whole. */
		assert_ptr_equal(pages_take_run(rig.m, GFP_KERNEL, order, NUMA_NO_NODE), page);
		for (unsigned long i = 0; i < nr; i++)
			__free_page(page + i);
	}
	assert_null(pages_take_run(rig.m, GFP_KERNEL, 11, NUMA_NO_NODE));
	assert_string_equal(said, "");
	rig_down(&rig);
}

/* No other node, no reclaim, no word. */
static void test_modest(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=2 numa=fake=2");
	unsigned long nr = 0;
	struct page *page;

	while ((page = pages_take_run(rig.m, GFP_KERNEL, 6, 1))) {
		assert_int_equal(page_to_nid(page), 1);
		pages[nr++] = page;
	}
	assert_in_range(nr, 100, 127);
	assert_string_equal(said, "");
	page = alloc_pages_node(1, GFP_KERNEL, 6); /* a request in earnest goes on */
	assert_non_null(page);
	__free_pages(page, 6);
	for (unsigned long i = 0; i < nr; i++) {
		for (unsigned long j = 0; j < 64; j++)
			__free_page(pages[i] + j);
	}
	rig_down(&rig);
}

static void test_any_order(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct rand rand = { .state = 5 };

	for (int turn = 0; turn < 200; turn++) {
		struct page *block = pages_take_run(rig.m, GFP_KERNEL, 7, NUMA_NO_NODE);
		struct page *held = NULL;

		for (unsigned long i = 0; i < 128; i++)
			pages[i] = block + i;
		for (unsigned int i = 0; turn % 4 && i < 128; i += 1 + rand_below(&rand, 60)) {
			unsigned int other = rand_below(&rand, 128);
			struct page *page = pages[i];

			pages[i] = pages[other];
			pages[other] = page;
		}
		if (turn % 3) {
			held = pages[rand_below(&rand, 128)];
			get_page(held);
		}
		pages_put_runs(rig.m, pages, 128);
		if (held) {
			assert_int_equal(page_count(held), 1);
			__free_page(held);
		}
	}
	rig_down(&rig);
}

/* Blocks of two zones, neighbours in memory, do not become one. */
static void test_zone_boundary(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1 movablecore=32M");
	unsigned long start = rig_zone(&rig, 0, ZONE_MOVABLE)->zone_start_pfn - 8;

	assert_int_equal(alloc_contig_range(start, start + 8, MIGRATE_MOVABLE, GFP_KERNEL), 0);
	assert_int_equal(alloc_contig_range(start + 8, start + 16, MIGRATE_MOVABLE, GFP_KERNEL), 0);
	for (unsigned long i = 0; i < 16; i++)
		pages[i] = pfn_to_page(start + i);
	assert_int_not_equal(page_zonenum(pages[0]), page_zonenum(pages[15]));
	pages_put_runs(rig.m, pages, 16);
	rig_down(&rig);
}

static void test_compound_and_twice(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct page *page = alloc_page(GFP_KERNEL);

	get_page(page);
	pages[0] = pages[1] = page;
	pages_put_runs(rig.m, pages, 2);
	pages[0] = alloc_pages(GFP_KERNEL | __GFP_COMP, 0);
	pages_put_runs(rig.m, pages, 1);
	pages_put_runs(rig.m, pages, 0);
	assert_string_equal(said, "");
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames_are_single),  cmocka_unit_test(test_modest),
		cmocka_unit_test(test_any_order),	   cmocka_unit_test(test_zone_boundary),
		cmocka_unit_test(test_compound_and_twice),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
