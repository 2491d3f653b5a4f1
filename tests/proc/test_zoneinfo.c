/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/zoneinfo.c and zones.c: a real kernel's numbers come out as its
 * own text; the whole file has the same lines as its; the values are those of the
 * zones; which zones are shown, in which order.
 */
#include "proc_test.h"

#include <stdio.h>

#include <kalloc/page.h>

#include <kalloc/reclaim.h>

#include "event.h"
#include "formats.h"
#include "node.h"
#include "room.h"
#include "sample_zoneinfo.h"

/* The sample's first zone, with the numbers that are not 0. */
static struct zoneinfo sample_zone(void)
{
	struct zoneinfo info = {
		.name = "DMA",
		.is_populated = true,
		.shows_node = true,
		.nr_protection = 5,
		.mark = { 22, 27, 32 },
		.spanned = 4095,
		.present = 3998,
		.managed = 3840,
		.start_pfn = 1,
		.protection = { 0, 444, 444, 444, 444 },
	};
	static const struct {
		enum item item;
		unsigned long value;
	} values[] = {
		{ ITEM_nr_inactive_anon, 130 },	    { ITEM_nr_active_anon, 455 },
		{ ITEM_nr_slab_reclaimable, 2271 }, { ITEM_nr_slab_unreclaimable, 1747 },
		{ ITEM_nr_anon_pages, 13 },	    { ITEM_nr_mapped, 403 },
		{ ITEM_nr_file_pages, 559 },	    { ITEM_nr_shmem, 559 },
		{ ITEM_nr_kernel_stack, 864 },	    { ITEM_nr_page_table_pages, 16 },
		{ ITEM_nr_free_pages, 3808 },	    { ITEM_numa_hit, 1 },
		{ ITEM_numa_interleave, 1 },	    { ITEM_numa_local, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		info.items.value[values[i].item] = values[i].value;
	return info;
}

static void test_kernels_numbers(void **state)
{
	static const struct zoneinfo_cpu cpu = { .high = 13, .batch = 1, .threshold = 4 };
	const char *end = strstr(SAMPLE_ZONEINFO, "Node 0, zone    DMA32");
	struct zoneinfo info = sample_zone();
	char *ours = test_malloc(8192), *kernels = test_calloc(1, 8192);
	struct text text = text_on(ours, 8192);

	memcpy(kernels, SAMPLE_ZONEINFO, (size_t)(end - SAMPLE_ZONEINFO));
	zoneinfo_format_zone(&text, &info);
	zoneinfo_format_cpu(&text, 0, &cpu);
	zoneinfo_format_cpu(&text, 1, &cpu);
	zoneinfo_format_end(&text, &info);
	assert_string_equal(ours, kernels);
	test_free(ours);
	test_free(kernels);
}

static void test_lines(void **state)
{
	TEST_ENTER(m, "mem=512M nr_cpus=2");
	char *text = file_text("/proc/zoneinfo");

	assert_same_shape(text, SAMPLE_ZONEINFO, false);
	test_free(text);
	kalloc_halt(m);
}

/* What is the same on the sample's machine. */
static void test_values(void **state)
{
	TEST_ENTER(m, "mem=512M nr_cpus=2");
	char *text = file_text("/proc/zoneinfo");
	char *dma32 = strstr(text, "zone    DMA32");

	assert_int_equal(file_number(text, "spanned"), 4095);
	assert_int_equal(file_number(text, "present"), 3998);
	assert_int_equal(file_number(text, "managed"), 3840);
	assert_int_equal(file_number(text, "start_pfn:"), 1);
	assert_int_equal(file_number(text, "batch:"), 1);
	assert_int_equal(file_number(text, "vm stats threshold:"), 4);
	assert_int_equal(file_number(dma32, "batch:"), 31);
	assert_int_equal(file_number(dma32, "vm stats threshold:"), 12);
	assert_int_equal(file_number(dma32, "start_pfn:"), 4096);
	assert_non_null(strstr(dma32, "protection: (0, 0, 0, 0, 0)"));
	test_free(text);
	kalloc_halt(m);
}

static void test_follows_the_machine(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1");
	char *before = file_text("/proc/zoneinfo"), *after;
	unsigned long page = __get_free_pages(GFP_KERNEL, 0);

	assert_int_equal(kalloc_write("/proc/sys/vm/min_free_kbytes", "2000"), 4);
	free_pages(page, 0);
	after = file_text("/proc/zoneinfo");
	assert_true(file_number(after, "min") > file_number(before, "min"));
	assert_true(file_number(strstr(after, "DMA32"), "count:") > 0);
	assert_int_equal(file_number(strstr(after, "DMA32"), "numa_hit"),
			 file_number(strstr(before, "DMA32"), "numa_hit") + 1);
	test_free(before);
	test_free(after);
	kalloc_halt(m);
}

/* LRU counts stand under their zone and their node, what was written under node 0. */
static void test_lru(void **state)
{
	TEST_ENTER(m, "mem=64M numa=fake=2 nr_cpus=2");
	struct kalloc_mapping mapping = { NULL, NULL };
	struct page *page = alloc_pages_node(1, GFP_KERNEL | __GFP_THISNODE, 0);
	char *text, *second;

	kalloc_lru_add(page, &mapping, KALLOC_PAGE_DIRTY);
	page_event_add(m, NR_WRITTEN, 7);
	m->page->nodes[1].kswapd.failures = KSWAPD_MAX_FAILURES;
	text = file_text("/proc/zoneinfo");
	second = strstr(text, "Node 1, zone    DMA32");
	assert_int_equal(file_number(text, "nr_inactive_file"), 0);
	assert_int_equal(file_number(text, "nr_zone_inactive_file"), 0);
	assert_int_equal(file_number(text, "nr_written"), 7);
	assert_int_equal(file_number(text, "node_unreclaimable:"), 0);
	assert_int_equal(file_number(second, "nr_inactive_file"), 1);
	assert_int_equal(file_number(second, "nr_zone_inactive_file"), 1);
	assert_int_equal(file_number(second, "nr_dirty"), 1);
	assert_int_equal(file_number(second, "nr_written"), 0);
	assert_int_equal(file_number(second, "node_unreclaimable:"), 1);
	test_free(text);
	kalloc_lru_remove(page);
	__free_page(page);
	kalloc_halt(m);
}

/* The zones' names in the order of the file, "*" before each with per-node stats. */
static void zones_shown(const char *cmdline, char *names, size_t size)
{
	TEST_ENTER(m, cmdline);
	char *text = file_text("/proc/zoneinfo");
	struct text out = text_on(names, size);

	for (char *line = strstr(text, "Node "); line; line = strstr(line, "Node ")) {
		char name[16];
		int nid;

		assert_int_equal(sscanf(line, "Node %d, zone %15s", &nid, name), 2);
		line = strchr(line, '\n');
		text_add(&out, "%s%d%s ", strncmp(line, "\n  per-node", 11) == 0 ? "*" : "", nid,
			 name);
	}
	test_free(text);
	kalloc_halt(m);
}

static void test_zones_shown(void **state)
{
	static const struct {
		const char *cmdline;
		const char *zones;
	} rows[] = {
		{ "mem=64M", "*0DMA 0DMA32 0Normal 0Movable 0Device " },
		{ "mem=64M highmem=16M", "*0DMA 0DMA32 0Normal 0HighMem 0Movable 0Device " },
		{ "mem=64M numa=fake=2", "*0DMA 0DMA32 0Normal 0Movable 0Device "
					 "1DMA *1DMA32 1Normal 1Movable 1Device " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char names[256];

		zones_shown(rows[i].cmdline, names, sizeof(names));
		assert_string_equal(names, rows[i].zones);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_numbers),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_follows_the_machine),
		cmocka_unit_test(test_lru),
		cmocka_unit_test(test_zones_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
