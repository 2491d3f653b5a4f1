/* SPDX-License-Identifier: MIT */
/*
 * Proves that the slab room honours its caller's context: every door reports a request
 * that may sleep in atomic context, also when the object was at hand, and only such;
 * scopes narrow the flags that a shrinker sees.
 */
#include "context_test.h"

#include <kalloc/slab.h>

#include "base.h"

#define MACHINE "mem=32M nr_cpus=1 kalloc.daemons=step"

static struct kmem_cache *cache;

static void by_cache(gfp_t gfp)
{
	kmem_cache_free(cache, kmem_cache_alloc(cache, gfp));
}

static void by_cache_node(gfp_t gfp)
{
	kmem_cache_free(cache, kmem_cache_alloc_node(cache, gfp, 0));
}

static void by_bulk(gfp_t gfp)
{
	void *objects[4];

	assert_int_equal(kmem_cache_alloc_bulk(cache, gfp, 4, objects), 4);
	kmem_cache_free_bulk(cache, 4, objects);
}

static void by_kmalloc(gfp_t gfp)
{
	kfree(kmalloc(64, gfp));
}

static void by_kmalloc_large(gfp_t gfp)
{
	kfree(kmalloc(64 << 10, gfp));
}

static void by_kmalloc_node(gfp_t gfp)
{
	kfree(kmalloc_node(200, gfp, 0));
}

static void by_krealloc(gfp_t gfp)
{
	kfree(krealloc(kmalloc(8, GFP_NOWAIT), 100, gfp));
}

static void by_kstrdup(gfp_t gfp)
{
	kfree(kstrdup("name", gfp));
}

static void (*const doors[])(gfp_t gfp) = {
	by_cache,	  by_cache_node,   by_bulk,	by_kmalloc,
	by_kmalloc_large, by_kmalloc_node, by_krealloc, by_kstrdup,
};

static void test_every_door(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);

	cache = kmem_cache_create("objects", 100, 0, 0, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(doors); i++) {
		assert_int_equal(REPORTS_OF(doors[i](GFP_KERNEL)), 0);
		assert_int_equal(ATOMIC_REPORTS_OF(doors[i](GFP_KERNEL)), 1);
		assert_int_equal(ATOMIC_REPORTS_OF(doors[i](GFP_NOFS)), 1);
		assert_int_equal(IRQ_REPORTS_OF(doors[i](GFP_KERNEL)), 1);
		assert_int_equal(ATOMIC_REPORTS_OF(doors[i](GFP_ATOMIC)), 0);
		assert_int_equal(IRQ_REPORTS_OF(doors[i](GFP_NOWAIT)), 0);
	}
	kmem_cache_destroy(cache);
	context_down(m);
}

static void test_other_calls(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct kmem_cache *s = kmem_cache_create("objects", 100, 0, 0, NULL);
	void *object = kmalloc(100, GFP_KERNEL);

	assert_int_equal(ATOMIC_REPORTS_OF(kmalloc(0, GFP_KERNEL)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(object = krealloc(object, 50, GFP_KERNEL)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(kfree(object)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(kmem_cache_shrink(s)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(kmem_cache_destroy(NULL)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(kmem_cache_destroy(s)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(s = kmem_cache_create("more", 48, 0, 0, NULL)), 1);
	kmem_cache_destroy(s);
	context_down(m);
}

static void try_kmalloc(void)
{
	assert_null(kmalloc(8192, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN));
}

static void try_kmalloc_large(void)
{
	assert_null(kmalloc(16384, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN));
}

static void test_scopes_narrow(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct shrinker shrinker = { .count_objects = see_flags, .scan_objects = see_flags };
	struct list_head taken = LIST_INIT(taken);
	void *chain = NULL, **object;

	assert_int_equal(register_shrinker(&shrinker, "test"), 0);
	context_exhaust(&taken);
	while ((object = kmalloc(8192, GFP_NOWAIT | __GFP_NOWARN))) {
		*object = chain;
		chain = object;
	}
	ASSERT_SCOPES_REACH_SHRINKER(try_kmalloc());
	ASSERT_SCOPES_REACH_SHRINKER(try_kmalloc_large());
	while ((object = chain)) {
		chain = *object;
		kfree(object);
	}
	context_release(&taken);
	unregister_shrinker(&shrinker);
	context_down(m);
}

/* A cache that is merged is created as little in atomic context as one that is made. */
static void test_creation(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct kmem_cache *one, *alias;

	assert_int_equal(REPORTS_OF(one = kmem_cache_create("one", 72, 0, 0, NULL)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(alias = kmem_cache_create("alias", 72, 0, 0, NULL)), 1);
	assert_ptr_equal(alias, one);
	kmem_cache_destroy(alias);
	kmem_cache_destroy(one);
	context_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_creation),
		cmocka_unit_test(test_every_door),
		cmocka_unit_test(test_other_calls),
		cmocka_unit_test(test_scopes_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
