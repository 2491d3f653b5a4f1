/* SPDX-License-Identifier: MIT */
/*
 * Proves of shrinkers, in the forms of 3.12 to 6.6 and since 6.7: how many objects are
 * asked for at which priority (seeks, batch, what was deferred), when asking ends
 * (SHRINK_STOP, SHRINK_EMPTY, a shrinker that scans nothing), what they are told, and
 * that unregistering waits for calls under way. (Older forms: test_shrinker_old.c.)
 */
#include <pthread.h>
#include <sched.h>

#include <kalloc/reclaim.h>

#include "page/event.h"
#include "page/shrinker.h"
#include "rig.h"

/* A cache of @left objects, which notes how it is asked. */
struct cache {
	struct shrinker shrinker;
	unsigned long left;
	unsigned long answer; /* of scan_objects, if not 0 */
	bool scans_nothing;
	unsigned int nr_counts;
	unsigned int nr_scans;
	unsigned long asked;
	gfp_t gfp;
	int nid;
};

static unsigned long cache_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct cache *cache = container_of(shrinker, struct cache, shrinker);

	cache->nr_counts++;
	cache->gfp = sc->gfp_mask;
	cache->nid = sc->nid;
	return cache->left;
}

static unsigned long cache_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct cache *cache = container_of(shrinker, struct cache, shrinker);

	cache->nr_scans++;
	cache->asked += sc->nr_to_scan;
	assert_int_equal(sc->nr_scanned, sc->nr_to_scan);
	if (cache->scans_nothing)
		sc->nr_scanned = 0;
	return cache->answer ?: sc->nr_to_scan;
}

static struct cache cache_of(unsigned long left)
{
	return (struct cache){
		.shrinker = { .count_objects = cache_count,
			      .scan_objects = cache_scan,
			      .seeks = DEFAULT_SEEKS },
		.left = left,
	};
}

static void test_amounts(void **state)
{
	static const struct {
		unsigned long left;
		int seeks;
		long batch;
		int priority;
		unsigned int scans;
		unsigned long asked;
		long deferred;
	} rows[] = {
		/* left * 4 / seeks at priority 0, but never more than twice what there is */
		{ 1024, 2, 0, 2, 4, 512, 0 },
		{ 1024, 4, 0, 2, 2, 256, 0 },
		{ 1024, 2, 64, 2, 8, 512, 0 },
		{ 1024, 0, 0, 12, 4, 512, 0 }, /* nothing to make anew: half, at any priority */
		{ 1024, 1, 0, 0, 16, 2048, 2048 },
		{ 1000, 2, 0, 2, 3, 384, 116 }, /* the rest is less than a batch: later */
		{ 100, 2, 0, 12, 0, 0, 0 },
		{ 100, 2, 0, 0, 1, 128, 72 },
		{ 10, 2, 0, 0, 1, 20, 0 }, /* all there is, though it is less than a batch */
	};
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct cache cache = cache_of(rows[i].left);

		cache.shrinker.seeks = rows[i].seeks;
		cache.shrinker.batch = rows[i].batch;
		assert_int_equal(register_shrinker(&cache.shrinker, "row %zu", i), 0);
		shrink_slab(rig.m, GFP_KERNEL, 0, rows[i].priority);
		assert_int_equal(cache.nr_counts, 1);
		assert_int_equal(cache.asked, rows[i].asked);
		assert_int_equal(cache.nr_scans, rows[i].scans);
		assert_int_equal(cache.shrinker.nr_deferred, rows[i].deferred);
		unregister_shrinker(&cache.shrinker);
	}
	rig_down(&rig);
}

static void test_deferred(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct cache cache = cache_of(100);

	register_shrinker(&cache.shrinker, "deferred");
	shrink_slab(rig.m, GFP_KERNEL, 0, 0);
	assert_int_equal(cache.shrinker.nr_deferred, 72); /* 200 - 128 */
	shrink_slab(rig.m, GFP_KERNEL, 0, 12);
	assert_int_equal(cache.shrinker.nr_deferred, 72);
	shrink_slab(rig.m, GFP_KERNEL, 0, 1); /* 72 / 2 + 100: one batch */
	assert_int_equal(cache.asked, 256);
	assert_int_equal(cache.shrinker.nr_deferred, 44); /* 72 + 100 - 128 */
	unregister_shrinker(&cache.shrinker);
	rig_down(&rig);
}

static void test_ends(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct cache stops = cache_of(1024), empty = cache_of(SHRINK_EMPTY), lazy = cache_of(1024);

	stops.answer = SHRINK_STOP;
	lazy.scans_nothing = true;
	register_shrinker(&stops.shrinker, "stops");
	register_shrinker(&empty.shrinker, "empty");
	register_shrinker(&lazy.shrinker, "lazy");
	assert_int_equal(shrink_slab(rig.m, GFP_NOFS, 0, 2), 128);
	assert_int_equal(stops.nr_scans, 1);
	assert_int_equal(stops.shrinker.nr_deferred, 512);
	assert_int_equal(empty.nr_scans, 0);
	assert_int_equal(lazy.nr_scans, 1);
	assert_int_equal(page_event(rig.m, SLABS_SCANNED), 0);
	assert_int_equal(stops.gfp, GFP_NOFS);
	unregister_shrinker(&stops.shrinker);
	unregister_shrinker(&empty.shrinker);
	unregister_shrinker(&lazy.shrinker);
	rig_down(&rig);
}

