/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/compact.c: a zone that is all holes becomes whole
 * when its pages can move and stays as it is when they cannot; what is moved keeps its
 * contents and its owner; when compaction runs, and for whom; and that nothing is lost,
 * with several threads at it too.
 */
#include "follower.h"

#define STEP 8 /* one frame in eight is in use */

static struct rig rig;
static struct zone *zone;
static struct follower owner;
static struct list_head held = { &held, &held };

static int up_with(const char *cmdline, enum zone_type type)
{
	rig = rig_up(cmdline);
	zone = rig_zone(&rig, 0, type);
	follower_init(&owner);
	return 0;
}

static int up(void **state)
{
	return up_with("mem=64M nr_cpus=2 kalloc.daemons=step", ZONE_DMA32);
}

static int down(void **state)
{
	lists_check(&rig);
	follower_release(&owner);
	rig_release(&held, 0);
	lists_check(&rig);
	rig_down(&rig);
	return 0;
}

static unsigned long event(enum page_event item)
{
	return page_event(rig.m, item);
}

static double unusable(unsigned int order)
{
	unsigned long total = 0, small = 0;

	for (unsigned int at = 0; at <= zone->buddy.max_order; at++) {
		total += zone->buddy.area[at].nr_free << at;
		small += at < order ? zone->buddy.area[at].nr_free << at : 0;
	}
	return (double)small / (double)total;
}

static void test_direct(void **state)
{
	static const gfp_t gfps[] = { GFP_KERNEL | __GFP_MOVABLE, GFP_KERNEL };

	for (size_t i = 0; i < ARRAY_SIZE(gfps); i++) {
		unsigned long success = event(COMPACTSUCCESS), stall = event(COMPACTSTALL);
		struct page *page;

		follower_fragment(&owner, zone, STEP, KALLOC_PAGE_CLEAN, &held);
		assert_true(unusable(9) >= 0.9);
		assert_true(compact_fragmentation_index(zone, 9) >= 900);
		page = alloc_pages(gfps[i], 9);
		assert_non_null(page);
		assert_int_equal(event(COMPACTSUCCESS), success + 1);
		assert_true(event(COMPACTSTALL) > stall);
		assert_true(owner.nr_moved > 0);
		follower_check(&owner);
		__free_pages(page, 9);
		lists_check(&rig);
		follower_release(&owner);
		rig_release(&held, 0);
		pages_drain(rig.m);
	}
	assert_int_equal(event(PGMIGRATE_SUCCESS), owner.nr_moved);
	assert_int_equal(event(PGMIGRATE_FAIL), 0);
	assert_true(event(COMPACTISOLATED) >= 2 * owner.nr_moved);
}

static void test_compact_memory(void **state)
{
	static const enum kalloc_page_kind kinds[] = { KALLOC_PAGE_CLEAN, KALLOC_PAGE_DIRTY,
						       KALLOC_PAGE_ANON };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		unsigned long nr[NR_LRU_LISTS], nr_dirty;
		struct lru *lru = &rig.m->page->nodes[0].lru;
		struct page *page;

		follower_fragment(&owner, zone, STEP, kinds[i], &held);
		assert_true(unusable(9) >= 0.9);
		assert_null(alloc_pages(GFP_NOWAIT | __GFP_NOWARN, 9));
		memcpy(nr, lru->nr, sizeof(nr));
		nr_dirty = lru->nr_dirty;
		page_compact(rig.m);
		assert_true(unusable(9) < 0.1);
		assert_memory_equal(nr, lru->nr, sizeof(nr));
		assert_int_equal(lru->nr_dirty, nr_dirty);
		page = alloc_pages(GFP_NOWAIT, 9);
		assert_non_null(page);
		__free_pages(page, 9);
		follower_check(&owner);
		lists_check(&rig);
		follower_release(&owner);
		assert_int_equal(lru->nr_dirty, 0);
		rig_release(&held, 0);
		pages_drain(rig.m);
	}
	assert_int_equal(event(COMPACTSTALL), 0);
}

