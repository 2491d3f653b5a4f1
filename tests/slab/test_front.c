/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/front.c: objects come back last in first out, across sheaves; a front
 * is refilled from one slab; full sheaves go to the barn and come back from there; what
 * has no place goes to the slabs; who finds a front in use goes past it. What must not
 * be in a sheaf does not get there.
 */
#define _GNU_SOURCE
#include <kalloc/context.h>
#include <kalloc/page.h>
#include <kalloc/vmalloc.h>

#include "front_rig.h"
#include "plat/hop.h"

#define SHEAF SHEAF_SLOTS /* objects in a sheaf of small ones */

static void test_last_in_first_out(void **state)
{
	struct kmem_cache *s = kmem_cache_create("l", 64, 0, 0, NULL);
	void *objects[3 * SHEAF];

	(void)state;
	take_objects(s, objects, 3 * SHEAF);
	for (int i = 0; i < 3 * SHEAF; i++) {
		kmem_cache_free(s, objects[i]);
		assert_true(cache_ok(s));
	}
	assert_int_equal(front_count(s), 2 * SHEAF);
	assert_int_equal(s->barn.nr, 1);
	for (int i = 3 * SHEAF; i-- > 0;) {
		assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), objects[i]);
		assert_true(cache_ok(s));
	}
	assert_int_equal(front_count(s), 0);
	assert_int_equal(s->barn.nr, 0);
}

/* As far as a sheaf holds them, in the order of their addresses. */
static void test_refill(void **state)
{
	static const unsigned int sizes[] = { 8, 64, 1024, 8192 };

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(sizes); n++) {
		struct kmem_cache *s = kmem_cache_create("r", sizes[n], 0, 0, NULL);
		unsigned int a_slab = oo_objects(s->oo);
		unsigned int at_hand = min(a_slab - 1, s->sheaf_most);
		char *object = kmem_cache_alloc(s, GFP_KERNEL);

		assert_int_equal(s->node[0]->nr_slabs, 1);
		assert_int_equal(front_count(s), at_hand);
		for (unsigned int i = 1; i < a_slab; i++)
			assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), object + i * sizes[n]);
		assert_int_equal(s->node[0]->nr_slabs, 1);
		assert_non_null(kmem_cache_alloc(s, GFP_KERNEL));
		assert_int_equal(s->node[0]->nr_slabs, 2);
		assert_true(cache_ok(s));
	}
}

static unsigned long free_in_slabs(const struct kmem_cache *s)
{
	return slab_count(s, 0).free;
}

/* Two sheaves here, BARN_FEW in the barn; the sheaf after that is emptied. */
static void test_barn(void **state)
{
	static void *objects[40 * SHEAF];
	struct kmem_cache *s = kmem_cache_create("b", 64, 0, 0, NULL);
	unsigned int kept = (2 + BARN_FEW) * SHEAF;
	struct sheaf *older;

	(void)state;
	take_objects(s, objects, 40 * SHEAF);
	free_objects(s, objects, kept);
	assert_int_equal(s->barn.nr, BARN_FEW);
	assert_int_equal(front_count(s), 2 * SHEAF);
	assert_int_equal(free_in_slabs(s), 0);
	older = front_of(s)->spare;
	assert_ptr_equal(older->slots[0], objects[kept - 2 * SHEAF]);
	/* The older one of the two goes. */
	kmem_cache_free(s, objects[kept]);
	assert_int_equal(s->barn.nr, BARN_FEW);
	assert_int_equal(front_count(s), SHEAF + 1);
	assert_int_equal(free_in_slabs(s), SHEAF);
	assert_int_equal(slab_of(*state, objects[kept - 2 * SHEAF])->inuse, 0);
	assert_true(cache_ok(s));
	/* Who runs out afterwards gets more room: by what was turned away. */
	take_objects(s, objects, kept - SHEAF + 1);
	assert_int_equal(s->barn.nr, 0);
	assert_int_equal(s->barn.limit, BARN_FEW);
	take_objects(s, objects + kept - SHEAF + 1, SHEAF);
	assert_int_equal(s->barn.limit, BARN_FEW + 1);
	free_objects(s, objects, 40 * SHEAF);
	assert_int_equal(s->barn.nr, BARN_FEW + 1);
	assert_int_equal(objects_out(s), 0);
	assert_int_equal(s->barn.limit, BARN_FEW);
	assert_int_equal(front_count(s), 0);
}

