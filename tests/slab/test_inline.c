/* SPDX-License-Identifier: MIT */
/*
 * Proves include/kalloc/inline.h: what is inline and what is called are one allocator, for
 * a thread that is alone and for several; what only the library can do is left to it; and
 * a sequence that has ended leaves no word of itself, so that its code may be unloaded.
 * That something is inline at all shows in the counts of bench/callgrind.
 */
#define _GNU_SOURCE
#include "front_rig.h"
#include "plat/hop.h"

/* Pointers to functions are the library's. */
static struct {
	void *(*cache_alloc)(struct kmem_cache *, gfp_t);
	void (*cache_free)(struct kmem_cache *, void *);
	void *(*kmalloc_sized)(unsigned int, gfp_t);
	void *(*kmalloc)(size_t, gfp_t);
	void (*kfree)(const void *);
} volatile called = { kmem_cache_alloc, kmem_cache_free, kalloc_kmalloc_sized, __kmalloc, kfree };

/* Runs first: there is no machine, and these do not need one. */
static void test_nothing_to_free(void **state)
{
	(void)state;
	assert_null(kalloc_known());
	kfree(NULL);
	kfree(ZERO_SIZE_PTR);
	assert_null(kalloc_known());
}

static void test_names(void **state)
{
	(void)state;
	assert_ptr_equal(called.cache_alloc, kalloc_call_cache_alloc);
	assert_ptr_equal(called.cache_free, kalloc_call_cache_free);
	assert_ptr_equal(called.kmalloc_sized, kalloc_call_kmalloc_sized);
	assert_ptr_equal(called.kmalloc, kalloc_call_kmalloc);
	assert_ptr_equal(called.kfree, kalloc_call_kfree);
}

/* What one of them frees the other takes next. */
static void test_one_allocator(void **state)
{
	struct kmem_cache *s = kmem_cache_create("i", 64, 0, 0, NULL);
	volatile size_t size = 64;
	void *first = kmem_cache_alloc(s, GFP_KERNEL), *second;

	called.cache_free(s, first);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), first);
	kmem_cache_free(s, first);
	assert_ptr_equal(called.cache_alloc(s, GFP_KERNEL), first);
	kmem_cache_free(s, first);

	first = kmalloc(64, GFP_KERNEL);
	second = kmalloc(size, GFP_KERNEL);
	called.kfree(second);
	kfree(first);
	assert_ptr_equal(called.kmalloc(64, GFP_KERNEL), first);
	assert_ptr_equal(kmalloc(size, GFP_KERNEL), second);
	kfree(first);
	called.kfree(second);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), second);
	assert_ptr_equal(called.kmalloc_sized(KALLOC_SIZED(64), GFP_KERNEL), first);
	kfree(second);
	kfree(first);
	rig_all_ok(*state);
}

/* Sizes that are not known at compile time come from the same classes. */
static void test_sizes(void **state)
{
	for (volatile size_t size = 0; size <= 2 * KALLOC_SMALL_SIZE; size++) {
		void *object = kmalloc(size, GFP_KERNEL);

		assert_int_equal(ksize(object), size ? kmalloc_size_roundup(size) : 0);
		kfree(object);
		assert_ptr_equal(called.kmalloc(size, GFP_KERNEL), object);
		kfree(object);
	}
	rig_all_ok(*state);
}

static void test_left_to_the_library(void **state)
{
	struct kmem_cache *s = kmem_cache_create("l", 64, 0, 0, NULL);
	struct kmem_cache *other = kmem_cache_create("o", 64, 0, 0, NULL);
	char *object = kmem_cache_alloc(s, GFP_KERNEL);

	memset(object, 0x5a, 64);
	kmem_cache_free(s, object);
	object = kmem_cache_alloc(s, GFP_KERNEL | __GFP_ZERO);
	for (int i = 0; i < 64; i++)
		assert_int_equal(object[i], 0);
	assert_string_equal(said, "");

	kmem_cache_free(other, object);
	assert_non_null(strstr(said, "cache_from_obj: Wrong slab cache. o but object is from l"));
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), object);
	rig_hush();

	kalloc_atomic_enter();
	kmem_cache_free(s, object);
	object = kmem_cache_alloc(s, GFP_KERNEL);
	kalloc_atomic_leave();
	assert_non_null(strstr(said, "sleeping function called from invalid context"));
	kmem_cache_free(s, object);
	rig_hush();

	kfree(NULL);
	kfree(ZERO_SIZE_PTR);
	assert_string_equal(said, "");
	kfree(&said);
	assert_non_null(strstr(said, "is not memory of any machine"));
	rig_all_ok(*state);
}

/* An object goes back to its own machine, whichever is current. */
static void test_two_machines(void **state)
{
	struct kalloc_machine *m = *state;
	void *object = kmalloc(64, GFP_KERNEL), *mine;
	struct kalloc_machine *n = kalloc_boot("mem=16M nr_cpus=1");

	kalloc_enter(n);
	mine = kmalloc(64, GFP_KERNEL);
	assert_true(machine_of(mine) == n && machine_of(object) == m);
	kfree(object);
	kfree(mine);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), mine);
	kfree(mine);
	kalloc_enter(m);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), object);
	kfree(object);
	rig_halt(n);
	kalloc_enter(m);
	rig_all_ok(m);
}

static void test_sequences_leave_nothing(void **state)
{
	struct kmem_cache *s = kmem_cache_create("u", 64, 0, 0, NULL);
	void *objects[SHEAF_SLOTS];

	hop_in_company();
	hop_to(0);
	for (int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(objects); i++) {
			objects[i] =
				i % 2 ? kmem_cache_alloc(s, GFP_KERNEL) : kmalloc(64, GFP_KERNEL);
			assert_int_equal(kalloc_self.area->running, 0);
		}
		for (unsigned int i = 0; i < ARRAY_SIZE(objects); i++) {
			kfree(objects[i]);
			assert_int_equal(kalloc_self.area->running, 0);
		}
	}
	/* By now it has one of its own, though nobody asked for it. */
	assert_ptr_not_equal(kalloc_self.area, &self_no_area);
	assert_int_equal(rseq_cpu() >= 0, rseq_is_on());
	hop_anywhere();
	test_one_allocator(state);
	test_two_machines(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_to_free),
		cmocka_unit_test(test_names),
		rig_test(test_one_allocator),
		rig_test(test_sizes),
		rig_test(test_left_to_the_library),
		rig_test(test_two_machines),
		/* Last: from then on the thread is not alone. */
		rig_test(test_sequences_leave_nothing),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
