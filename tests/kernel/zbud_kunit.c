/* SPDX-License-Identifier: MIT */
/*
 * The tree's mm/zbud.c, behind its mm/zpool.c, over libkalloc: at most two objects share a page,
 * the page that has least room to spare is taken, every page is libkalloc's and goes back with
 * its last object, and what cannot be had leaves the pool as it was.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/zpool.h>
#include <kunit/test.h>

#include "below.h"
#include "threads.h"

#define CHUNK	64 /* sizes are multiples of it; the first one of a page is zbud's */
#define LARGEST (PAGE_SIZE - 2 * CHUNK)

static struct zpool *pool;
static long frames;

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 5, 0)
#define pool_make()   zpool_create_pool("zbud", "test", GFP_KERNEL)
#define pool_pages(p) ((long)zpool_get_total_pages(p))
#else
static int evict(struct zpool *p, unsigned long handle);
static const struct zpool_ops ops = { .evict = evict };

#define pool_make()   zpool_create_pool("zbud", "test", GFP_KERNEL, &ops)
#define pool_pages(p) ((long)(zpool_get_total_size(p) / PAGE_SIZE))
#endif

static int pool_setup(struct kunit *test)
{
	frames = frames_used();
	pool = pool_make();
	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_ASSERT_STREQ(test, zpool_get_type(pool), "zbud");
	return 0;
}

static void pool_teardown(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, pool_pages(pool), 0l);
	zpool_destroy_pool(pool);
	KUNIT_EXPECT_EQ(test, frames_used(), frames);
}

/* Pages of the pool are frames of the machine, no more and no fewer. */
static void expect_pages(struct kunit *test, long nr)
{
	KUNIT_EXPECT_EQ(test, pool_pages(pool), nr);
	KUNIT_EXPECT_EQ(test, frames_used() - frames, nr);
}

static unsigned long take(struct kunit *test, size_t bytes)
{
	unsigned long handle = 0;

	KUNIT_EXPECT_EQ(test, zpool_malloc(pool, bytes, GFP_KERNEL, &handle), 0);
	return handle;
}

static void give(unsigned long handle)
{
	zpool_free(pool, handle);
}

/* An object's bytes are all @mark. */
static void fill(unsigned long handle, size_t bytes, int mark)
{
	memset(zpool_map_handle(pool, handle, ZPOOL_MM_WO), mark, bytes);
	zpool_unmap_handle(pool, handle);
}

static bool is_filled(unsigned long handle, size_t bytes, int mark)
{
	bool good = !memchr_inv(zpool_map_handle(pool, handle, ZPOOL_MM_RO), mark, bytes);

	zpool_unmap_handle(pool, handle);
	return good;
}

static bool share_a_page(unsigned long a, unsigned long b)
{
	return (a & PAGE_MASK) == (b & PAGE_MASK);
}

static void two_objects_share_a_page(struct kunit *test)
{
	unsigned long a = take(test, 1000), b, c;

	expect_pages(test, 1);
	b = take(test, 2000);
	expect_pages(test, 1);
	KUNIT_EXPECT_TRUE(test, share_a_page(a, b));
	c = take(test, 100);
	expect_pages(test, 2);
	KUNIT_EXPECT_FALSE(test, share_a_page(a, c));
	fill(a, 1000, 1);
	fill(b, 2000, 2);
	fill(c, 100, 3);
	KUNIT_EXPECT_TRUE(test, is_filled(a, 1000, 1));
	give(a);
	expect_pages(test, 2);
	KUNIT_EXPECT_TRUE(test, is_filled(b, 2000, 2));
	give(b);
	expect_pages(test, 1);
	KUNIT_EXPECT_TRUE(test, is_filled(c, 100, 3));
	give(c);
	expect_pages(test, 0);
}

static void the_fullest_page_that_fits_is_taken(struct kunit *test)
{
	unsigned long half = take(test, 32 * CHUNK), full = take(test, 50 * CHUNK);
	unsigned long small, large;

	KUNIT_EXPECT_FALSE(test, share_a_page(half, full));
	small = take(test, 13 * CHUNK);
	KUNIT_EXPECT_TRUE(test, share_a_page(small, full));
	give(small);
	small = take(test, 13 * CHUNK + 1);
	KUNIT_EXPECT_TRUE(test, share_a_page(small, half));
	large = take(test, 13 * CHUNK);
	KUNIT_EXPECT_TRUE(test, share_a_page(large, full));
	expect_pages(test, 2);
	give(half);
	give(full);
	give(small);
	give(large);
}

static void sizes_that_cannot_be_are_refused(struct kunit *test)
{
	unsigned long handle = 77;

	KUNIT_EXPECT_EQ(test, zpool_malloc(pool, 0, GFP_KERNEL, &handle), -EINVAL);
	KUNIT_EXPECT_EQ(test, zpool_malloc(pool, LARGEST + 1, GFP_KERNEL, &handle), -ENOSPC);
	KUNIT_EXPECT_EQ(test, zpool_malloc(pool, 1, GFP_KERNEL | __GFP_HIGHMEM, &handle), -EINVAL);
	KUNIT_EXPECT_EQ(test, handle, 77ul);
	expect_pages(test, 0);
	handle = take(test, LARGEST);
	fill(handle, LARGEST, 9);
	give(handle);
}