/* Whole arrays: the sheaf that was filled last is taken first, as it was filled. */
static void test_bulk(void **state)
{
	struct kmem_cache *s = kmem_cache_create("k", 64, 0, 0, NULL);
	void *objects[5 * SHEAF], *again[5 * SHEAF];

	(void)state;
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 5 * SHEAF, objects), 5 * SHEAF);
	assert_true(cache_ok(s));
	kmem_cache_free_bulk(s, 5 * SHEAF, objects);
	assert_true(cache_ok(s));
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 5 * SHEAF, again), 5 * SHEAF);
	for (int i = 0; i < 5 * SHEAF; i++)
		assert_ptr_equal(again[i], objects[(4 - i / SHEAF) * SHEAF + i % SHEAF]);
	/* One of another cache in the middle is told, and goes home. */
	again[2 * SHEAF + 5] = kmalloc(64, GFP_KERNEL);
	kmem_cache_free_bulk(s, 5 * SHEAF, again);
	assert_non_null(strstr(said, "Wrong slab cache. k but object is from kmalloc-64"));
	assert_true(cache_ok(s));
	kmem_cache_free(s, objects[2 * SHEAF + 5]);
	assert_int_equal(objects_out(s), 0);
	rig_all_ok(*state);
}

/* A front in use, here one that is claimed, is passed by. Runs last: alone nobody is in one. */
static void test_busy(void **state)
{
	struct kmem_cache *s = kmem_cache_create("u", 64, 0, 0, NULL);
	struct percpu *part = percpu_of(&front_of(s)->stack);
	int claim = percpu_claim_new();
	void *objects[200], *first;

	(void)state;
	hop_in_company();
	take_objects(s, objects, 3);
	percpu_claim_begin(part, claim);
	rseq_fence();
	percpu_claim_end(part, claim);
	first = kmem_cache_alloc(s, GFP_KERNEL);
	kmem_cache_free(s, first);
	assert_int_equal(front_count(s), oo_objects(s->oo) - 3);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), first);
	take_objects(s, objects + 3, 197);
	kmem_cache_free_bulk(s, 100, objects);
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 100, objects), 100);
	free_objects(s, objects, 200);
	assert_int_equal(front_count(s), oo_objects(s->oo) - 3);
	percpu_unclaim(part);
	kmem_cache_free(s, first);
	assert_int_equal(objects_out(s), 0);
}

/* Of everything that is no object of this cache nothing gets into its sheaves. */
static void test_foreign(void **state)
{
	struct kalloc_machine *m = *state, *other;
	struct kmem_cache *s = kmem_cache_create("f", 64, 0, 0, NULL);
	struct kmem_cache *kmalloc_64 = m->slab->kmalloc_caches[KMALLOC_NORMAL][6];
	void *object = kmem_cache_alloc(s, GFP_KERNEL), *area = vmalloc(100), *theirs;
	struct kmem_cache *their_cache;
	unsigned int at_hand, theirs_at_hand;

	kfree(kmalloc(64, GFP_KERNEL));
	at_hand = front_count(kmalloc_64);
	kfree(NULL);
	kfree(ZERO_SIZE_PTR);
	assert_string_equal(said, "");
	kmem_cache_free(s, NULL);
	rig_hush();
	kfree(area);
	assert_non_null(strstr(said, "is not memory of any machine"));
	rig_hush();
	kfree((void *)__get_free_pages(GFP_KERNEL, 0));
	rig_hush();
	assert_int_equal(front_count(kmalloc_64), at_hand);

	/* An object of the cache by kfree() is well. */
	kfree(object);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), object);
	kmem_cache_free(kmalloc_64, object);
	assert_non_null(strstr(said, "Wrong slab cache. kmalloc-64 but object is from f"));
	assert_int_equal(front_count(kmalloc_64), at_hand);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), object);
	kmem_cache_free(s, object);

	other = kalloc_boot(DEFAULT_RIG);
	kalloc_enter(other);
	theirs = kmalloc(64, GFP_KERNEL);
	their_cache = rig_cache_of(theirs);
	theirs_at_hand = front_count(their_cache);
	kalloc_enter(m);
	rig_hush();
	kfree(theirs);
	assert_string_equal(said, "");
	assert_int_equal(front_count(kmalloc_64), at_hand);
	assert_int_equal(front_count(their_cache), theirs_at_hand + 1);
	kalloc_enter(other);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), theirs);
	kalloc_enter(m);
	kmem_cache_free(kmalloc_64, theirs);
	assert_non_null(strstr(said, "Wrong slab cache. kmalloc-64 but object is from kmalloc-64"));
	assert_int_equal(front_count(kmalloc_64), at_hand);
	rig_all_ok(other);
	kalloc_halt(other);
	vfree(area);
	rig_all_ok(m);
}

