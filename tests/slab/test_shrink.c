/* SPDX-License-Identifier: MIT */
/* Proves src/slab/shrink.c: empty slabs go, the fullest of the rest come first. */
#include "rig.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = { rig_test(test_empty), rig_test(test_sorted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
