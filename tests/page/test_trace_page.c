/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/trace_page.c and what the room tells at large: each block that is handed
 * out, comes back, or moves between a zone and a CPU's lists; what reclaim and compaction
 * say adds up to what /proc/vmstat counts; and that nobody gets another frame for being
 * recorded.
 */
#include "owner.h"
#include "follower.h"
#include "page/reclaim.h"
#include "page/shrinker.h"
#include "page/trace_page.h"
#include "probe/seen.h"

#define BLOCKS (TRACE_BIT(mm_page_alloc) | TRACE_BIT(mm_page_free))
#define ALL    ((1ULL << NR_TRACE_EVENTS) - 2)

static u64 pfn_now(const struct page *page)
{
	return page ? page_to_pfn(page) : ~0ULL;
}

static long lists_of(const struct page *page)
{
	return READ_ONCE(page_zone(page)->free_pages);
}

static void assert_alloc(size_t i, const struct page *page, unsigned int order, gfp_t gfp)
{
	struct trace_mm_page_alloc event = SEEN(i, mm_page_alloc);

	assert_int_equal(event.pfn, pfn_now(page));
	assert_int_equal(event.order, order);
	assert_int_equal(event.gfp_flags, gfp);
	assert_int_equal(event.migratetype, request_type(gfp));
	assert_int_equal(event.zone, page ? page_zonenum(page) : 0);
}

static void assert_free(size_t i, const struct page *page, unsigned int order)
{
	struct trace_mm_page_free event = SEEN(i, mm_page_free);

	assert_int_equal(event.pfn, pfn_now(page));
	assert_int_equal(event.order, order);
	assert_int_equal(event.zone, page_zonenum(page));
}

/* Each way to get a block and to give it back. */
static void test_doors(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int order;
	} rows[] = {
		{ GFP_KERNEL, 0 },
		{ GFP_KERNEL | __GFP_ZERO, 0 },
		{ GFP_ATOMIC, 1 },
		{ GFP_KERNEL, 3 },
		{ GFP_KERNEL | __GFP_COMP, 3 },
		{ GFP_KERNEL | __GFP_RECLAIMABLE, 2 },
		{ GFP_HIGHUSER_MOVABLE, 0 },
		{ GFP_HIGHUSER_MOVABLE, 9 },
		{ GFP_KERNEL, 5 },
		{ GFP_KERNEL | __GFP_COMP | __GFP_ZERO, 10 },
		{ GFP_KERNEL | GFP_DMA, 0 },
		{ GFP_KERNEL | GFP_DMA32, 4 },
		{ GFP_KERNEL | __GFP_THISNODE, 0 },
	};
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (int again = 0; again < 2; again++) {
			struct page *page;
			long left;

			seen_begin(rig.m, BLOCKS);
			page = alloc_pages(rows[i].gfp, rows[i].order);
			assert_non_null(page);
			left = lists_of(page);
			__free_pages(page, rows[i].order);
			seen_read(rig.m, true);
			assert_int_equal(seen.nr, 2);
			assert_alloc(0, page, rows[i].order, rows[i].gfp);
			assert_free(1, page, rows[i].order);
			assert_int_equal(SEEN(0, mm_page_alloc).nr_free, left);
			assert_int_equal(SEEN(1, mm_page_free).nr_free, left);
		}
	}
	rig_down(&rig);
}

static void test_other_doors(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct page *page, *pages[50] = { NULL };
	unsigned long address;
	void *exact;

	/* Many at once: each by itself, in the order of the array. */
	seen_begin(rig.m, BLOCKS);
	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 50, pages), 50);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 50);
	for (size_t i = 0; i < 50; i++) {
		assert_alloc(i, pages[i], 0, GFP_KERNEL);
		__free_page(pages[i]);
	}
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 50);

	/* By address, by reference. */
	address = __get_free_pages(GFP_KERNEL, 2);
	free_pages(address, 2);
	page = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	put_page(page);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 4);
	assert_alloc(0, virt_to_page((void *)address), 2, GFP_KERNEL);
	assert_free(1, virt_to_page((void *)address), 2);
	assert_free(3, page, 2);

	/* A block, of which the end is given back at once and the rest frame by frame. */
	exact = alloc_pages_exact(5 * PAGE_SIZE, GFP_KERNEL);
	free_pages_exact(exact, 5 * PAGE_SIZE);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 1 + 3 + 5);
	assert_alloc(0, virt_to_page(exact), 3, GFP_KERNEL);
	for (size_t i = 0; i < 8; i++)
		assert_free(1 + i, virt_to_page(exact) + (i + 5) % 8, 0);
	rig_down(&rig);
}

