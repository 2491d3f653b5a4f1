/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/trace_text.c and trace_value.c: an event with the values of one that a real
 * Linux 6.1 recorded is shown as the very line that it showed, apart from pages' addresses
 * and names of functions, which are this process's; and the lines that only this library
 * has.
 */
#include "proc_test.h"

#include "page/compact.h"
#include "page/lru.h"
#include "probe/trace_memory.h"
#include "trace_text.h"

#define LINE_MOST 1024

/* A line of a kernel, and the values in it: those of functions and pages count for nothing. */
struct row {
	const char *comm;
	int pid;
	u64 ns;
	unsigned int id;
	u64 words[TRACE_FIELDS_MOST];
	const char *line;
	u8 context;
};

#define HUGE_GFP \
	(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN | __GFP_RETRY_MAYFAIL | __GFP_COMP | __GFP_THISNODE)

/* An event, and the words of its record. */
#define EVENT(event, ...) .id = TRACE_ID_##event, .words = { __VA_ARGS__ }

/* From a boot of 256 MiB, and from one of 160 MiB under pressure. */
static const struct row rows[] = {
	{ "init", 1, 817278000, EVENT(kfree, 0, 0xff21809205278000),
	  "            init-1       [000] .....     0.817278: kfree: "
	  "call_site=kobject_uevent_env+0x112/0x660 ptr=ff21809205278000" },
	{ "<idle>", 0, 597667000,
	  EVENT(kmalloc, 0, 0xff21809201038090, 9, 16, GFP_KERNEL, (u64)-1, 0),
	  "          <idle>-0       [000] ...1.     0.597667: kmalloc: "
	  "call_site=lsm_append.constprop.0+0x20/0x9c ptr=ff21809201038090 bytes_req=9 "
	  "bytes_alloc=16 gfp_flags=GFP_KERNEL node=-1 accounted=false",
	  .context = 1 },
	{ "<idle>", 0, 599540000,
	  EVENT(kmalloc, 0, 0xff2180920526f500, 112, 128, GFP_KERNEL_ACCOUNT | __GFP_ZERO, (u64)-1,
		1),
	  "          <idle>-0       [000] ...1.     0.599540: kmalloc: "
	  "call_site=__register_sysctl_table+0x61/0x600 ptr=ff2180920526f500 bytes_req=112 "
	  "bytes_alloc=128 gfp_flags=GFP_KERNEL_ACCOUNT|__GFP_ZERO node=-1 accounted=true",
	  .context = 1 },
	{ "init", 1, 808715000,
	  EVENT(kmem_cache_alloc, 0, 0xff218092053d3580, 0, 128, 128, GFP_KERNEL | __GFP_ZERO,
		(u64)-1, 0),
	  "            init-1       [000] .....     0.808715: kmem_cache_alloc: "
	  "call_site=__kernfs_new_node+0x5d/0x200 ptr=ff218092053d3580 bytes_req=128 "
	  "bytes_alloc=128 gfp_flags=GFP_KERNEL|__GFP_ZERO node=-1 accounted=false" },
	{ "init", 1, 873832000, EVENT(kmem_cache_free, 0, 0xff21809205a3ed00, 1),
	  "            init-1       [000] .....     0.873832: kmem_cache_free: "
	  "call_site=kernfs_put.part.0+0xcf/0x1a0 ptr=ff21809205a3ed00 name=kernfs_node_cache" },
	{ "kworker/u2:0", 9, 1122492000,
	  EVENT(mm_page_alloc, 0x54b5, 0, 2,
		GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY | __GFP_RECLAIMABLE),
	  "    kworker/u2:0-9       [000] .....     1.122492: mm_page_alloc: "
	  "page=ff811739c0152d40 pfn=0x54b5 order=0 migratetype=2 "
	  "gfp_flags=GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY|__GFP_RECLAIMABLE" },
	{ "cryptomgr_test", 65, 1578883000, EVENT(mm_page_free, 0x6ae6, 0),
	  "  cryptomgr_test-65      [000] .....     1.578883: mm_page_free: "
	  "page=ff811739c01ab980 pfn=0x6ae6 order=0" },
	{ "mount", 93, 11046012000, EVENT(mm_page_free_batched, 0x33a0, 0),
	  "           mount-93      [000] ...2.    11.046012: mm_page_free_batched: "
	  "page=000000008744e4e8 pfn=0x33a0 order=0",
	  .context = 2 },
	{ "init", 1, 11031010000, EVENT(mm_page_alloc_zone_locked, 0x339c, 0, 0, 1),
	  "            init-1       [000] ...3.    11.031010: mm_page_alloc_zone_locked: "
	  "page=000000007631e03c pfn=0x339c order=0 migratetype=0 percpu_refill=1",
	  .context = 3 },
	{ "init", 1, 12561954000, EVENT(mm_page_pcpu_drain, 0x9dd3, 0, 1),
	  "            init-1       [000] ...3.    12.561954: mm_page_pcpu_drain: "
	  "page=00000000f04f3988 pfn=0x9dd3 order=0 migratetype=1",
	  .context = 3 },
	{ "dd", 95, 12951440000, EVENT(mm_page_alloc_extfrag, 0x180, 0, 7, 9, 1, 0, 1, 0),
	  "              dd-95      [000] ...3.    12.951440: mm_page_alloc_extfrag: "
	  "page=00000000db033091 pfn=0x180 alloc_order=0 fallback_order=7 pageblock_order=9 "
	  "alloc_migratetype=1 fallback_migratetype=0 fragmenting=1 change_ownership=0",
	  .context = 3 },

	{ "init", 1, 12674838000, EVENT(mm_compaction_begin, 0x1000, 0x1000, 0x9e00, 0x9fe0, 1),
	  "            init-1       [000] .....    12.674838: mm_compaction_begin: "
	  "zone_start=0x1000 migrate_pfn=0x1000 free_pfn=0x9e00 zone_end=0x9fe0, mode=sync" },
	{ "init", 1, 15267493000,
	  EVENT(mm_compaction_end, 0x1000, 0x9e00, 0x9e00, 0x9fe0, 0, COMPACT_PARTIAL_SKIPPED),
	  "            init-1       [000] .....    15.267493: mm_compaction_end: "
	  "zone_start=0x1000 migrate_pfn=0x9e00 free_pfn=0x9e00 zone_end=0x9fe0, mode=async "
	  "status=partial_skipped" },
	{ "init", 1, 12748958000, EVENT(mm_compaction_migratepages, 32, 0),
	  "            init-1       [000] .....    12.748958: mm_compaction_migratepages: "
	  "nr_migrated=32 nr_failed=0" },
	{ "init", 1, 12697572000, EVENT(mm_compaction_isolate_migratepages, 0x2a00, 0x2c00, 449, 1),
	  "            init-1       [000] .....    12.697572: mm_compaction_isolate_migratepages: "
	  "range=(0x2a00 ~ 0x2c00) nr_scanned=449 nr_taken=1" },
	{ "init", 1, 12773775000, EVENT(mm_compaction_isolate_freepages, 0x9e00, 0x9fe0, 480, 32),
	  "            init-1       [000] .....    12.773775: mm_compaction_isolate_freepages: "
	  "range=(0x9e00 ~ 0x9fe0) nr_scanned=480 nr_taken=32" },
	{ "init", 1, 12619958000, EVENT(mm_compaction_try_to_compact_pages, 9, HUGE_GFP, 1),
	  "            init-1       [000] .....    12.619958: mm_compaction_try_to_compact_pages: "
	  "order=9 gfp_mask=GFP_HIGHUSER_MOVABLE|__GFP_NOWARN|__GFP_RETRY_MAYFAIL|__GFP_COMP|"
	  "__GFP_THISNODE priority=1" },
	{ "init", 1, 12577418000, EVENT(mm_compaction_suitable, 0, ZONE_DMA, 9, COMPACT_SKIPPED),
	  "            init-1       [000] .....    12.577418: mm_compaction_suitable: "
	  "node=0 zone=DMA      order=9 ret=skipped" },
	{ "init", 1, 12696834000,
	  EVENT(mm_compaction_finished, 0, ZONE_DMA32, 9, COMPACT_NO_SUITABLE_PAGE),
	  "            init-1       [000] .....    12.696834: mm_compaction_finished: "
	  "node=0 zone=DMA32    order=9 ret=no_suitable_page" },
	{ "init", 1, 15614494000, EVENT(mm_compaction_defer_compaction, 0, ZONE_DMA32, 9, 9, 0, 4),
	  "            init-1       [000] .....    15.614494: mm_compaction_defer_compaction: "
	  "node=0 zone=DMA32    order=9 order_failed=9 consider=0 limit=4" },
	{ "init", 1, 15305556000, EVENT(mm_compaction_defer_reset, 0, ZONE_DMA32, 9, 10, 0, 1),
	  "            init-1       [000] .....    15.305556: mm_compaction_defer_reset: "
	  "node=0 zone=DMA32    order=9 order_failed=10 consider=0 limit=1" },
	{ "kcompactd0", 28, 13404262000, EVENT(mm_compaction_kcompactd_sleep, 0),
	  "      kcompactd0-28      [000] .....    13.404262: mm_compaction_kcompactd_sleep: nid=0" },
	{ "kcompactd0", 28, 14991162000, EVENT(mm_compaction_kcompactd_wake, 0, 9, ZONE_DMA32),
	  "      kcompactd0-28      [000] .....    14.991162: mm_compaction_kcompactd_wake: "
	  "nid=0 order=9 classzone_idx=DMA32   " },
	{ "kswapd0", 36, 15596138000, EVENT(mm_compaction_wakeup_kcompactd, 0, 9, ZONE_MOVABLE),
	  "         kswapd0-36      [000] .....    15.596138: mm_compaction_wakeup_kcompactd: "
	  "nid=0 order=9 classzone_idx=Movable " },

	{ "kswapd0", 36, 15044267000, EVENT(mm_vmscan_kswapd_sleep, 0),
	  "         kswapd0-36      [000] .....    15.044267: mm_vmscan_kswapd_sleep: nid=0" },
	{ "kswapd0", 36, 13325205000, EVENT(mm_vmscan_kswapd_wake, 0, 1),
	  "         kswapd0-36      [000] .....    13.325205: mm_vmscan_kswapd_wake: nid=0 order=1" },
	{ "dd", 95, 12951469000, EVENT(mm_vmscan_wakeup_kswapd, 0, 0, 0),
	  "              dd-95      [000] .....    12.951469: mm_vmscan_wakeup_kswapd: "
	  "nid=0 order=0 gfp_flags=none" },
	{ "dd", 95, 13018022000,
	  EVENT(mm_vmscan_direct_reclaim_begin, 0, GFP_HIGHUSER_MOVABLE | __GFP_COMP),
	  "              dd-95      [000] .....    13.018022: mm_vmscan_direct_reclaim_begin: "
	  "order=0 gfp_flags=GFP_HIGHUSER_MOVABLE|__GFP_COMP" },
	{ "init", 1, 12881059000, EVENT(mm_vmscan_direct_reclaim_end, 84),
	  "            init-1       [000] .....    12.881059: mm_vmscan_direct_reclaim_end: "
	  "nr_reclaimed=84" },
	{ "init", 1, 12577932000,
	  EVENT(mm_vmscan_lru_isolate, 0, ZONE_MOVABLE, 9, 1, 1, 0, 1, LRU_INACTIVE_ANON),
	  "            init-1       [000] ...1.    12.577932: mm_vmscan_lru_isolate: "
	  "isolate_mode=0 classzone=3 order=9 nr_requested=1 nr_scanned=1 nr_skipped=0 nr_taken=1 "
	  "lru=inactive_anon",
	  .context = 1 },
	{ "init", 1, 12578089000, EVENT(mm_vmscan_write_folio, 0x90aa, 9),
	  "            init-1       [000] .....    12.578089: mm_vmscan_write_folio: "
	  "page=00000000efedd060 pfn=0x90aa flags=RECLAIM_WB_ANON|RECLAIM_WB_ASYNC" },
	{ "init", 1, 12577910000,
	  EVENT(mm_vmscan_lru_shrink_inactive, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 11, 9),
	  "            init-1       [000] .....    12.577910: mm_vmscan_lru_shrink_inactive: "
	  "nid=0 nr_scanned=1 nr_reclaimed=1 nr_dirty=0 nr_writeback=0 nr_congested=0 "
	  "nr_immediate=0 nr_activate_anon=0 nr_activate_file=0 nr_ref_keep=0 nr_unmap_fail=0 "
	  "priority=11 flags=RECLAIM_WB_ANON|RECLAIM_WB_ASYNC" },
	{ "init", 1, 12576993000,
	  EVENT(mm_shrink_slab_start, 0, 0x0000000005e4d23a, 0, 1, HUGE_GFP, 2, 1, 1, 12),
	  "            init-1       [000] .....    12.576993: mm_shrink_slab_start: "
	  "super_cache_scan+0x0/0x1f0 0000000005e4d23a: nid: 0 objects to shrink 1 gfp_flags "
	  "GFP_HIGHUSER_MOVABLE|__GFP_NOWARN|__GFP_RETRY_MAYFAIL|__GFP_COMP|__GFP_THISNODE "
	  "cache items 2 delta 1 total_scan 1 priority 12" },
	{ "init", 1, 12577380000, EVENT(mm_shrink_slab_end, 0, 0x0000000005e4d23a, 0, 2, 3, 1, 0),
	  "            init-1       [000] .....    12.577380: mm_shrink_slab_end: "
	  "super_cache_scan+0x0/0x1f0 0000000005e4d23a: nid: 0 unused scan count 2 "
	  "new scan count 3 total_scan 1 last shrinker return val 0" },
};

