/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/bulk.c: all or nothing when taking; objects of several slabs and
 * caches, and large memory, when giving back.
 */
#define RIG_SHEAVES "off"
#include "rig.h"

#define MANY 500

static void check_distinct(void *const *p, size_t n, size_t size)
{
	for (size_t i = 0; i < n; i++)
		memset(p[i], (int)(i & 0xff), size);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(*(unsigned char *)p[i], i & 0xff);
}

static void check_round_trip(slab_flags_t flags)
{
	struct kmem_cache *s = kmem_cache_create("b", 64, 0, flags, NULL);
	void *p[MANY];

	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 0, p), 0);
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 8, p), 8);
	kmem_cache_free_bulk(s, 8, p);
	kmem_cache_free_bulk(s, 0, p);
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, MANY, p), MANY);
	check_distinct(p, MANY, 64);
	assert_true(cache_ok(s));
	/* Shuffled, so that objects of many slabs stand beside each other. */
	for (size_t i = 0; i < MANY; i++) {
		size_t j = i * 7919 % MANY;
		void *swap = p[i];

		p[i] = p[j];
		p[j] = swap;
	}
	kmem_cache_free_bulk(s, MANY, p);
	assert_true(cache_ok(s));
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

static void test_round_trip(void **state)
{
	(void)state;
	check_round_trip(0);
	check_round_trip(SLAB_POISON | SLAB_RED_ZONE);
}

static void test_zeroed(void **state)
{
	struct kmem_cache *s = kmem_cache_create("z", 64, 0, 0, NULL);
	char *p[64];

	(void)state;
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 64, (void **)p), 64);
	for (int i = 0; i < 64; i++)
		memset(p[i], 0xee, 64);
	kmem_cache_free_bulk(s, 64, (void **)p);
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL | __GFP_ZERO, 64, (void **)p), 64);
	for (int i = 0; i < 64; i++) {
		for (int j = 0; j < 64; j++)
			assert_int_equal(p[i][j], 0);
	}
}

/* Objects of one slab come back in the order that freeing one by one would give. */
static void test_order(void **state)
{
	struct kmem_cache *s = kmem_cache_create("o", 64, 0, 0, NULL);
	void *p[4], *q[4];

	(void)state;
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 4, p), 4);
	memcpy(q, p, sizeof(p));
	kmem_cache_free_bulk(s, 4, p);
	for (int i = 0; i < 4; i++)
		assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), q[3 - i]);
}

static void test_any_cache(void **state)
{
	struct kalloc_machine *m = *state;
	unsigned long before = node_stat(m, 0, NR_SLAB_UNRECLAIMABLE);
	void *p[] = {
		kmalloc(8, GFP_KERNEL),	  kmalloc(20000, GFP_KERNEL), kmalloc(8, GFP_KERNEL),
		kmalloc(100, GFP_KERNEL), kmalloc(30000, GFP_KERNEL), kmalloc(8, GFP_KERNEL),
		kmalloc(100, GFP_KERNEL), kmalloc(4096, GFP_KERNEL),
	};
	unsigned long with = node_stat(m, 0, NR_SLAB_UNRECLAIMABLE);

	assert_true(with >= before + 16);
	kfree_bulk(ARRAY_SIZE(p), p);
	assert_int_equal(node_stat(m, 0, NR_SLAB_UNRECLAIMABLE), with - 16);
	rig_all_ok(m);
	assert_string_equal(said, "");
}

static void test_wrong_cache(void **state)
{
	struct kmem_cache *a = kmem_cache_create("a", 64, 0, 0, NULL);
	struct kmem_cache *b = kmem_cache_create("b", 64, 0, 0, NULL);
	void *p[] = { kmem_cache_alloc(a, GFP_KERNEL), kmem_cache_alloc(b, GFP_KERNEL) };

	(void)state;
	kmem_cache_free_bulk(a, 2, p);
	assert_non_null(strstr(said, "Wrong slab cache. a but object is from b\n"));
	assert_true(cache_ok(a));
	assert_true(cache_ok(b));
	kmem_cache_destroy(a);
	kmem_cache_destroy(b);
}

/* If the last cannot be had the others go back. */
static void test_no_memory(void **state)
{
	static void *p[40000];
	struct kmem_cache *s = kmem_cache_create("m", 4096, 0, 0, NULL);

	(void)state;
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_NOWAIT | __GFP_NOWARN, 40000, p), 0);
	assert_true(cache_ok(s));
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_round_trip), rig_test(test_zeroed),      rig_test(test_order),
		rig_test(test_any_cache),  rig_test(test_wrong_cache), rig_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