static void test_unmovable(void **state)
{
	follower_fragment(NULL, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	assert_true(unusable(9) >= 0.9);
	assert_true(compact_fragmentation_index(zone, 9) >= 900);
	assert_null(alloc_pages(GFP_KERNEL | __GFP_MOVABLE | __GFP_NOWARN, 9));
	assert_true(event(COMPACTFAIL) > 0);
	assert_int_equal(event(COMPACTSUCCESS), 0);
	assert_int_equal(event(PGMIGRATE_SUCCESS), 0);
	page_compact(rig.m);
	assert_true(unusable(9) >= 0.9);
}

/* One page that cannot move in every pageblock: the others do, and it is no use. */
static void test_one_unmovable(void **state)
{
	struct page *page, *next;
	unsigned long nr = 0;

	follower_fragment(NULL, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	list_for_each_entry_safe(page, next, &held, lru) {
		if (page_zone(page) != zone || page_to_pfn(page) % 512 == 257)
			continue;
		list_del(&page->lru);
		follower_add(&owner, page, KALLOC_PAGE_ANON);
	}
	page_compact(rig.m);
	assert_true(owner.nr_moved > 0);
	follower_check(&owner);
	for (unsigned int at = 9; at <= zone->buddy.max_order; at++)
		nr += zone->buddy.area[at].nr_free;
	assert_int_equal(nr, 0);
	assert_null(alloc_pages(GFP_KERNEL | __GFP_MOVABLE | __GFP_NOWARN, 9));
	assert_true(event(COMPACTFAIL) > 0);
}

/* Order and mark there: nothing to do. Too few frames, or too little of it holes: skipped. */
static void test_suitable(void **state)
{
	gfp_t gfp = GFP_KERNEL | __GFP_MOVABLE;
	struct list_head taken = { &taken, &taken };

	assert_int_equal(compact_fragmentation_index(zone, 9), -1000);
	assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_ASYNC), COMPACT_SUCCESS);
	assert_int_equal(event(COMPACTMIGRATE_SCANNED), 0);
	assert_int_equal(follower_compact(rig.m, GFP_NOIO, 9, COMPACT_PRIO_ASYNC), COMPACT_SKIPPED);

	rig_exhaust(&taken, GFP_NOWAIT | __GFP_MOVABLE, 0);
	pages_drain(rig.m);
	assert_int_equal(follower_compact(rig.m, gfp, 9, COMPACT_PRIO_ASYNC), COMPACT_SKIPPED);
	assert_int_equal(event(COMPACTMIGRATE_SCANNED), 0);
	rig_release(&taken, 0);
	pages_drain(rig.m);

	/* F free frames in F single blocks: 1000 - (1000 + F * 1000 / 512) / F. */
	follower_fragment(NULL, zone, 2, KALLOC_PAGE_CLEAN, &held);
	assert_true(zone->buddy.area[0].nr_free > zone->managed_pages / 2 - 8);
	assert_int_equal(compact_fragmentation_index(zone, 9), 998);
	assert_int_equal(compact_fragmentation_index(zone, 0), -1000);
}

static void test_daemon(void **state)
{
	struct node *node = &rig.m->page->nodes[0];

	compact_wake(node, 9, zone->rank);
	assert_false(compact_run_daemon(node));
	follower_fragment(&owner, zone, STEP, KALLOC_PAGE_CLEAN, &held);
	compact_wake(node, 0, zone->rank);
	assert_false(compact_run_daemon(node));
	compact_wake(node, 9, zone->rank);
	compact_wake(node, 5, zone->rank);
	assert_true(compact_run_daemon(node));
	assert_false(compact_run_daemon(node));
	assert_int_equal(event(KCOMPACTD_WAKE), 1);
	assert_true(event(KCOMPACTD_MIGRATE_SCANNED) > 0);
	assert_true(event(KCOMPACTD_FREE_SCANNED) > 0);
	assert_true(owner.nr_moved > 0);
	follower_check(&owner);
	assert_true(zone->buddy.area[9].nr_free + zone->buddy.area[10].nr_free > 0);
}

static int up_highmem(void **state)
{
	return up_with("mem=64M highmem=32M nr_cpus=2", ZONE_HIGHMEM);
}