static struct kalloc_machine *m;

static void name_thread(int pid, const char *comm)
{
	u64 words[2] = { 0 };

	strncpy((char *)words, comm, 15);
	trace_rename_thread(&m->tracer->names->threads[(unsigned int)pid % TRACE_THREADS], pid,
			    words);
}

/* Leave out what is this process's: "page=<address>", and a function where one is named. */
static void neutral(char *out, const char *line)
{
	const char *site = strstr(line, "call_site="), *page = strstr(line, "page=");
	const char *shrink = strstr(line, "mm_shrink_slab_");
	size_t len;

	if (shrink)
		site = strchr(shrink, ' ') + 1;
	if (!site && !page) {
		strcpy(out, line);
		return;
	}
	len = (size_t)((site ? site : page) - line);
	memcpy(out, line, len);
	strcpy(out + len, strchr(site ? site : page, ' '));
}

static void show(char line[LINE_MOST], const struct trace_record *record)
{
	struct trace_text reading;
	const struct trace_source source = { &reading, record };
	struct kalloc_trace_event event;
	struct text text = text_on(line, LINE_MOST);

	trace_text_begin(&reading, m);
	trace_text_decode(&source, &event);
	trace_text_show(&text, &event);
	assert_true(text.len < LINE_MOST);
	assert_int_equal(kalloc_trace_show(&event, NULL, 0), (int)text.len);
}