/* A request that fails is told of, without a frame; one that another attempt serves, once. */
static void test_failed(void **state)
{
	struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1 kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);
	struct page *page;

	seen_begin(rig.m, BLOCKS);
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "1"), 1);
	assert_null(alloc_page(GFP_KERNEL));
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "0"), 1);
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	trace_clear(rig.m);
	assert_null(alloc_pages(GFP_NOWAIT | __GFP_NOWARN, 0));
	page = alloc_pages(GFP_ATOMIC | __GFP_NOWARN, 0);
	assert_non_null(page);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 2);
	assert_alloc(0, NULL, 0, GFP_NOWAIT | __GFP_NOWARN);
	assert_alloc(1, page, 0, GFP_ATOMIC | __GFP_NOWARN);
	list_add(&page->lru, &taken);
	assert_int_equal(trace_want(rig.m, TRACE_ALL, 0), 0);
	rig_release(&taken, 0);
	rig_down(&rig);
}

/* --- between a zone's lists and a CPU's ------------------------------------ */

static void test_refill_and_drain(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct page *page;
	size_t nr;

	seen_begin(rig.m, TRACE_BIT(mm_page_alloc_zone_locked) | TRACE_BIT(mm_page_alloc) |
				  TRACE_BIT(mm_page_pcpu_drain));
	page = alloc_page(GFP_KERNEL);
	seen_read(rig.m, true);
	nr = seen_count(TRACE_ID_mm_page_alloc_zone_locked);
	assert_int_equal(nr, seen.nr - 1);
	assert_int_equal(nr, zone->pcp[0].count + 1);
	for (size_t i = 0; i < nr; i++) {
		struct trace_mm_page_alloc_zone_locked event = SEEN(i, mm_page_alloc_zone_locked);

		assert_int_equal(event.order, 0);
		assert_int_equal(event.migratetype, MIGRATE_UNMOVABLE);
		assert_int_equal(event.percpu_refill, 1);
	}
	/* The first that came is the first that goes. */
	assert_int_equal(SEEN(0, mm_page_alloc_zone_locked).pfn, page_to_pfn(page));
	assert_alloc(nr, page, 0, GFP_KERNEL);

	/* The next one is from the CPU's list. */
	__free_page(alloc_page(GFP_KERNEL));
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 1);
	__free_page(page);
	nr = zone->pcp[0].count;
	pages_drain(rig.m);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, nr);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(SEEN(i, mm_page_pcpu_drain).migratetype, MIGRATE_UNMOVABLE);

	/* Blocks of orders that no CPU list has. */
	page = alloc_pages(GFP_KERNEL, 6);
	__free_pages(page, 6);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 2);
	assert_int_equal(SEEN(0, mm_page_alloc_zone_locked).pfn, page_to_pfn(page));
	assert_int_equal(SEEN(0, mm_page_alloc_zone_locked).percpu_refill, 0);
	assert_alloc(1, page, 6, GFP_KERNEL);
	rig_down(&rig);
}

static void test_fallback(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct trace_mm_page_alloc_extfrag event;
	struct page *page;

	/* What is free after boot is movable, in the largest blocks. */
	seen_begin(rig.m, TRACE_BIT(mm_page_alloc_extfrag));
	page = alloc_pages(GFP_KERNEL | __GFP_RECLAIMABLE, 1);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 1);
	event = SEEN(0, mm_page_alloc_extfrag);
	assert_int_equal(event.alloc_order, 1);
	assert_int_equal(event.alloc_migratetype, MIGRATE_RECLAIMABLE);
	assert_int_equal(event.fallback_migratetype, MIGRATE_MOVABLE);
	assert_int_equal(event.fallback_order, 10);
	assert_int_equal(event.pageblock_order, 9);
	assert_int_equal(event.fragmenting, 0);
	assert_int_equal(event.change_ownership, 1);
	assert_in_range(page_to_pfn(page), event.pfn, event.pfn + 1023);
	__free_pages(page, 1);
	rig_down(&rig);
}

/* --- reclaim --------------------------------------------------------------- */

struct mix {
	struct rig rig;
	struct owner owner[3]; /* by kind */
	struct list_head taken;
};

