/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/bulk.c: empty slots are filled and full ones kept, the frames are
 * those that single requests would have got, and a short zone gives at least one.
 */
#include "rig.h"

static struct rig rig;

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=1");
	return 0;
}

static int down(void **state)
{
	rig_down(&rig);
	return 0;
}

static void free_all(struct page **pages, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		__free_page(pages[i]);
}

static void test_slots(void **state)
{
	struct page *pages[8] = { NULL }, *kept = alloc_page(GFP_KERNEL);

	pages[2] = kept;
	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 8, pages), 8);
	assert_ptr_equal(pages[2], kept);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(page_count(pages[i]), 1);
		for (int j = 0; j < i; j++)
			assert_ptr_not_equal(pages[i], pages[j]);
	}
	assert_int_equal(rig_free(&rig), rig.nr_free - 8);

	/* Nothing to do, one to do, none asked for. */
	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 8, pages), 8);
	__free_page(pages[7]);
	pages[7] = NULL;
	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 8, pages), 8);
	assert_non_null(pages[7]);
	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 0, pages), 0);
	free_all(pages, 8);
}

/* Two machines of one command line: one asks one by one, the other for all at once. */
static void test_same_frames(void **state)
{
	struct page *bulk[40] = { NULL }, *single[40];
	struct rig other;

	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 40, bulk), 40);
	other = rig_up("mem=64M nr_cpus=1");
	for (int i = 0; i < 40; i++) {
		single[i] = alloc_page(GFP_KERNEL);
		assert_int_equal(page_to_pfn(single[i]), page_to_pfn(bulk[i]));
	}
	free_all(single, 40);
	rig_down(&other);
	kalloc_enter(rig.m);
	free_all(bulk, 40);
}

static void test_zeroed(void **state)
{
	struct page *pages[8] = { NULL };

	for (int i = 0; i < 2; i++) {
		assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL | __GFP_ZERO, 8, pages), 8);
		for (int n = 0; n < 8; n++) {
			unsigned char *bytes = page_address(pages[n]);

			assert_int_equal(bytes[0], 0);
			assert_memory_equal(bytes, bytes + 1, PAGE_SIZE - 1);
			memset(bytes, 0xa5, PAGE_SIZE);
			__free_page(pages[n]);
			pages[n] = NULL;
		}
	}
}

/* Below the low mark only one is tried for; when nothing is left, none. */
static void test_short(void **state)
{
	struct page *pages[8] = { NULL };
	struct list_head taken = LIST_INIT(taken);
	struct page *freed;

	rig_exhaust(&taken, GFP_ATOMIC, 0);
	assert_int_equal(alloc_pages_bulk_array(GFP_NOWAIT | __GFP_NOWARN, 8, pages), 0);
	assert_null(pages[0]);

	freed = list_first_entry(&taken, struct page, lru);
	list_del(&freed->lru);
	__free_page(freed);
	pages_drain(rig.m);
	assert_int_equal(
		alloc_pages_bulk_array(GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN, 8, pages), 1);
	assert_null(pages[1]);
	__free_page(pages[0]);
	rig_release(&taken, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_slots, up, down),
		cmocka_unit_test_setup_teardown(test_same_frames, up, down),
		cmocka_unit_test_setup_teardown(test_zeroed, up, down),
		cmocka_unit_test_setup_teardown(test_short, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