static void test_as_the_kernel(void **state)
{
	u64 told = 0;
	u32 number = 0;

	trace_cache_number(m, &number, "kernfs_node_cache", 128);
	assert_int_equal(number, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct trace_record record = { .stamp = rows[i].ns,
					       .pid = rows[i].pid,
					       .id = (u16)rows[i].id,
					       .context = rows[i].context };
		char ours[LINE_MOST], line[LINE_MOST], kernels[LINE_MOST];

		memcpy(record.words, rows[i].words, sizeof(record.words));
		if (rows[i].pid)
			name_thread(rows[i].pid, rows[i].comm);
		show(line, &record);
		neutral(ours, line);
		neutral(kernels, rows[i].line);
		/* Nobody here has the number 0. */
		if (!rows[i].pid)
			memcpy(ours, kernels, strlen("          <idle>"));
		assert_string_equal(ours, kernels);
		told |= 1ULL << rows[i].id;
	}
	for (unsigned int id = 1; id < NR_TRACE_EVENTS; id++) {
		/* Two of which that kernel had no occasion to tell. */
		if (id != TRACE_ID_mm_compaction_deferred &&
		    id != TRACE_ID_mm_vmscan_lru_shrink_active && !(told >> id & 1))
			fail_msg("no line of a %s", trace_descriptors[id].name);
	}
}