static void mix_up(struct mix *mix)
{
	mix->rig = rig_up_unboosted("mem=16M nr_cpus=1 kalloc.daemons=step kalloc.swap=1M");
	list_init(&mix->taken);
	rig_exhaust(&mix->taken, GFP_NOWAIT, 0);
	for (int kind = 0; kind < 3; kind++) {
		owner_init(&mix->owner[kind]);
		owner_add_list(&mix->owner[kind], &mix->taken, 60, (enum kalloc_page_kind)kind);
	}
}

static void mix_down(struct mix *mix)
{
	for (int kind = 0; kind < 3; kind++)
		owner_fini(&mix->owner[kind]);
	rig_release(&mix->taken, 0);
	rig_down(&mix->rig);
}

static u64 written(const struct mix *mix)
{
	return mix->owner[KALLOC_PAGE_DIRTY].nr_written + mix->owner[KALLOC_PAGE_ANON].nr_written;
}

static u64 evicted(const struct mix *mix)
{
	u64 nr = 0;

	for (int kind = 0; kind < 3; kind++)
		nr += mix->owner[kind].nr_evicted;
	return nr;
}

static void test_direct_reclaim(void **state)
{
	struct kalloc_machine *m;
	struct mix mix;
	u64 stalls = 0;

	mix_up(&mix);
	m = mix.rig.m;
	seen_begin(m, ALL & ~BLOCKS & ~TRACE_BIT(mm_page_alloc_zone_locked));
	rig_exhaust(&mix.taken, GFP_KERNEL | __GFP_NORETRY, 0);
	seen_read(m, true);
	assert_int_equal(trace_want(m, TRACE_ALL, 0), 0);
	assert_true(evicted(&mix) > 0);
	for (int type = 0; type < MAX_NR_ZONES; type++)
		stalls += page_event(m, (enum page_event)(ALLOCSTALL + type));
	assert_int_equal(seen_count(TRACE_ID_mm_vmscan_direct_reclaim_begin), stalls);
	assert_int_equal(seen_count(TRACE_ID_mm_vmscan_direct_reclaim_end), stalls);
	assert_int_equal(SEEN_SUM(mm_vmscan_lru_shrink_inactive, nr_reclaimed), evicted(&mix));
	assert_int_equal(page_event(m, PGSTEAL_DIRECT), evicted(&mix));
	assert_int_equal(seen_count(TRACE_ID_mm_page_free_batched), evicted(&mix));
	assert_int_equal(seen_count(TRACE_ID_mm_vmscan_write_folio), written(&mix));
	assert_int_equal(SEEN_SUM(mm_vmscan_lru_isolate, nr_scanned) -
				 SEEN_SUM(mm_vmscan_lru_isolate, nr_skipped),
			 page_event(m, PGSCAN_DIRECT) + page_event(m, PGREFILL));
	assert_int_equal(SEEN_SUM(mm_vmscan_lru_shrink_active, nr_deactivated),
			 page_event(m, PGDEACTIVATE));
	assert_int_equal(SEEN_SUM(mm_vmscan_lru_shrink_inactive, nr_dirty), 60);

	/* Its beginning and its end embrace the rest. */
	for (size_t i = 0, inside = 0; i < seen.nr; i++) {
		enum trace_id id = seen.records[i].id;

		if (id == TRACE_ID_mm_vmscan_direct_reclaim_begin) {
			assert_int_equal(SEEN(i, mm_vmscan_direct_reclaim_begin).gfp_flags,
					 GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
			inside++;
		}
		if (id == TRACE_ID_mm_vmscan_lru_isolate)
			assert_int_equal(inside, 1);
		inside -= id == TRACE_ID_mm_vmscan_direct_reclaim_end;
	}
	mix_down(&mix);
}

static void test_kswapd(void **state)
{
	struct kalloc_machine *m;
	struct mix mix;

	mix_up(&mix);
	m = mix.rig.m;
	/* Exhausting has woken it, before anybody listened. */
	seen_begin(m, ALL);
	assert_int_equal(kalloc_step(), 1);
	seen_read(m, true);
	assert_int_equal(seen_count(TRACE_ID_mm_vmscan_kswapd_wake), 1);
	assert_int_equal(SEEN_SUM(mm_vmscan_lru_shrink_inactive, nr_reclaimed),
			 page_event(m, PGSTEAL_KSWAPD));
	assert_true(page_event(m, PGSTEAL_KSWAPD) > 0);
	rig_exhaust(&mix.taken, GFP_NOWAIT, 0);
	seen_read(m, true);
	/* Many ask for it; it is woken once. */
	assert_int_equal(seen_count(TRACE_ID_mm_vmscan_wakeup_kswapd), 1);
	assert_int_equal(trace_want(m, TRACE_ALL, 0), 0);
	mix_down(&mix);
}

static unsigned long nr_objects;

static unsigned long count_objects(struct shrinker *shrinker, struct shrink_control *sc)
{
	return nr_objects;
}

static unsigned long scan_objects(struct shrinker *shrinker, struct shrink_control *sc)
{
	nr_objects -= sc->nr_to_scan;
	return sc->nr_to_scan;
}

static void test_shrinker(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker shrinker = { .count_objects = count_objects,
				     .scan_objects = scan_objects,
				     .seeks = DEFAULT_SEEKS };
	struct trace_mm_shrink_slab_start start;
	struct trace_mm_shrink_slab_end end;

	nr_objects = 1024;
	assert_int_equal(register_shrinker(&shrinker, "traced"), 0);
	seen_begin(rig.m, TRACE_BIT(mm_shrink_slab_start) | TRACE_BIT(mm_shrink_slab_end));
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 0, 2), 512);
	seen_read(rig.m, true);
	/* The machine's own has nothing: it is not told of. */
	assert_int_equal(seen.nr, 2);
	start = SEEN(0, mm_shrink_slab_start);
	assert_int_equal(start.shrink, (uintptr_t)scan_objects);
	assert_int_equal(start.shr, (uintptr_t)&shrinker);
	assert_int_equal(start.nr_objects_to_shrink, 0);
	assert_int_equal(start.gfp_flags, GFP_KERNEL);
	assert_int_equal(start.cache_items, 1024);
	assert_int_equal(start.delta, 512);
	assert_int_equal(start.total_scan, 512);
	assert_int_equal(start.priority, 2);
	end = SEEN(1, mm_shrink_slab_end);
	assert_int_equal(end.unused_scan, 0);
	assert_int_equal(end.new_scan, 0);
	assert_int_equal(end.total_scan, 0);
	assert_int_equal(end.retval, 512);
	unregister_shrinker(&shrinker);
	rig_down(&rig);
}

