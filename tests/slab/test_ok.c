/* SPDX-License-Identifier: MIT */
/* Proves src/slab/ok.c: the walks that the other tests rely on see each damage. */
#define RIG_SHEAVES "off"
#include "rig.h"

static struct kmem_cache *cache;
static void *objects[130];
static struct slab *first; /* partial */

static int damage_setup(void **state)
{
	rig_setup(state);
	cache = kmem_cache_create("d", 64, 0, 0, NULL);
	for (int i = 0; i < 130; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[1]);
	kmem_cache_free(cache, objects[64]);
	first = slab_of(*state, objects[0]);
	assert_true(cache_ok(cache));
	return 0;
}

#define damage_test(f) cmocka_unit_test_setup_teardown(f, damage_setup, rig_teardown)

static void test_count(void **state)
{
	(void)state;
	first->inuse++;
	assert_false(slab_ok(cache, first));
	assert_false(cache_ok(cache));
}

static void test_cycle(void **state)
{
	(void)state;
	object_set_next(cache, objects[0], objects[1]);
	assert_false(cache_ok(cache));
}

static void test_stray(void **state)
{
	(void)state;
	object_set_next(cache, objects[0], (char *)objects[2] + 8);
	assert_false(cache_ok(cache));
	object_set_next(cache, objects[0], objects[64]);
	assert_false(cache_ok(cache));
}

static void test_owner(void **state)
{
	(void)state;
	first->slab_cache = NULL;
	assert_false(cache_ok(cache));
}

static void test_frozen(void **state)
{
	(void)state;
	first->frozen = 0;
	assert_false(cache_ok(cache));
}

static void test_chain(void **state)
{
	(void)state;
	cache->cpu_slab[0].partial->slabs++;
	assert_false(cache_ok(cache));
}

static void test_partial(void **state)
{
	(void)state;
	kmem_cache_shrink(cache);
	assert_true(cache_ok(cache));
	cache->node[0]->nr_partial++;
	assert_false(cache_ok(cache));
	cache->node[0]->nr_partial--;
	cache->node[0]->nr_slabs = 1;
	assert_false(cache_ok(cache));
}

static void test_cpu_list(void **state)
{
	(void)state;
	cache->cpu_slab[0].freelist = objects[0];
	assert_false(cache_ok(cache));
}

/* Full slabs, known and unknown. */
static void test_full(void **state)
{
	struct kmem_cache *s = kmem_cache_create("f", 64, 0, SLAB_STORE_USER, NULL);
	struct list_head *full = &s->node[0]->full;
	struct slab *slab;

	(void)state;
	for (unsigned int i = 0; i < 2 * oo_objects(s->oo); i++)
		assert_non_null(kmem_cache_alloc(s, GFP_KERNEL));
	assert_true(cache_ok(s));
	slab = list_first_entry(full, struct slab, slab_list);
	list_del(&slab->slab_list);
	assert_false(cache_ok(s));
	list_add(&slab->slab_list, full);
	assert_true(cache_ok(s));
	slab->frozen = 1;
	assert_false(cache_ok(s));
	list_add(&slab->slab_list, &cache->node[0]->full);
	assert_false(cache_ok(cache));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		damage_test(test_count),   damage_test(test_cycle),    damage_test(test_stray),
		damage_test(test_owner),   damage_test(test_frozen),   damage_test(test_chain),
		damage_test(test_partial), damage_test(test_cpu_list), damage_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