static void test_highmem(void **state)
{
	follower_fragment(&owner, zone, STEP, KALLOC_PAGE_ANON, &held);
	assert_true(unusable(9) >= 0.9);
	page_compact(rig.m);
	assert_true(unusable(9) < 0.1);
	assert_true(owner.nr_moved > 0);
	follower_check(&owner);
}

/* The same calls, the same frames. */
static void test_deterministic(void **state)
{
	static struct page *first[FOLLOWER_SLOTS];

	for (int run = 0; run < 2; run++) {
		follower_fragment(&owner, zone, STEP, KALLOC_PAGE_CLEAN, &held);
		page_compact(rig.m);
		for (unsigned long i = 0; i < owner.nr; i++) {
			if (run)
				assert_int_equal(page_to_pfn(owner.slot[i]), (uintptr_t)first[i]);
			first[i] = (struct page *)(uintptr_t)page_to_pfn(owner.slot[i]);
		}
		follower_check(&owner);
		if (run)
			return;
		follower_release(&owner);
		rig_release(&held, 0);
		rig_down(&rig);
		up(state);
	}
}

/* --- several threads ------------------------------------------------------- */

#define THREADS 4

static int thread_rounds(void)
{
	return under_valgrind() ? 10 : 60;
}

/* Touch pages, and free and add some, while others do the same and compact. */
static void *worker(void *arg)
{
	unsigned long id = (unsigned long)arg, slot = id;
	u64 seed = id + 1;

	kalloc_enter(rig.m);
	kalloc_set_cpu((int)id);
	for (int round = 0; round < thread_rounds(); round++) {
		for (int i = 0; i < 40; i++) {
			seed = seed * 6364136223846793005UL + 1442695040888963407UL;
			slot = (seed >> 33) % owner.nr;
			pthread_mutex_lock(&owner.lock);
			if (owner.slot[slot] && !follower_has_contents(&owner, slot))
				owner.nr_wrong++;
			if (owner.slot[slot] && i % 4)
				kalloc_lru_touch(owner.slot[slot]);
			else if (owner.slot[slot] && kalloc_lru_remove(owner.slot[slot])) {
				struct page *page = owner.slot[slot];

				owner.slot[slot] = NULL;
				__free_page(page);
			}
			pthread_mutex_unlock(&owner.lock);
			if (i % 4 == 3) {
				struct page *page =
					alloc_page(GFP_NOWAIT | __GFP_MOVABLE | __GFP_NOWARN);

				pthread_mutex_lock(&owner.lock);
				if (page && !owner.slot[slot])
					follower_put(&owner, slot, page, KALLOC_PAGE_ANON);
				else if (page)
					__free_page(page);
				pthread_mutex_unlock(&owner.lock);
			}
		}
		if (round % 4 == (int)id) {
			struct page *page = alloc_pages(
				GFP_KERNEL | __GFP_MOVABLE | __GFP_NORETRY | __GFP_NOWARN, 6);

			if (page)
				__free_pages(page, 6);
			follower_compact(rig.m, GFP_KERNEL | __GFP_MOVABLE, 9,
					 COMPACT_PRIO_SYNC_FULL);
		}
		if (round % 16 == (int)id)
			page_compact(rig.m);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[THREADS];

	follower_fragment(&owner, zone, STEP, KALLOC_PAGE_ANON, &held);
	for (unsigned long i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, worker, (void *)i), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_true(owner.nr_moved > 0);
	assert_int_equal(owner.nr_wrong, 0);
	for (unsigned long i = 0; i < owner.nr; i++)
		assert_true(!owner.slot[i] || follower_has_contents(&owner, i));
}

#define test(name)	     cmocka_unit_test_setup_teardown(name, up, down)
#define test_on(name, start) cmocka_unit_test_setup_teardown(name, start, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_direct),
		test(test_compact_memory),
		test(test_unmovable),
		test(test_one_unmovable),
		test(test_suitable),
		test(test_daemon),
		test_on(test_highmem, up_highmem),
		test(test_deterministic),
		test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
