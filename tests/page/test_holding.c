/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/holding.c: what is held as movable is: compaction, alloc_contig_range()
 * and reclaim take it, and the record follows; what is not stays where it is. Releasing
 * frees everything, also while other threads move pages, in a child of fork, and by halting.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fragments.h"

#include "page/compact.h"

/* Free blocks of a pageblock or more. */
static unsigned long nr_whole(const struct zone *zone)
{
	struct free_blocks blocks = index_count(&zone->buddy);

	return index_frames(&blocks, 9, BUDDY_MAX_ORDER) >> 9;
}

static void compact(const struct rig *rig)
{
	assert_true(kalloc_write("/proc/sys/vm/compact_memory", "1") > 0);
}

static void test_compaction_moves(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("movable-only fraction=0.3 seed=1");
	unsigned long long before = measure(frag).fingerprint;
	unsigned long nr = nr_held(frag);

	assert_int_equal(nr_whole(frag->zone), 0);
	assert_int_equal(frag->nr_held[MIGRATE_MOVABLE], nr);
	compact(&rig);
	/* Seven tenths of the pageblocks are whole again, less what does not fit. */
	assert_in_range(nr_whole(frag->zone), frag->zone->managed_pages / 512 * 6 / 10,
			frag->zone->managed_pages / 512 * 7 / 10 + 1);
	assert_true(holding_ok(frag));
	assert_int_equal(nr_held(frag), nr);
	assert_int_equal(rig_free(&rig), rig.nr_free - nr);
	assert_true(measure(frag).fingerprint != before);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

static void test_unmovable_stays(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("unmovable-scatter seed=1");
	unsigned long long before = measure(frag).fingerprint;

	compact(&rig);
	assert_int_equal(nr_whole(frag->zone), 0);
	assert_true(measure(frag).fingerprint == before);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* Pages may be moved out of the zone, too. */
static void test_contig_range(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("movable-only fraction=0.9 seed=1");
	unsigned long start = frag->zone->zone_start_pfn + 2048, nr = nr_held(frag);

	assert_int_equal(alloc_contig_range(start, start + 512, MIGRATE_MOVABLE, GFP_KERNEL), 0);
	assert_true(holding_ok(frag));
	assert_int_equal(nr_held(frag), nr);
	free_contig_range(start, 512);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

static void test_reclaim_takes(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1 kalloc.swap=16M");
	struct kalloc_fragmentation *frag = apply("movable-only fraction=0.95 seed=1");
	struct list_head taken = LIST_INIT(taken);
	unsigned long nr = nr_held(frag), nr_taken = 0;

	for (struct page *page; nr_taken < 5000; nr_taken++) {
		page = alloc_pages(GFP_KERNEL, 0);
		assert_non_null(page);
		list_add(&page->lru, &taken);
	}
	assert_true(holding_ok(frag));
	assert_true(nr_held(frag) < nr);
	kalloc_swap_drop(nr - nr_held(frag));
	rig_release(&taken, 0);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* Slots that became free are used again, however often. */
static void test_slots(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("random fraction=0 seed=1");
	struct page *pages[64];

	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
			unsigned int order = (unsigned int)i % 4;

			pages[i] = alloc_pages(GFP_KERNEL, order);
			holding_add(frag, pages[i], order,
				    i % 8 == 4 ? MIGRATE_MOVABLE : MIGRATE_RECLAIMABLE, i % 2);
		}
		holding_settle(frag);
		assert_true(holding_ok(frag));
		assert_int_equal(frag->nr_held[MIGRATE_MOVABLE], 8);
		assert_int_equal(frag->nr_held[MIGRATE_RECLAIMABLE], 8 + 16 * (2 + 4 + 8));
		/* Each other time the fillers first. */
		if (round % 2)
			assert_int_equal(holding_drop_all(frag, true), 0);
		assert_int_equal(holding_drop_all(frag, false), 0);
		assert_int_equal(nr_held(frag), 0);
		assert_int_equal(frag->nr_slots, ARRAY_SIZE(pages));
	}
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

static void test_deal(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("random fraction=0 ratio=3:5 seed=1");
	unsigned int firsts[8] = { 0 };

	for (int run = 0; run < 1000; run++) {
		unsigned int nr = 0;

		for (int i = 0; i < 8; i++) {
			bool movable = holding_deal(frag) == MIGRATE_MOVABLE;

			nr += movable;
			firsts[i] += movable;
		}
		assert_int_equal(nr, 3);
	}
	/* No place in a run is preferred. */
	for (int i = 0; i < 8; i++)
		assert_in_range(firsts[i], 320, 430);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* Halting gives all of it back to the host; there is nothing to release after it. */
static void halt_with_profiles(void)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");

	apply("random ratio=1:1");
	apply("checkerboard order=2");
	kalloc_fragment(3, 0.5, 1);
	assert_false(list_empty(&rig.m->page->fragmentations));
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(rig.m);
}

static void test_halt(void **state)
{
	const unsigned long record = 12288 * sizeof(struct held);
	unsigned long before;

	halt_with_profiles();
	before = address_space_used();
	for (int i = 0; i < 8; i++)
		halt_with_profiles();
	assert_true(address_space_used() < before + 3 * record);
}

/* A child has its own copy. */
static void test_fork(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("movable-only fraction=0.3 seed=1");
	unsigned long long before = measure(frag).fingerprint;
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		compact(&rig);
		if (measure(frag).fingerprint == before || !holding_ok(frag))
			_exit(1);
		kalloc_fragment_release(frag);
		_exit(rig_free(&rig) == rig.nr_free ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(measure(frag).fingerprint == before);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/*
 * A page that is isolated for good, as in a child of fork whose parent was moving it: it is
 * waited for, a second, then said so; the record stays for it until the machine is halted.
 */
static void test_isolated_for_good(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("movable-only fraction=0.3 seed=1");
	struct page *page = frag->slots[7].page;

	assert_true(lru_isolate_page(page));
	kalloc_fragment_release(frag);
	assert_int_equal(said_count("1 pages of a profile stay isolated"), 1);
	assert_int_equal(rig_free(&rig), rig.nr_free - 1);
	assert_int_equal(nr_held(frag), 1);
	/* Who has it puts it back after all. */
	lru_put_back_page(page);
	kalloc_fragment_release(frag);
	assert_true(list_empty(&rig.m->page->fragmentations));
	rig_down(&rig);
}

static bool stop;

static void *keep_compacting(void *machine)
{
	kalloc_enter(machine);
	kalloc_set_cpu(1);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		kalloc_write("/proc/sys/vm/compact_memory", "1");
	return NULL;
}

static void *keep_allocating(void *machine)
{
	struct page *pages[32] = { NULL };

	kalloc_enter(machine);
	kalloc_set_cpu(2);
	for (unsigned int i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
		unsigned int order = i % 4;
		struct page **page = &pages[i % 32 / 4 * 4 + order];

		if (*page)
			__free_pages(*page, order);
		*page = alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, order);
	}
	for (unsigned int i = 0; i < 32; i++) {
		if (pages[i])
			__free_pages(pages[i], i % 4);
	}
	return NULL;
}

/* Applied, sustained, looked at and released while others move pages and use memory. */
static void test_threads(void **state)
{
	static const char *const texts[] = {
		"movable-only fraction=0.3",
		"random ratio=1:1 fraction=0.2",
		"target order=7 index=0.7 ratio=2:1",
		"aged steps=2000 fraction=0.3",
	};
	int rounds = under_valgrind() ? 1 : 5;
	struct rig rig = rig_up("mem=48M nr_cpus=3");
	pthread_t threads[2];

	stop = false;
	pthread_create(&threads[0], NULL, keep_compacting, rig.m);
	pthread_create(&threads[1], NULL, keep_allocating, rig.m);
	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
			struct kalloc_fragment_profile profile = profile_of(texts[i]);
			struct kalloc_fragmentation *frag = NULL;

			/* What others take meanwhile may be what a target misses. */
			if (kalloc_fragment_apply(&profile, &frag)) {
				assert_int_equal(profile.kind, KALLOC_FRAGMENT_TARGET);
				continue;
			}
			for (int at = 0; at < 3; at++) {
				kalloc_fragment_sustain(frag);
				assert_true(measure(frag).nr_free < 48UL << 8);
			}
			kalloc_fragment_release(frag);
		}
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compaction_moves),
		cmocka_unit_test(test_unmovable_stays),
		cmocka_unit_test(test_contig_range),
		cmocka_unit_test(test_reclaim_takes),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_deal),
		cmocka_unit_test(test_halt),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_isolated_for_good),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
