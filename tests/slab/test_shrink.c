/* SPDX-License-Identifier: MIT */
/* Proves src/slab/shrink.c: empty slabs go, by request and by reclaim; fuller ones come first. */
#define RIG_SHEAVES "off"
#include "rig.h"

#include "slab/node.h"
#include "slab/cpu_slab.h"

#define NR_SLABS 6

static void test_empty(void **state)
{
	struct kmem_cache *s = kmem_cache_create("e", 64, 0, 0, NULL);
	void *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	assert_int_equal(kmem_cache_shrink(s), 1);
	assert_int_equal(s->node[0]->nr_slabs, 1);
	kmem_cache_free(s, p);
	assert_int_equal(kmem_cache_shrink(s), 0);
	assert_int_equal(s->node[0]->nr_slabs, 0);
	assert_int_equal(s->node[0]->total_objects, 0);
	assert_true(cache_ok(s));
	assert_non_null(kmem_cache_alloc(s, GFP_KERNEL));
}

/* Free 10, 40, 3, 64, 32 and 1 objects of six full slabs. */
static void test_sorted(void **state)
{
	static const unsigned int nr_free[NR_SLABS] = { 10, 40, 3, 64, 32, 1 };
	static const unsigned int expected[] = { 1, 3, 10, 32, 40 };
	struct kmem_cache *s = kmem_cache_create("s", 64, 0, 0, NULL);
	void *objects[NR_SLABS][64];
	struct slab *slab;
	int seen = 0;

	(void)state;
	for (int i = 0; i < NR_SLABS * 64; i++)
		objects[i / 64][i % 64] = kmem_cache_alloc(s, GFP_KERNEL);
	for (int i = 0; i < NR_SLABS; i++) {
		for (unsigned int j = 0; j < nr_free[i]; j++)
			kmem_cache_free(s, objects[i][j]);
	}
	assert_int_equal(kmem_cache_shrink(s), 1);
	assert_int_equal(s->node[0]->nr_slabs, NR_SLABS - 1);
	list_for_each_entry(slab, &s->node[0]->partial, slab_list)
		assert_int_equal(slab->objects - slab->inuse, expected[seen++]);
	assert_int_equal(seen, 5);
	assert_true(cache_ok(s));
}

/* Keeps a cache from being merged. */
static void no_ctor(void *object)
{
}

/* Under memory pressure empty slabs that a cache keeps go back, those of others stay. */
static void test_reclaimed(void **state)
{
	struct kalloc_machine *m = kalloc_current();
	struct shrinker *shrinker = &m->slab->shrinker;
	struct kmem_cache *s = kmem_cache_create("r", 64, 0, 0, no_ctor);
	struct kmem_cache *rcu = kmem_cache_create("t", 64, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL, .nr_to_scan = 1, .nr_scanned = 1 };
	struct kmem_cache *caches[] = { s, rcu };
	unsigned long before = shrinker->count_objects(shrinker, &sc);
	unsigned long nr, kept;
	void *objects[4 * 64];

	(void)state;
	for (size_t c = 0; c < 2; c++) {
		for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
			objects[i] = kmem_cache_alloc(caches[c], GFP_KERNEL);
		for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
			kmem_cache_free(caches[c], objects[i]);
		cpu_slab_flush_all(caches[c]);
		assert_int_equal(caches[c]->node[0]->nr_partial, caches[c]->node[0]->nr_slabs);
	}
	nr = s->node[0]->nr_slabs;
	kept = rcu->node[0]->nr_slabs;
	assert_int_equal(shrinker->count_objects(shrinker, &sc), before + nr);
	assert_int_equal(shrinker->scan_objects(shrinker, &sc), 1);
	assert_int_equal(shrinker->count_objects(shrinker, &sc), before + nr - 1);
	sc.nr_to_scan = 1000;
	assert_int_equal(shrinker->scan_objects(shrinker, &sc), before + nr - 1);
	assert_int_equal(s->node[0]->nr_slabs, 0);
	assert_int_equal(rcu->node[0]->nr_slabs, kept);
	assert_true(cache_ok(s));
	assert_true(cache_ok(rcu));
}

int main(void)
{
	const struct CMUnitTest tests[] = { rig_test(test_empty), rig_test(test_sorted),
					    rig_test(test_reclaimed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