/* --- compaction ------------------------------------------------------------ */

static void test_compaction(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=2 kalloc.daemons=step");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct list_head held = LIST_INIT(held);
	struct trace_mm_compaction_begin begin;
	struct trace_mm_compaction_end end;
	static struct follower owner;
	struct page *page;
	size_t first = 0, last;

	follower_init(&owner);
	follower_fragment(&owner, zone, 8, KALLOC_PAGE_CLEAN, &held);
	seen_begin(rig.m, ALL & ~BLOCKS);
	page = alloc_pages(GFP_KERNEL, 9);
	assert_non_null(page);
	seen_read(rig.m, true);
	assert_int_equal(trace_want(rig.m, TRACE_ALL, 0), 0);
	assert_true(owner.nr_moved > 0);
	assert_int_equal(SEEN_SUM(mm_compaction_migratepages, nr_migrated), owner.nr_moved);
	assert_int_equal(SEEN_SUM(mm_compaction_migratepages, nr_failed), 0);
	assert_int_equal(SEEN_SUM(mm_compaction_isolate_migratepages, nr_scanned),
			 page_event(rig.m, COMPACTMIGRATE_SCANNED));
	assert_int_equal(SEEN_SUM(mm_compaction_isolate_freepages, nr_scanned),
			 page_event(rig.m, COMPACTFREE_SCANNED));
	assert_int_equal(SEEN_SUM(mm_compaction_isolate_migratepages, nr_taken) +
				 SEEN_SUM(mm_compaction_isolate_freepages, nr_taken),
			 page_event(rig.m, COMPACTISOLATED));
	assert_int_equal(seen_count(TRACE_ID_mm_compaction_begin),
			 seen_count(TRACE_ID_mm_compaction_end));
	while (seen.records[first].id != TRACE_ID_mm_compaction_begin)
		first++;
	for (last = seen.nr - 1; seen.records[last].id != TRACE_ID_mm_compaction_end;)
		last--;
	begin = SEEN(first, mm_compaction_begin);
	assert_int_equal(begin.zone_start, zone->zone_start_pfn);
	assert_int_equal(begin.zone_end, zone->zone_start_pfn + zone->spanned_pages);
	assert_in_range(begin.migrate_pfn, begin.zone_start, begin.free_pfn);
	end = SEEN(last, mm_compaction_end);
	assert_int_equal(end.status, COMPACT_SUCCESS);
	assert_true(end.migrate_pfn > begin.migrate_pfn);
	assert_true(seen_count(TRACE_ID_mm_compaction_try_to_compact_pages) > 0);
	assert_true(seen_count(TRACE_ID_mm_compaction_suitable) > 0);
	assert_true(seen_count(TRACE_ID_mm_compaction_finished) > 0);
	__free_pages(page, 9);
	follower_release(&owner);
	rig_release(&held, 0);
	rig_down(&rig);
}