static void failure_leaves_the_pool_alone(struct kunit *test)
{
	unsigned long a = take(test, 100), b = 77;
	unsigned int nth;

	fail_begin(1);
	KUNIT_EXPECT_EQ(test, zpool_malloc(pool, LARGEST, GFP_KERNEL, &b), -ENOMEM);
	KUNIT_EXPECT_TRUE(test, fail_end());
	KUNIT_EXPECT_EQ(test, b, 77ul);
	expect_pages(test, 1);
	/* Where there is room nothing is asked for. */
	fail_begin(1);
	KUNIT_EXPECT_EQ(test, zpool_malloc(pool, 100, GFP_KERNEL, &b), 0);
	KUNIT_EXPECT_FALSE(test, fail_end());
	expect_pages(test, 1);
	give(a);
	give(b);
	/* A pool is two objects. */
	for (nth = 1; nth <= 2; nth++) {
		fail_begin(nth);
		KUNIT_EXPECT_NULL(test, pool_make());
		KUNIT_EXPECT_TRUE(test, fail_end());
	}
}

/* A page that nobody waits for: what is free, but for the reserves. */
#define WANT (GFP_NOWAIT | __GFP_NORETRY | __GFP_NOWARN)

static void all_memory_comes_back(struct kunit *test)
{
	unsigned long handle, last = 0;
	long nr = 0;

	/* Each object holds the handle of the one before it. */
	while (!zpool_malloc(pool, LARGEST, WANT, &handle)) {
		*(unsigned long *)zpool_map_handle(pool, handle, ZPOOL_MM_WO) = last;
		zpool_unmap_handle(pool, handle);
		last = handle;
		nr++;
	}
	KUNIT_EXPECT_GT(test, nr * 10, (long)totalram_pages() * 8);
	expect_pages(test, nr);
	for (; last; last = handle) {
		handle = *(unsigned long *)zpool_map_handle(pool, last, ZPOOL_MM_RO);
		zpool_unmap_handle(pool, last);
		give(last);
	}
	expect_pages(test, 0);
}

#if KALLOC_LINUX_VERSION < KERNEL_VERSION(6, 5, 0)
static unsigned long evicted[8];
static unsigned int nr_evicted;

static int evict(struct zpool *p, unsigned long handle)
{
	evicted[nr_evicted++ % ARRAY_SIZE(evicted)] = handle;
	zpool_free(p, handle);
	return 0;
}

static void the_oldest_pages_are_evicted(struct kunit *test)
{
	unsigned long handles[6];
	unsigned int i, reclaimed = 0;

	for (i = 0; i < 6; i++)
		handles[i] = take(test, 20 * CHUNK);
	expect_pages(test, 3);
	KUNIT_EXPECT_TRUE(test, zpool_evictable(pool));
	KUNIT_EXPECT_EQ(test, zpool_shrink(pool, 2, &reclaimed), 0);
	KUNIT_EXPECT_EQ(test, reclaimed, 2u);
	KUNIT_EXPECT_EQ(test, nr_evicted, 4u);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, evicted[i], handles[i]);
	expect_pages(test, 1);
	give(handles[4]);
	give(handles[5]);
}
#endif

#define NR_TURNS 20000
#define NR_HELD	 16

static atomic_t nr_damaged, nr_denied;

static void take_and_give(unsigned int nr)
{
	unsigned long held[NR_HELD] = {};
	size_t bytes[NR_HELD];
	unsigned int turn, i;

	for (turn = 0; turn < NR_TURNS; turn++) {
		i = turn * 5 % NR_HELD;
		if (held[i]) {
			if (!is_filled(held[i], bytes[i], (int)(nr * NR_HELD + i)))
				atomic_inc(&nr_damaged);
			give(held[i]);
			held[i] = 0;
		}
		bytes[i] = turn * 37 % LARGEST + 1;
		if (zpool_malloc(pool, bytes[i], GFP_KERNEL, &held[i])) {
			atomic_inc(&nr_denied);
			held[i] = 0;
		} else {
			fill(held[i], bytes[i], (int)(nr * NR_HELD + i));
		}
	}
	for (i = 0; i < NR_HELD; i++)
		if (held[i])
			give(held[i]);
}

static void threads_keep_out_of_each_others_objects(struct kunit *test)
{
	threads_run(test, take_and_give);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_damaged), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_denied), 0);
	expect_pages(test, 0);
}

static struct kunit_case zbud_cases[] = {
	KUNIT_CASE(two_objects_share_a_page),
	KUNIT_CASE(the_fullest_page_that_fits_is_taken),
	KUNIT_CASE(sizes_that_cannot_be_are_refused),
	KUNIT_CASE(failure_leaves_the_pool_alone),
	KUNIT_CASE(all_memory_comes_back),
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(6, 5, 0)
	KUNIT_CASE(the_oldest_pages_are_evicted),
#endif
	KUNIT_CASE(threads_keep_out_of_each_others_objects),
	{},
};

static struct kunit_suite zbud_suite = {
	.name = "zbud",
	.init = pool_setup,
	.exit = pool_teardown,
	.test_cases = zbud_cases,
};
kunit_test_suite(zbud_suite);

MODULE_LICENSE("Dual MIT/GPL");
