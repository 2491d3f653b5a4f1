/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/pagetypeinfo.c: a real kernel's lines come out as they were; the
 * file has the same lines and columns as its; the types add up to buddyinfo.
 */
#include "proc_test.h"

#include <kalloc/page.h>

#include "formats.h"
#include "sample_pagetypeinfo.h"

static void test_kernels_lines(void **state)
{
	static const unsigned long nr_free[] = { 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 103 };
	static const unsigned long nr_blocks[] = { 33, 209, 6, 0, 0 };
	struct zone zone = { .name = "DMA32", .nid = 0 };
	char buf[200];
	struct text text = text_on(buf, sizeof(buf));

	pagetypeinfo_format_free(&text, &zone, MIGRATE_MOVABLE, nr_free, 10);
	assert_true(text.len < sizeof(buf));
	assert_non_null(strstr(SAMPLE_PAGETYPEINFO, buf));
	text = text_on(buf, sizeof(buf));
	pagetypeinfo_format_blocks(&text, &zone, nr_blocks);
	assert_non_null(strstr(SAMPLE_PAGETYPEINFO, buf));
}

/* The kernel stops counting a list at 100000. */
static void test_count_cap(void **state)
{
	struct zone zone = { .name = "Normal", .nid = 1 };
	char buf[200];
	struct text text = text_on(buf, sizeof(buf));

	pagetypeinfo_format_free(&text, &zone, MIGRATE_UNMOVABLE,
				 (unsigned long[]){ 99999, 100000, 123456 }, 2);
	assert_string_equal(buf, "Node    1, zone   Normal, type    Unmovable  99999 >100000 "
				 ">100000 \n");
}

static void test_lines(void **state)
{
	TEST_ENTER(m, "mem=512M nr_cpus=2");
	char *text = file_text("/proc/pagetypeinfo");

	assert_same_shape(text, SAMPLE_PAGETYPEINFO, true);
	assert_int_equal(strncmp(text, SAMPLE_PAGETYPEINFO, 150), 0);
	test_free(text);
	kalloc_halt(m);
}

static void test_small_blocks(void **state)
{
	TEST_ENTER(m, "mem=64M kalloc.max_order=5");
	char *text = file_text("/proc/pagetypeinfo");

	assert_non_null(strstr(text, "Page block order: 5\nPages per block:  32\n\n"));
	assert_non_null(strstr(text, "at order       0      1      2      3      4      5 \n"));
	test_free(text);
	kalloc_halt(m);
}

static void test_one_part_per_node(void **state)
{
	TEST_ENTER(m, "mem=64M numa=fake=2");
	char *text = file_text("/proc/pagetypeinfo");
	char *second = strstr(text + 1, "Page block order: 9\n");

	assert_non_null(second);
	assert_null(strstr(second, "Node    0"));
	assert_null(strstr(second, "Node 0"));
	assert_non_null(strstr(second, "\nNode    1, zone    DMA32, type      Isolate "));
	test_free(text);
	kalloc_halt(m);
}

/* Columns 0 .. 10 that stand behind @mark, added up over the lines that have it. */
static void add_columns(const char *text, const char *mark, size_t skip, unsigned long sum[11])
{
	memset(sum, 0, 11 * sizeof(*sum));
	for (const char *p = strstr(text, mark); p; p = strstr(p, mark)) {
		char *end;

		p += skip;
		for (int order = 0; order < 11; order++) {
			sum[order] += strtoul(p, &end, 10);
			p = end;
		}
	}
}

static void test_types_add_up(void **state)
{
	TEST_ENTER(m, "mem=64M");
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_RECLAIMABLE, 2);
	char *types = file_text("/proc/pagetypeinfo"), *buddy = file_text("/proc/buddyinfo");
	unsigned long by_type[11], total[11];

	add_columns(types, ", type ", strlen(", type    Unmovable"), by_type);
	add_columns(buddy, ", zone ", strlen(", zone    DMA32"), total);
	assert_memory_equal(by_type, total, sizeof(total));
	test_free(types);
	test_free(buddy);
	__free_pages(page, 2);
	kalloc_halt(m);
}

/* A request of a type takes a pageblock for it; the zone has 48 MiB of them. */
static void test_blocks_change_type(void **state)
{
	TEST_ENTER(m, "mem=64M");
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_RECLAIMABLE, 2);
	char *text = file_text("/proc/pagetypeinfo");
	char *line = strstr(strstr(text, "Number of blocks type"), "zone    DMA32 ");
	unsigned long nr[MIGRATE_TYPES], sum = 0;

	line += strlen("zone    DMA32 ");
	for (int mt = 0; mt < MIGRATE_TYPES; mt++)
		sum += nr[mt] = strtoul(line, &line, 10);
	assert_int_equal(sum, 24);
	assert_true(nr[MIGRATE_UNMOVABLE] > 0);
	assert_true(nr[MIGRATE_RECLAIMABLE] > 0);
	assert_true(nr[MIGRATE_MOVABLE] > 18);
	test_free(text);
	__free_pages(page, 2);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_lines),
		cmocka_unit_test(test_count_cap),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_small_blocks),
		cmocka_unit_test(test_one_part_per_node),
		cmocka_unit_test(test_types_add_up),
		cmocka_unit_test(test_blocks_change_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
