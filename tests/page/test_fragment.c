/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/fragment.c: the index asked for is reached within 0.02 over orders,
 * targets and seeds; equal seeds pin equal frames and others do not; defragmenting
 * restores the index and every frame; arguments out of range are refused.
 */
#include <kalloc/fragment.h>

#include "rig.h"

static double distance(double a, double b)
{
	return a > b ? a - b : b - a;
}

/* A number that stands for which frames of the machine are free. */
static unsigned long fingerprint(const struct rig *rig)
{
	unsigned long hash = 0;
	struct zone *zone;

	for_each_zone(zone, rig->m->page) {
		if (!zone->managed_pages)
			continue;
		for (unsigned int order = 0; order <= zone->buddy.max_order; order++) {
			for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++) {
				const struct page *page;

				list_for_each_entry(page, &zone->buddy.area[order].list[mt],
						    buddy_list)
					hash += (pfn_of(rig->m, page) + 1) * 0x9e3779b97f4a7c15u ^
						order;
			}
		}
	}
	return hash;
}

static void test_targets(void **state)
{
	static const unsigned int orders[] = { 1, 2, 3, 5, 8, 9, 10 };
	static const double targets[] = { 0.1, 0.25, 0.5, 0.75, 0.9, 1.0 };
	static const unsigned long seeds[] = { 0, 1, 0xdeadbeef };

	for (size_t o = 0; o < ARRAY_SIZE(orders); o++) {
		/* Large orders need many blocks for a share to be near the target. */
		struct rig rig = rig_up(orders[o] < 8 ? "mem=48M nr_cpus=1" : "mem=768M nr_cpus=1");

		for (size_t t = 0; t < ARRAY_SIZE(targets); t++) {
			size_t s = (o + t) % ARRAY_SIZE(seeds);
			double before = kalloc_unusable_index(orders[o]);
			double index = kalloc_fragment(orders[o], targets[t], seeds[s]);

			assert_true(before < 0.1);
			assert_true(distance(index, targets[t]) <= 0.02);
			assert_true(distance(index, kalloc_unusable_index(orders[o])) < 1e-9);
			rig_free(&rig);
			kalloc_defragment();
			assert_int_equal(rig_free(&rig), rig.nr_free);
			assert_true(distance(before, kalloc_unusable_index(orders[o])) < 1e-9);
		}
		rig_down(&rig);
	}
}

static void test_seeds(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	unsigned long first, other;

	kalloc_fragment(4, 0.6, 42);
	first = fingerprint(&rig);
	rig_down_lost(&rig, rig.nr_free - rig_free(&rig));

	/* The same on another machine; another seed differs. */
	rig = rig_up("mem=64M nr_cpus=1");
	kalloc_fragment(4, 0.6, 42);
	assert_int_equal(fingerprint(&rig), first);
	rig_down_lost(&rig, rig.nr_free - rig_free(&rig));

	rig = rig_up("mem=64M nr_cpus=1");
	kalloc_fragment(4, 0.6, 43);
	other = fingerprint(&rig);
	assert_int_not_equal(other, first);
	kalloc_defragment();
	rig_down(&rig);
}

/* It means what it says: at index 1 no such block is to be had, yet memory is. */
static void test_effect(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct page *page;

	assert_true(distance(kalloc_fragment(9, 1.0, 7), 1.0) < 1e-9);
	assert_true(rig_free(&rig) > rig.nr_free * 9 / 10);
	for (unsigned int order = 0; order <= 8; order++) {
		page = alloc_pages(GFP_KERNEL, order);
		assert_ptr_equal(page_zone(page), rig_zone(&rig, 0, ZONE_DMA32));
		__free_pages(page, order);
	}
	page = alloc_pages(GFP_KERNEL, 9);
	assert_true(!page || page_zone(page) != rig_zone(&rig, 0, ZONE_DMA32));
	if (page)
		__free_pages(page, 9);
	kalloc_defragment();
	page = alloc_pages(GFP_KERNEL, 9);
	assert_ptr_equal(page_zone(page), rig_zone(&rig, 0, ZONE_DMA32));
	__free_pages(page, 9);
	rig_down(&rig);
}

/* Called again it goes on from there, and never back. */
static void test_again(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	assert_true(distance(kalloc_fragment(5, 0.3, 1), 0.3) <= 0.02);
	assert_true(distance(kalloc_fragment(5, 0.7, 2), 0.7) <= 0.02);
	assert_true(distance(kalloc_fragment(5, 0.2, 3), 0.7) <= 0.02);
	assert_true(kalloc_unusable_index(0) < 1e-9);
	assert_true(kalloc_unusable_index(1) < kalloc_unusable_index(5));
	assert_true(kalloc_unusable_index(5) < kalloc_unusable_index(9));
	kalloc_defragment();
	kalloc_defragment();
	rig_down(&rig);
}

/* Frames that somebody uses stay what they are. */
static void test_among_used(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct page *pages[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = alloc_pages(GFP_KERNEL, i % 4);
		memset(page_address(pages[i]), (int)i, PAGE_SIZE);
	}
	kalloc_fragment(6, 0.8, 5);
	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		assert_int_equal(page_count(pages[i]), 1);
		assert_int_equal(*(unsigned char *)page_address(pages[i]), i);
		__free_pages(pages[i], i % 4);
	}
	kalloc_defragment();
	rig_down(&rig);
}

static void test_refused(void **state)
{
	static const struct {
		unsigned int order;
		double target;
	} rows[] = {
		{ 0, 0.5 }, { 11, 0.5 }, { 64, 0.5 }, { 5, -0.01 }, { 5, 1.01 }, { 5, 0.0 / 0.0 },
	};
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_true(kalloc_fragment(rows[i].order, rows[i].target, 1) == -EINVAL);
	assert_true(kalloc_unusable_index(11) == -EINVAL);
	assert_int_equal(rig_free(&rig), rig.nr_free);

	/* Nothing to do is not refused. */
	assert_true(distance(kalloc_fragment(3, 0.0, 1), kalloc_unusable_index(3)) < 1e-9);
	assert_int_equal(rig_free(&rig), rig.nr_free);
	kalloc_defragment();
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets),	   cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_effect),	   cmocka_unit_test(test_again),
		cmocka_unit_test(test_among_used), cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