static void test_deferral(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct trace_mm_compaction_defer_compaction event;

	seen_begin(rig.m, ALL);
	compact_defer(zone, 4);
	compact_defer(zone, 4);
	assert_true(compact_is_deferred(zone, 5));
	compact_defer_reset(zone, 4, true);
	seen_read(rig.m, true);
	assert_int_equal(seen.nr, 4);
	event = SEEN(1, mm_compaction_defer_compaction);
	assert_int_equal(event.node, 0);
	assert_int_equal(event.zone, ZONE_DMA32);
	assert_int_equal(event.order, 4);
	assert_int_equal(event.order_failed, 0);
	assert_int_equal(event.consider, 0);
	assert_int_equal(event.limit, 4);
	assert_int_equal(SEEN(2, mm_compaction_deferred).order, 5);
	assert_int_equal(SEEN(2, mm_compaction_deferred).consider, 1);
	assert_int_equal(SEEN(3, mm_compaction_defer_reset).consider, 0);
	assert_int_equal(SEEN(3, mm_compaction_defer_reset).limit, 1);
	assert_int_equal(SEEN(3, mm_compaction_defer_reset).order_failed, 5);
	rig_down(&rig);
}

/* --- the same frames ------------------------------------------------------- */

#define OPS   8000
#define SLOTS 300

static unsigned int random_state;

static unsigned int draw(unsigned int below)
{
	random_state = random_state * 1103515245u + 12345u;
	return (random_state >> 16) % below;
}

static void run_program(const char *cmdline, bool records, unsigned long *frames)
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_ATOMIC, GFP_HIGHUSER_MOVABLE,
				      GFP_KERNEL | __GFP_ZERO | __GFP_RECLAIMABLE };
	struct rig rig = rig_up(cmdline);
	struct {
		struct page *page;
		unsigned int order;
	} slots[SLOTS] = { 0 };

	random_state = 7;
	for (int i = 0; i < OPS; i++) {
		unsigned int slot = draw(SLOTS), order = draw(8), gfp = draw(4);

		if (records && i % 500 == 0)
			assert_int_equal(trace_want(rig.m, TRACE_ALL, i / 500 % 3 ? ALL : 0), 0);
		frames[i] = 0;
		order = order > 5 ? 0 : order;
		if (slots[slot].page) {
			__free_pages(slots[slot].page, slots[slot].order);
			slots[slot].page = NULL;
			continue;
		}
		slots[slot].page = alloc_pages(gfps[gfp] | __GFP_NOWARN, order);
		slots[slot].order = order;
		frames[i] = slots[slot].page ? page_to_pfn(slots[slot].page) : ~0UL;
	}
	for (int i = 0; i < SLOTS; i++) {
		if (slots[i].page)
			__free_pages(slots[i].page, slots[i].order);
	}
	rig_down(&rig);
}

static void test_same_frames(void **state)
{
	static const char *const cmdlines[] = {
		"mem=16M nr_cpus=1",
		"mem=64M nr_cpus=2 init_on_alloc=1 init_on_free=1",
		"mem=64M nr_cpus=1 highmem=16M movablecore=16M",
		"mem=64M nr_cpus=1 page_owner=on",
		"mem=128M nr_cpus=2 numa=fake=2",
	};
	static unsigned long plain[OPS], recorded[OPS];

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		run_program(cmdlines[i], false, plain);
		run_program(cmdlines[i], true, recorded);
		assert_memory_equal(plain, recorded, sizeof(plain));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doors),	    cmocka_unit_test(test_other_doors),
		cmocka_unit_test(test_failed),	    cmocka_unit_test(test_refill_and_drain),
		cmocka_unit_test(test_fallback),    cmocka_unit_test(test_direct_reclaim),
		cmocka_unit_test(test_kswapd),	    cmocka_unit_test(test_shrinker),
		cmocka_unit_test(test_compaction),  cmocka_unit_test(test_deferral),
		cmocka_unit_test(test_same_frames),
	};

	return cmocka_run_group_tests_name("trace_page", tests, NULL, NULL);
}