/* What a kernel has not, or had no occasion to tell. */
static void test_others(void **state)
{
	static const struct {
		unsigned int id;
		const char *text;
		u64 words[TRACE_FIELDS_MOST];
	} others[] = {
		{ EVENT(mm_compaction_deferred, 1, ZONE_NORMAL, 3, 2, 1, 2),
		  .text = "mm_compaction_deferred: node=1 zone=Normal   order=3 order_failed=2 "
			  "consider=1 limit=2" },
		{ EVENT(mm_vmscan_lru_shrink_active, 0, 32, 1, 20, 11, 10, 0xa),
		  .text = "mm_vmscan_lru_shrink_active: nid=0 nr_taken=32 nr_active=1 "
			  "nr_deactivated=20 nr_referenced=11 priority=10 "
			  "flags=RECLAIM_WB_FILE|RECLAIM_WB_ASYNC" },
		{ EVENT(mm_page_alloc, ~0ULL, 4, 0, GFP_ATOMIC),
		  .text = "mm_page_alloc: page=0000000000000000 pfn=0x0 order=4 migratetype=0 "
			  "gfp_flags=GFP_ATOMIC" },
		{ EVENT(mm_compaction_suitable, 0, 77, 9, 99),
		  .text = "mm_compaction_suitable: node=0 zone=0x4d     order=9 ret=0x63" },
		{ EVENT(cache_exists, 3, 100, 8, 0x40000, 8, 16, 1, 104, 2, 1),
		  .text = "tracing_mark_write: kmem_cache_exists: id=3 size=100 align=8 "
			  "flags=0x40000 useroffset=8 usersize=16 ctor=1 slab_size=104 users=2 "
			  "name=" },
		{ EVENT(cache_create, 3, 100, 8, 0, 0, 0, 0, 1),
		  .text = "tracing_mark_write: kmem_cache_create: id=3 size=100 align=8 flags=0x0 "
			  "useroffset=0 usersize=0 ctor=0 name=" },
		{ EVENT(cache_created, 3, 104, 1),
		  .text = "tracing_mark_write: kmem_cache_create: end id=3 slab_size=104 name=" },
		{ EVENT(cache_shrunk, 3, 1),
		  .text = "tracing_mark_write: kmem_cache_shrink: end id=3 name=" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct trace_record record = { .id = (u16)others[i].id, .pid = 5, .cpu = 12 };
		char line[LINE_MOST];

		memcpy(record.words, others[i].words, sizeof(record.words));
		show(line, &record);
		assert_memory_equal(line,
				    "           <...>-5       [012] .....     0.000000: ", 51);
		assert_string_equal(line + 51, others[i].text);
	}
}

/* Of two caches with objects of one size, a mark says which it is. */
static void test_twin(void **state)
{
	struct trace_record record = { EVENT(kmem_cache_alloc, 0, 0x1234, 2, 100, 104, GFP_KERNEL,
					     0, 0),
				       .pid = 6, .context = TRACE_IN_IRQ | 11 };
	u32 first = 0, second = 0;
	char line[LINE_MOST], *end;

	trace_cache_number(m, &first, "first", 104);
	trace_cache_number(m, &second, "second", 112);
	name_thread(6, "");
	show(line, &record);
	assert_null(strchr(line, '\n'));
	trace_cache_number(m, &second, "second", 104);
	show(line, &record);
	end = strchr(line, '\n');
	assert_non_null(end);
	*end = '\0';
	assert_string_equal(line, "          kalloc-6       [000] ..hb.     0.000000: "
				  "tracing_mark_write: kmem_cache_alloc: ptr=0000000000001234 id=2 "
				  "name=second");
	assert_non_null(strstr(end + 1, " kmem_cache_alloc: call_site=0x0 ptr=0000000000001234 "));
}

static void test_marks(void **state)
{
	struct trace_record record = { .id = TRACE_ID_print, .pid = 7 };
	char line[LINE_MOST];

	memset(record.words, 'x', TRACE_TEXT_BYTES - 1);
	show(line, &record);
	assert_int_equal(strlen(line), 51 + strlen("tracing_mark_write: ") + TRACE_TEXT_BYTES - 1);
	assert_memory_equal(line + 51, "tracing_mark_write: xxxx", 24);
}

/* The clock that counts has no seconds. */
static void test_counter(void **state)
{
	struct trace_record record = { .id = TRACE_ID_kfree, .pid = 8, .stamp = 1234567 };
	char line[LINE_MOST];

	trace_set_clock(m, TRACE_CLOCK_COUNTER);
	show(line, &record);
	assert_memory_equal(line, "           <...>-8       [000] .....      1234567: kfree: ", 58);
}

static int setup(void **state)
{
	m = kalloc_boot("mem=64M nr_cpus=1 trace_clock=mono");
	if (!m)
		return -1;
	kalloc_enter(m);
	return trace_mark(m, "begin", 5);
}

static int teardown(void **state)
{
	kalloc_enter(NULL);
	kalloc_halt(m);
	return 0;
}

#define RIGGED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIGGED(test_as_the_kernel), RIGGED(test_others),  RIGGED(test_twin),
		RIGGED(test_marks),	    RIGGED(test_counter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
