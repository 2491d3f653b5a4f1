/* SPDX-License-Identifier: MIT */
/*
 * struct kmem_cache as kernel files see it (compat/linux/slab.h) is what libkalloc's begins
 * with (src/slab/cache.h): each member that they look at holds what the cache was made with.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <kunit/test.h>

static void constructor(void *object)
{
}

static void members_lie_where_they_are_looked_for(struct kunit *test)
{
	struct kmem_cache *s =
		kmem_cache_create("layout", 40, 16, SLAB_RECLAIM_ACCOUNT, constructor);

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_EQ(test, s->object_size, 40u);
	KUNIT_EXPECT_EQ(test, s->align, 16u);
	KUNIT_EXPECT_TRUE(test, s->flags & SLAB_RECLAIM_ACCOUNT);
	KUNIT_EXPECT_PTR_EQ(test, s->ctor, &constructor);
	/* The object is the constructor's: the free pointer stands behind it. */
	KUNIT_EXPECT_GE(test, s->offset, 40u);
	KUNIT_EXPECT_GE(test, s->size, s->offset + (unsigned int)sizeof(void *));
	KUNIT_EXPECT_EQ(test, s->size % 16, 0u);
	KUNIT_EXPECT_EQ(test, s->refcount, 1);
	kmem_cache_destroy(s);
}

static struct kunit_case slab_cases[] = {
	KUNIT_CASE(members_lie_where_they_are_looked_for),
	{},
};

static struct kunit_suite slab_suite = {
	.name = "slab",
	.test_cases = slab_cases,
};
kunit_test_suite(slab_suite);

MODULE_LICENSE("Dual MIT/GPL");
