/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/exact.c: a size gets the frames it needs, each counted, and the
 * surplus of its block is free again at once.
 */
#include "rig.h"

static void test_sizes(void **state)
{
	static const struct {
		size_t bytes;
		unsigned long nr;
	} rows[] = {
		{ 1, 1 },
		{ PAGE_SIZE, 1 },
		{ PAGE_SIZE + 1, 2 },
		{ 3 * PAGE_SIZE, 3 },
		{ 5 * PAGE_SIZE + 1, 6 },
		{ 8 * PAGE_SIZE, 8 },
		{ 33 * PAGE_SIZE, 33 },
		{ 4UL << 20, 1024 },
	};
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *start = alloc_pages_exact(rows[i].bytes, GFP_KERNEL);
		struct page *page = virt_to_page(start);

		assert_non_null(start);
		for (unsigned long n = 0; n < rows[i].nr; n++) {
			assert_int_equal(page_count(page + n), 1);
			assert_false(PageCompound(page + n));
		}
		for (unsigned long n = rows[i].nr; n < 1UL << get_order(rows[i].bytes); n++)
			assert_int_equal(page_count(page + n), 0);
		memset(start, 0xa5, rows[i].bytes);
		assert_int_equal(rig_free(&rig), rig.nr_free - rows[i].nr);
		free_pages_exact(start, rows[i].bytes);
		assert_int_equal(rig_free(&rig), rig.nr_free);
	}
	rig_down(&rig);
}

static void test_refused(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	void *start;

	assert_null(alloc_pages_exact((4UL << 20) + 1, GFP_KERNEL | __GFP_NOWARN));
	assert_null(alloc_pages_exact(0, GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(said, "");

	/* Single pages are no compound page: said once, then the flag is just dropped. */
	for (int i = 0; i < 2; i++) {
		start = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL | __GFP_COMP);
		assert_false(PageCompound(virt_to_page(start)));
		assert_int_equal(said_count("cut here"), 1);
		free_pages_exact(start, 3 * PAGE_SIZE);
	}
	rig_down(&rig);
}

/* A linear address even where most memory has none, and on the node that was named. */
static void test_place(void **state)
{
	struct rig rig = rig_up("mem=64M highmem=16M nr_cpus=1");
	char *start = alloc_pages_exact(PAGE_SIZE, GFP_HIGHUSER);

	assert_true(is_linear(rig.m, start));
	free_pages_exact(start, PAGE_SIZE);
	rig_down(&rig);

	rig = rig_up("mem=128M numa=fake=2 nr_cpus=1");
	for (int nid = 0; nid < 2; nid++) {
		start = alloc_pages_exact_nid(nid, 3 * PAGE_SIZE, GFP_KERNEL);
		assert_int_equal(page_to_nid(virt_to_page(start)), nid);
		free_pages_exact(start, 3 * PAGE_SIZE);
	}
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