/* An object at hand does not keep the report away. */
static void test_atomic(void **state)
{
	struct kmem_cache *s = kmem_cache_create("a", 64, 0, 0, NULL);
	void *object;

	(void)state;
	kmem_cache_free(s, kmem_cache_alloc(s, GFP_KERNEL));
	kfree(kmalloc(64, GFP_KERNEL));
	kalloc_atomic_enter();
	object = kmem_cache_alloc(s, GFP_ATOMIC);
	kfree(kmalloc(64, GFP_ATOMIC));
	assert_string_equal(said, "");
	kfree(kmalloc(64, GFP_KERNEL));
	assert_non_null(strstr(said, "BUG: sleeping function called from invalid context"));
	kalloc_atomic_leave();
	kmem_cache_free(s, object);
}

static bool is_all(const char *object, size_t size, int byte)
{
	for (size_t i = 0; i < size; i++)
		if (object[i] != byte)
			return false;
	return true;
}

/* Objects at hand are cleared if asked for, to the size that merging has raised. */
static void test_zero(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1 kalloc.sheaves=on");
	struct kmem_cache *s = kmem_cache_create("z", 500, 0, SLAB_RECLAIM_ACCOUNT, NULL);
	void *objects[8];
	char *object;

	(void)state;
	take_objects(s, objects, 8);
	for (int i = 0; i < 8; i++)
		memset(objects[i], 0x5a, 504);
	free_objects(s, objects, 8);
	assert_true(is_all(kmem_cache_alloc(s, GFP_KERNEL), 500, 0x5a));
	object = kmem_cache_alloc(s, GFP_KERNEL | __GFP_ZERO);
	assert_true(is_all(object, 500, 0));
	assert_int_equal(object[500], 0x5a);
	/* From here on it holds objects of 504 bytes. */
	assert_ptr_equal(kmem_cache_create("y", 504, 0, SLAB_RECLAIM_ACCOUNT, NULL), s);
	assert_true(is_all(kmem_cache_alloc(s, GFP_KERNEL | __GFP_ZERO), 504, 0));
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL | __GFP_ZERO, 3, objects), 3);
	for (int i = 0; i < 3; i++)
		assert_true(is_all(objects[i], 504, 0));
	object = kmalloc(64, GFP_KERNEL);
	memset(object, 0x5a, 64);
	kfree(object);
	assert_ptr_equal(kzalloc(64, GFP_KERNEL), object);
	assert_true(is_all(object, 64, 0));
	rig_halt(m);
}

static struct kmem_cache *nested_cache;
static void *nested_object;

/* Takes an object of its own cache while the first slab of it is being made. */
static void construct(void *object)
{
	struct kmem_cache *s = nested_cache;

	memset(object, 0xc5, 40);
	nested_cache = NULL;
	if (s)
		nested_object = kmem_cache_alloc(s, GFP_KERNEL);
}

/* What a constructor or the last user wrote is there, and nothing is lost on the way. */
static void test_constructed(void **state)
{
	struct kmem_cache *s = kmem_cache_create("c", 40, 0, SLAB_TYPESAFE_BY_RCU, construct);
	char *object;
	void *objects[300];

	(void)state;
	nested_cache = s;
	object = kmem_cache_alloc(s, GFP_KERNEL);
	assert_true(cache_ok(s));
	take_objects(s, objects, 300);
	for (int i = 0; i < 300; i++)
		assert_true(is_all(objects[i], 40, (char)0xc5));
	memset(object, 7, 40);
	kmem_cache_free(s, object);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), object);
	assert_true(is_all(object, 40, 7));
	free_objects(s, objects, 300);
	kmem_cache_free(s, nested_object);
	assert_int_equal(objects_out(s), 1);
	assert_int_equal(kmem_cache_shrink(s), 1);
	assert_true(s->node[0]->nr_slabs > 2);
	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_last_in_first_out),
		rig_test(test_refill),
		rig_test(test_barn),
		rig_test(test_bulk),
		rig_test(test_foreign),
		rig_test(test_atomic),
		cmocka_unit_test(test_zero),
		rig_test(test_constructed),
		rig_test(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
