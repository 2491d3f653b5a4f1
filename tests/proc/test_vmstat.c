/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/vmstat.c and items.c: a real kernel's numbers come out as its
 * own text; ours has the same lines; the counters follow what is allocated, what is on
 * the LRU lists and what the page room counts.
 */
#include "proc_test.h"

#include <kalloc/page.h>
#include <kalloc/slab.h>

#include <kalloc/reclaim.h>

#include "event.h"
#include "formats.h"
#include "lru.h"
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

/* Each event of the page room has a line of its own, and only that. */
static void test_events(void **state)
{
	static const char *const names[NR_PAGE_EVENTS] = {
		[ALLOCSTALL + ZONE_DMA] = "allocstall_dma",
		[ALLOCSTALL + ZONE_DMA32] = "allocstall_dma32",
		[ALLOCSTALL + ZONE_NORMAL] = "allocstall_normal",
		[ALLOCSTALL + ZONE_MOVABLE] = "allocstall_movable",
		[ALLOCSTALL + ZONE_DEVICE] = "allocstall_device",
		[ALLOCSTALL + ZONE_HIGHMEM] = "allocstall_high",
		[PGACTIVATE] = "pgactivate",
		[PGDEACTIVATE] = "pgdeactivate",
		[PGREFILL] = "pgrefill",
		[PGSTEAL_KSWAPD] = "pgsteal_kswapd",
		[PGSTEAL_DIRECT] = "pgsteal_direct",
		[PGSCAN_KSWAPD] = "pgscan_kswapd",
		[PGSCAN_DIRECT] = "pgscan_direct",
		[PGSCAN_ANON] = "pgscan_anon",
		[PGSCAN_FILE] = "pgscan_file",
		[PGSTEAL_ANON] = "pgsteal_anon",
		[PGSTEAL_FILE] = "pgsteal_file",
		[SLABS_SCANNED] = "slabs_scanned",
		[KSWAPD_LOW_WMARK_HIT_QUICKLY] = "kswapd_low_wmark_hit_quickly",
		[KSWAPD_HIGH_WMARK_HIT_QUICKLY] = "kswapd_high_wmark_hit_quickly",
		[PAGEOUTRUN] = "pageoutrun",
		[OOM_KILL] = "oom_kill",
		[PSWPOUT] = "pswpout",
		[PGMIGRATE_SUCCESS] = "pgmigrate_success",
		[PGMIGRATE_FAIL] = "pgmigrate_fail",
		[COMPACTMIGRATE_SCANNED] = "compact_migrate_scanned",
		[COMPACTFREE_SCANNED] = "compact_free_scanned",
		[COMPACTISOLATED] = "compact_isolated",
		[COMPACTSTALL] = "compact_stall",
		[COMPACTFAIL] = "compact_fail",
		[COMPACTSUCCESS] = "compact_success",
		[KCOMPACTD_WAKE] = "compact_daemon_wake",
		[KCOMPACTD_MIGRATE_SCANNED] = "compact_daemon_migrate_scanned",
		[KCOMPACTD_FREE_SCANNED] = "compact_daemon_free_scanned",
		[NR_VMSCAN_WRITE] = "nr_vmscan_write",
		[NR_DIRTIED] = "nr_dirtied",
		[NR_WRITTEN] = "nr_written",
	};
	TEST_ENTER(m, "mem=64M highmem=16M numa=fake=2");
	char *text;

	for (unsigned int event = 0; event < NR_PAGE_EVENTS; event++)
		page_event_add(m, (enum page_event)event, 1000 + event);
	text = file_text("/proc/vmstat");
	for (unsigned int event = 0; event < NR_PAGE_EVENTS; event++) {
		assert_non_null(names[event]);
		assert_int_equal(file_number(text, names[event]), 1000 + event);
	}
	test_free(text);
	kalloc_halt(m);
}

static void test_lru_counts(void **state)
{
	static const enum kalloc_page_kind kinds[] = {
		KALLOC_PAGE_CLEAN, KALLOC_PAGE_DIRTY, KALLOC_PAGE_DIRTY,
		KALLOC_PAGE_ANON,  KALLOC_PAGE_ANON,  KALLOC_PAGE_ANON,
	};
	TEST_ENTER(m, "mem=64M nr_cpus=1");
	struct kalloc_mapping mapping = { NULL, NULL };
	struct page *pages[ARRAY_SIZE(kinds)];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		kalloc_lru_add(pages[i], &mapping, kinds[i]);
	}
	kalloc_lru_touch(pages[0]);
	kalloc_lru_touch(pages[0]);
	kalloc_lru_touch(pages[3]);
	kalloc_lru_touch(pages[3]);
	assert_int_equal(vmstat("nr_active_file"), 1);
	assert_int_equal(vmstat("nr_inactive_file"), 2);
	assert_int_equal(vmstat("nr_active_anon"), 1);
	assert_int_equal(vmstat("nr_inactive_anon"), 2);
	assert_int_equal(vmstat("nr_zone_active_file"), 1);
	assert_int_equal(vmstat("nr_zone_inactive_file"), 2);
	assert_int_equal(vmstat("nr_zone_active_anon"), 1);
	assert_int_equal(vmstat("nr_zone_inactive_anon"), 2);
	assert_int_equal(vmstat("nr_file_pages"), 3);
	assert_int_equal(vmstat("nr_anon_pages"), 3);
	assert_int_equal(vmstat("nr_dirty"), 2);
	assert_int_equal(vmstat("nr_dirtied"), 2);
	assert_int_equal(vmstat("pgactivate"), 2);

	assert_true(lru_isolate_page(pages[1]));
	assert_true(lru_isolate_page(pages[3]));
	assert_int_equal(vmstat("nr_isolated_file"), 1);
	assert_int_equal(vmstat("nr_isolated_anon"), 1);
	assert_int_equal(vmstat("nr_inactive_file"), 1);
	assert_int_equal(vmstat("nr_active_anon"), 0);
	assert_int_equal(vmstat("nr_file_pages"), 3);
	assert_int_equal(vmstat("nr_anon_pages"), 3);
	lru_put_back_page(pages[1]);
	lru_put_back_page(pages[3]);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		kalloc_lru_remove(pages[i]);
		__free_page(pages[i]);
	}
	assert_int_equal(vmstat("nr_file_pages"), 0);
	assert_int_equal(vmstat("nr_dirty"), 0);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_numbers), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_highmem_lines),	cmocka_unit_test(test_counts),
		cmocka_unit_test(test_slab_counts),	cmocka_unit_test(test_numa_counts),
		cmocka_unit_test(test_events),		cmocka_unit_test(test_lru_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
