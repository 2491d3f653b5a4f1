/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/vmstat.c and items.c: a real kernel's numbers come out as its
 * own text; ours has the same lines; the counters follow what is allocated.
 */
#include "proc_test.h"

#include <kalloc/page.h>
#include <kalloc/slab.h>

#include "formats.h"
#include "sample_vmstat.h"

/* Give the sample's numbers, in its order, to the items that such a kernel shows. */
static void sample_items(struct items *items)
{
	const char *p = SAMPLE_VMSTAT;

	for (unsigned int i = 0; i < NR_ITEMS; i++) {
		if (item_is_highmem(i))
			continue;
		p = strchr(p, ' ') + 1;
		items->value[i] = strtoul(p, NULL, 10);
		p = strchr(p, '\n') + 1;
	}
	assert_string_equal(p, "");
}

static void test_kernels_numbers(void **state)
{
	static char buf[16384];
	struct text text = text_on(buf, sizeof(buf));
	struct items items = { { 0 } };

	sample_items(&items);
	vmstat_format(&text, &items, false);
	assert_string_equal(buf, SAMPLE_VMSTAT);
}

static void test_lines(void **state)
{
	TEST_ENTER(m, "mem=64M");
	char *text = file_text("/proc/vmstat");

	assert_same_shape(text, SAMPLE_VMSTAT, false);
	test_free(text);
	kalloc_halt(m);
}

static void test_highmem_lines(void **state)
{
	TEST_ENTER(m, "mem=64M highmem=16M");
	char *text = file_text("/proc/vmstat");

	assert_non_null(strstr(text, "\npgalloc_normal 0\npgalloc_high 0\npgalloc_movable 0\n"));
	assert_non_null(strstr(text, "\nallocstall_high 0\n"));
	assert_non_null(strstr(text, "\npgskip_high 0\n"));
	test_free(text);
	kalloc_halt(m);
}

static unsigned long vmstat(const char *name)
{
	char *text = file_text("/proc/vmstat");
	unsigned long number = file_number(text, name);

	test_free(text);
	return number;
}

static void test_counts(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=2");
	unsigned long free_before = vmstat("nr_free_pages");
	unsigned long alloc_before = vmstat("pgalloc_dma32");
	unsigned long freed_before = vmstat("pgfree");
	unsigned long hit_before = vmstat("numa_hit");
	struct page *page = alloc_pages(GFP_KERNEL, 6);

	assert_int_equal(vmstat("nr_free_pages"), free_before - 64);
	assert_int_equal(vmstat("pgalloc_dma32"), alloc_before + 64);
	assert_int_equal(vmstat("numa_hit"), hit_before + 1);
	assert_int_equal(vmstat("numa_local"), vmstat("numa_hit"));
	__free_pages(page, 6);
	assert_int_equal(vmstat("nr_free_pages"), free_before);
	assert_int_equal(vmstat("pgfree"), freed_before + 64);
	assert_int_equal(vmstat("pgalloc_dma"), 0);

	page = alloc_pages(GFP_DMA, 5);
	assert_int_equal(vmstat("pgalloc_dma"), 32);
	__free_pages(page, 5);
	kalloc_halt(m);
}

static void test_slab_counts(void **state)
{
	TEST_ENTER(m, "mem=64M");
	struct kmem_cache *s = kmem_cache_create("rcl", 4096, 0, SLAB_RECLAIM_ACCOUNT, NULL);
	unsigned long before = vmstat("nr_slab_reclaimable");
	unsigned long unreclaimable = vmstat("nr_slab_unreclaimable");
	void *object = kmem_cache_alloc(s, GFP_KERNEL);

	assert_int_equal(vmstat("nr_slab_reclaimable"), before + 8);
	assert_int_equal(vmstat("nr_slab_unreclaimable"), unreclaimable);
	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	assert_int_equal(vmstat("nr_slab_reclaimable"), before);
	kalloc_halt(m);
}

/* What is wanted on one node and had from the other counts as a miss there, foreign here. */
static void test_numa_counts(void **state)
{
	TEST_ENTER(m, "mem=64M numa=fake=2 nr_cpus=2");
	struct page *page;
	unsigned long other = vmstat("numa_other"), misses;

	kalloc_set_cpu(0);
	page = alloc_pages_node(1, GFP_KERNEL, 4);
	assert_int_equal(page_to_nid(page), 1);
	assert_int_equal(vmstat("numa_other"), other + 1);
	__free_pages(page, 4);

	assert_int_equal(vmstat("numa_miss"), 0);
	while ((page = alloc_pages_node(1, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, 10)) &&
	       page_to_nid(page) == 1)
		continue;
	assert_non_null(page);
	misses = vmstat("numa_miss");
	assert_true(misses > 0);
	assert_int_equal(vmstat("numa_foreign"), misses);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_numbers), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_highmem_lines),	cmocka_unit_test(test_counts),
		cmocka_unit_test(test_slab_counts),	cmocka_unit_test(test_numa_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
