/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/buddyinfo.c: a real kernel's line comes out as it was; one
 * column for each order; the blocks add up to the free frames.
 */
#include "proc_test.h"

#include <kalloc/page.h>

#include "formats.h"

static void test_kernels_line(void **state)
{
	static const unsigned long nr_free[] = { 13, 1, 9, 10, 10, 11, 7, 8, 3, 1, 99 };
	struct zone zone = { .name = "DMA32", .nid = 0 };
	char buf[200];
	struct text text = text_on(buf, sizeof(buf));

	buddyinfo_format(&text, &zone, nr_free, 10);
	assert_string_equal(buf, "Node 0, zone    DMA32     13      1      9     10     10     11 "
				 "     7      8      3      1     99 \n");
}

/* Frames in all blocks of the file. */
static unsigned long frames(const char *text, unsigned int max_order)
{
	unsigned long nr = 0;

	for (const char *p = strstr(text, "zone "); p; p = strstr(p, "zone ")) {
		char *end;

		p += strlen("zone DMA     ");
		for (unsigned int order = 0; order <= max_order; order++) {
			nr += strtoul(p, &end, 10) << order;
			assert_int_equal(end - p, 7);
			p = end;
		}
		assert_int_equal(strncmp(p, " \n", 2), 0);
	}
	return nr;
}

static void test_adds_up(void **state)
{
	static const struct {
		const char *cmdline;
		unsigned int max_order;
	} rows[] = {
		{ "mem=64M", 10 },
		{ "mem=64M kalloc.max_order=3", 3 },
		{ "mem=1G kalloc.max_order=18", 18 },
		{ "mem=64M numa=fake=3 highmem=8M", 10 },
		{ "mem=5G movablecore=1G", 10 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		TEST_ENTER(m, rows[i].cmdline);
		struct page *page = alloc_pages(GFP_KERNEL, 3);
		char *text = file_text("/proc/buddyinfo"), *vmstat = file_text("/proc/vmstat");

		assert_int_equal(frames(text, rows[i].max_order),
				 file_number(vmstat, "nr_free_pages"));
		test_free(text);
		test_free(vmstat);
		__free_pages(page, 3);
		kalloc_halt(m);
	}
}

/* Taking one block of each order takes one from its column, or splits one above. */
static void test_follows_the_lists(void **state)
{
	TEST_ENTER(m, "mem=64M");
	char *before = file_text("/proc/buddyinfo"), *after;
	struct page *page = alloc_pages(GFP_KERNEL, 10);

	after = file_text("/proc/buddyinfo");
	assert_int_equal(frames(before, 10) - frames(after, 10), 1024);
	test_free(after);
	__free_pages(page, 10);
	after = file_text("/proc/buddyinfo");
	assert_string_equal(after, before);
	test_free(before);
	test_free(after);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_line),
		cmocka_unit_test(test_adds_up),
		cmocka_unit_test(test_follows_the_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
