/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/era.c and that sources written for Linux 2.6 compile against
 * <kalloc/slab.h>: this file names 2.6.18 as the kernel it was written for.
 */
#define KALLOC_LINUX_VERSION KERNEL_VERSION(2, 6, 18)
#include "rig.h"

static unsigned long ctor_flags;
static unsigned int nr_calls;
static struct kmem_cache *ctor_cache;

static void old_ctor(void *object, kmem_cache_t *s, unsigned long flags)
{
	if ((flags & (SLAB_CTOR_VERIFY | SLAB_CTOR_CONSTRUCTOR)) != SLAB_CTOR_CONSTRUCTOR)
		return;
	ctor_flags = flags;
	ctor_cache = s;
	nr_calls++;
	*(int *)object = 42;
}

static void mid_ctor(struct kmem_cache *s, void *object)
{
	ctor_cache = s;
	nr_calls++;
	*(int *)object = 43;
}

static void old_dtor(void *object, kmem_cache_t *s, unsigned long flags)
{
	(void)object;
	(void)s;
	(void)flags;
}

static void test_old(void **state)
{
	kmem_cache_t *s = kmem_cache_create("old", 64, 0, SLAB_HWCACHE_ALIGN, old_ctor, NULL);
	int *p = kmem_cache_alloc(s, SLAB_KERNEL);

	(void)state;
	assert_int_equal(*p, 42);
	assert_int_equal(nr_calls, oo_objects(s->oo));
	assert_int_equal(ctor_flags, SLAB_CTOR_CONSTRUCTOR);
	assert_ptr_equal(ctor_cache, s);
	assert_int_not_equal(kmem_cache_destroy(s), 0);
	kmem_cache_free(s, p);
	assert_int_equal(kmem_cache_destroy(s), 0);
}

static void test_mid(void **state)
{
	struct kmem_cache *s = kalloc_cache_create_mid("mid", 64, 0, 0, mid_ctor);
	int *p;

	(void)state;
	nr_calls = 0;
	p = kmem_cache_alloc(s, GFP_KERNEL);
	assert_int_equal(*p, 43);
	assert_int_equal(nr_calls, 56);
	assert_ptr_equal(ctor_cache, s);
}

static void test_refused(void **state)
{
	(void)state;
	assert_null(kmem_cache_create("dtor", 64, 0, 0, old_ctor, old_dtor));
	assert_non_null(strstr(said, "destructors are not supported"));
	assert_null(kmem_cache_create("wide", 1UL << 40, 0, 0, NULL, NULL));
	assert_null(kmem_cache_create("wide", 64, 1UL << 40, 0, NULL, NULL));
	assert_null(kmem_cache_create("wide", 64, 0, 1UL << 40, NULL, NULL));
}

static void test_macro(void **state)
{
	kmem_cache_t *s = KMEM_CACHE(list_head, 0);

	(void)state;
	assert_string_equal(kmem_cache_name(s), "list_head");
	assert_int_equal(kmem_cache_size(s), sizeof(struct list_head));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_old),
		rig_test(test_mid),
		rig_test(test_refused),
		rig_test(test_macro),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
