/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/knobs.c: what each file under /proc/sys/vm takes, refuses and
 * shows, and that setting it has its effect.
 */
#include "proc_test.h"

#include <errno.h>

#include <kalloc/page.h>

#define VM "/proc/sys/vm/"

static void assert_shows(const char *path, const char *value)
{
	char *text = file_text(path);

	assert_string_equal(text, value);
	test_free(text);
}

/* What is written first, then read; NULL where the write must fail and change nothing. */
static const struct {
	const char *path;
	const char *input;
	const char *shown;
} rows[] = {
	{ VM "min_free_kbytes", "5640", "5640\n" },
	{ VM "min_free_kbytes", "1025\n", "1025\n" },
	{ VM "min_free_kbytes", " \t77 \n", "77\n" },
	{ VM "min_free_kbytes", "0x100", "256\n" },
	{ VM "min_free_kbytes", "010", "8\n" },
	{ VM "min_free_kbytes", "+9", "9\n" },
	{ VM "min_free_kbytes", "0", "0\n" },
	{ VM "min_free_kbytes", "2147483647", "2147483647\n" },
	{ VM "min_free_kbytes", "2147483648", NULL },
	{ VM "min_free_kbytes", "99999999999999999999", NULL },
	{ VM "min_free_kbytes", "-1", NULL },
	{ VM "min_free_kbytes", "", NULL },
	{ VM "min_free_kbytes", "\n", NULL },
	{ VM "min_free_kbytes", "12k", NULL },
	{ VM "min_free_kbytes", "1 2", NULL },
	{ VM "min_free_kbytes", "many", NULL },
	{ VM "watermark_scale_factor", "1", "1\n" },
	{ VM "watermark_scale_factor", "3000", "3000\n" },
	{ VM "watermark_scale_factor", "3001", NULL },
	{ VM "watermark_scale_factor", "0", NULL },
	{ VM "watermark_boost_factor", "0", "0\n" },
	{ VM "watermark_boost_factor", "15000", "15000\n" },
	{ VM "watermark_boost_factor", "-1", NULL },
};

static void test_rows(void **state)
{
	TEST_ENTER(m, "mem=64M");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *before = file_text(rows[i].path);
		long n = kalloc_write(rows[i].path, rows[i].input);

		assert_int_equal(n, rows[i].shown ? (long)strlen(rows[i].input) : -EINVAL);
		assert_shows(rows[i].path, rows[i].shown ? rows[i].shown : before);
		test_free(before);
	}
	kalloc_halt(m);
}

static void test_defaults(void **state)
{
	TEST_ENTER(m, "mem=64M");

	assert_shows(VM "watermark_scale_factor", "10\n");
	assert_shows(VM "watermark_boost_factor", "15000\n");
	assert_shows(VM "lowmem_reserve_ratio", "256\t256\t32\t0\t0\n");
	kalloc_halt(m);
}

static unsigned long zoneinfo_dma32(const char *name)
{
	char *text = file_text("/proc/zoneinfo");
	unsigned long number = file_number(strstr(text, "DMA32"), name);

	test_free(text);
	return number;
}

/* The marks move as section 4 of the facts says: low = min + max(min/4, managed*factor/10000). */
static void test_marks(void **state)
{
	TEST_ENTER(m, "mem=512M");
	unsigned long managed = zoneinfo_dma32("managed"), min;

	assert_true(kalloc_write(VM "min_free_kbytes", "8000") > 0);
	min = zoneinfo_dma32("min");
	assert_true(min > 1800 && min < 2000);
	assert_int_equal(zoneinfo_dma32("low"), min + min / 4);
	assert_int_equal(zoneinfo_dma32("high"), min + 2 * (min / 4));

	assert_true(kalloc_write(VM "watermark_scale_factor", "1000") > 0);
	assert_int_equal(zoneinfo_dma32("min"), min);
	assert_int_equal(zoneinfo_dma32("low"), min + managed / 10);
	assert_int_equal(zoneinfo_dma32("high"), min + 2 * (managed / 10));
	kalloc_halt(m);
}

static void test_compact_memory(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1");
	unsigned long page = __get_free_pages(GFP_KERNEL, 0);

	free_pages(page, 0);
	assert_true(zoneinfo_dma32("count:") > 0);
	assert_int_equal(kalloc_write(VM "compact_memory", "0"), -EINVAL);
	assert_int_equal(kalloc_write(VM "compact_memory", "2"), -EINVAL);
	assert_int_equal(kalloc_write(VM "compact_memory", "x"), -EINVAL);
	assert_true(zoneinfo_dma32("count:") > 0);
	assert_int_equal(kalloc_write(VM "compact_memory", "1\n"), 2);
	assert_int_equal(zoneinfo_dma32("count:"), 0);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_compact_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