static void test_nodes(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=2 numa=fake=2");
	struct cache aware = cache_of(1024), plain = cache_of(1024);

	aware.shrinker.flags = SHRINKER_NUMA_AWARE;
	register_shrinker(&aware.shrinker, "aware");
	register_shrinker(&plain.shrinker, "plain");
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 1, 2), 1024);
	assert_int_equal(aware.nid, 1);
	assert_int_equal(plain.nid, 0);
	assert_int_equal(page_event(rig.m, SLABS_SCANNED), 1024);
	unregister_shrinker(&plain.shrinker);
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 1, 2), 512);
	unregister_shrinker(&aware.shrinker);
	unregister_shrinker(&aware.shrinker); /* does nothing */
	rig_down(&rig);
}

static unsigned long by_private_data(struct shrinker *shrinker, struct shrink_control *sc)
{
	return cache_count(shrinker->private_data, sc);
}

static unsigned long scan_by_private_data(struct shrinker *shrinker, struct shrink_control *sc)
{
	return cache_scan(shrinker->private_data, sc);
}

static void test_since_6_7(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker *shrinker = shrinker_alloc(SHRINKER_NUMA_AWARE, "sb-%s", "test");
	struct cache cache = cache_of(1024);

	assert_non_null(shrinker);
	assert_int_equal(shrinker->seeks, DEFAULT_SEEKS);
	shrinker->count_objects = by_private_data;
	shrinker->scan_objects = scan_by_private_data;
	shrinker->private_data = &cache;
	shrink_slab(rig.m, GFP_KERNEL, 0, 2);
	assert_int_equal(cache.nr_counts, 0);
	shrinker_register(shrinker);
	shrink_slab(rig.m, GFP_KERNEL, 0, 2);
	assert_int_equal(cache.asked, 512);
	shrinker_free(shrinker);
	shrink_slab(rig.m, GFP_KERNEL, 0, 2);
	assert_int_equal(cache.nr_counts, 1);
	shrinker_free(shrinker_alloc(0, "never registered"));
	shrinker_free(NULL);
	rig_down(&rig);
}

static bool in_call, let_go, is_gone;

static unsigned long blocking_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	__atomic_store_n(&in_call, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&let_go, __ATOMIC_ACQUIRE))
		sched_yield();
	assert_false(__atomic_load_n(&is_gone, __ATOMIC_ACQUIRE));
	return 0;
}

static void *shrinking(void *machine)
{
	kalloc_enter(machine);
	shrink_slab(machine, GFP_KERNEL, 0, 0);
	return NULL;
}

static void *unregistering(void *shrinker)
{
	unregister_shrinker(shrinker);
	__atomic_store_n(&is_gone, true, __ATOMIC_RELEASE);
	return NULL;
}

/* No call begins once unregistering has; it returns after the one under way. */
static void test_unregister_waits(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker shrinker = { .count_objects = blocking_count };
	pthread_t caller, leaver;

	register_shrinker(&shrinker, "blocking");
	pthread_create(&caller, NULL, shrinking, rig.m);
	while (!__atomic_load_n(&in_call, __ATOMIC_ACQUIRE))
		sched_yield();
	pthread_create(&leaver, NULL, unregistering, &shrinker);
	for (bool leaving = false; !leaving;) {
		lock_take(&rig.m->page->shrinker_lock);
		leaving = shrinker.calls > 1;
		lock_drop(&rig.m->page->shrinker_lock);
		sched_yield();
	}
	shrink_slab(rig.m, GFP_KERNEL, 0, 0); /* would block here if it were called */
	assert_false(__atomic_load_n(&is_gone, __ATOMIC_ACQUIRE));
	__atomic_store_n(&let_go, true, __ATOMIC_RELEASE);
	pthread_join(caller, NULL);
	pthread_join(leaver, NULL);
	assert_true(is_gone);
	rig_down(&rig);
}

static unsigned long scan_and_leave(struct shrinker *shrinker, struct shrink_control *sc)
{
	unregister_shrinker(shrinker);
	return SHRINK_STOP;
}

static unsigned long count_many(struct shrinker *shrinker, struct shrink_control *sc)
{
	return 1024;
}

/* From within its own call it would wait for itself: reported, and it stays. */
static void test_leaves_from_within(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct shrinker shrinker = { .count_objects = count_many,
				     .scan_objects = scan_and_leave,
				     .seeks = DEFAULT_SEEKS };

	assert_int_equal(register_shrinker(&shrinker, "leaver"), 0);
	assert_int_equal(shrink_slab(rig.m, GFP_KERNEL, 0, 0), 0);
	assert_int_equal(said_count("unregisters itself from its own call"), 1);
	assert_non_null(shrinker.machine);
	unregister_shrinker(&shrinker);
	assert_null(shrinker.machine);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaves_from_within),
		cmocka_unit_test(test_amounts),
		cmocka_unit_test(test_deferred),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_since_6_7),
		cmocka_unit_test(test_unregister_waits),
	};

	return cmocka_run_group_tests_name("shrinker", tests, NULL, NULL);
}
