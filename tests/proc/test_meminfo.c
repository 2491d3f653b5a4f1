/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/meminfo.c: a real kernel's numbers come out as its own text;
 * ours has the same lines; MemAvailable by the kernel's formula; the totals follow
 * what is allocated.
 */
#include "proc_test.h"

#include <kalloc/page.h>
#include <kalloc/reclaim.h>
#include <kalloc/vmalloc.h>

#include "meminfo.h"
#include "page.h"
#include "sample_meminfo.h"

static void test_kernels_numbers(void **state)
{
	static char buf[8192];
	struct text text = text_on(buf, sizeof(buf));
	struct meminfo info = { { 0 } };
	const char *p = SAMPLE_MEMINFO;

	for (unsigned int i = 0; i < NR_MEMINFO_LINES; i++) {
		if (i >= MEMINFO_HIGH_TOTAL && i <= MEMINFO_LOW_FREE)
			continue;
		p = strchr(p, ':') + 1;
		info.value[i] = strtoul(p, NULL, 10);
		p = strchr(p, '\n') + 1;
	}
	assert_string_equal(p, "");
	meminfo_format(&text, &info, false);
	assert_string_equal(buf, SAMPLE_MEMINFO);
}

/* The sample's free, reclaimable, low marks and reserves give its MemAvailable. */
static void test_available(void **state)
{
	assert_int_equal(meminfo_available(113037, 0, 2271, 854, 444 + 32 + 992), 112986);
	assert_int_equal(meminfo_available(113037, 0, 2271, 2000, 1468), 113037 - 1468 + 1136);
	assert_int_equal(meminfo_available(100, 0, 0, 50, 101), 0);
	/* Half of the page cache has to stay, or as much as the low marks. */
	assert_int_equal(meminfo_available(1000, 60, 0, 50, 0), 1030);
	assert_int_equal(meminfo_available(1000, 600, 0, 50, 0), 1550);
	assert_int_equal(meminfo_available(1000, 60, 40, 50, 100), 950);
}

/* Take the line of VmallocTotal out: on the sample its number is wider than its column. */
static void cut_vmalloc_total(char *text)
{
	char *line = strstr(text, "VmallocTotal:"), *next;

	assert_non_null(line);
	next = strchr(line, '\n') + 1;
	memmove(line, next, strlen(next) + 1);
}

static void test_lines(void **state)
{
	TEST_ENTER(m, "mem=512M");
	char *text = file_text("/proc/meminfo");
	char sample[] = SAMPLE_MEMINFO;

	cut_vmalloc_total(text);
	cut_vmalloc_total(sample);
	assert_same_shape(text, sample, true);
	test_free(text);
	kalloc_halt(m);
}

static unsigned long meminfo(const char *name)
{
	char *text = file_text("/proc/meminfo");
	unsigned long number = file_number(text, name);

	test_free(text);
	return number;
}

static void test_values(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1 vmalloc=96M");
	unsigned long before = meminfo("MemFree:"), used = meminfo("VmallocUsed:");
	struct page *page = alloc_pages(GFP_KERNEL, 8);
	void *area;

	assert_int_equal(meminfo("MemTotal:"), pages_total(m) * 4);
	assert_int_equal(meminfo("MemFree:"), before - 1024);
	assert_int_equal(meminfo("VmallocTotal:"), 96 << 10);
	assert_int_equal(meminfo("CommitLimit:"), meminfo("MemTotal:") / 2);
	assert_int_equal(meminfo("Slab:"), meminfo("SReclaimable:") + meminfo("SUnreclaim:"));
	assert_in_range(meminfo("MemAvailable:"), 1, meminfo("MemFree:"));
	area = vmalloc(10 * PAGE_SIZE);
	assert_int_equal(meminfo("VmallocUsed:"), used + 40);
	vfree(area);
	assert_int_equal(meminfo("VmallocUsed:"), used);
	__free_pages(page, 8);
	kalloc_halt(m);
}

static void test_lru_and_swap(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1 kalloc.swap=16M");
	struct kalloc_mapping mapping = { NULL, NULL };
	enum kalloc_page_kind kinds[] = { KALLOC_PAGE_CLEAN, KALLOC_PAGE_DIRTY, KALLOC_PAGE_ANON };
	struct page *pages[ARRAY_SIZE(kinds)];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		kalloc_lru_add(pages[i], &mapping, kinds[i]);
	}
	kalloc_lru_touch(pages[0]);
	kalloc_lru_touch(pages[0]);
	assert_int_equal(meminfo("Active:"), 4);
	assert_int_equal(meminfo("Active(file):"), 4);
	assert_int_equal(meminfo("Active(anon):"), 0);
	assert_int_equal(meminfo("Inactive:"), 8);
	assert_int_equal(meminfo("Inactive(file):"), 4);
	assert_int_equal(meminfo("Inactive(anon):"), 4);
	assert_int_equal(meminfo("Cached:"), 8);
	assert_int_equal(meminfo("AnonPages:"), 4);
	assert_int_equal(meminfo("Dirty:"), 4);
	assert_int_equal(meminfo("SwapTotal:"), 16384);
	assert_int_equal(meminfo("SwapFree:"), 16384);
	assert_int_equal(meminfo("CommitLimit:"), meminfo("MemTotal:") / 2 + 16384);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		kalloc_lru_remove(pages[i]);
		__free_page(pages[i]);
	}
	kalloc_halt(m);
}

static void test_highmem(void **state)
{
	TEST_ENTER(m, "mem=64M highmem=16M");
	char *text = file_text("/proc/meminfo");

	assert_non_null(strstr(text, " kB\nHighTotal:         16384 kB\nHighFree: "));
	assert_int_equal(meminfo("HighTotal:") + meminfo("LowTotal:"), meminfo("MemTotal:"));
	assert_int_equal(meminfo("HighFree:") + meminfo("LowFree:"), meminfo("MemFree:"));
	test_free(text);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_numbers), cmocka_unit_test(test_available),
		cmocka_unit_test(test_lines),		cmocka_unit_test(test_values),
		cmocka_unit_test(test_lru_and_swap),	cmocka_unit_test(test_highmem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
