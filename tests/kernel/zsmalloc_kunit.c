/* SPDX-License-Identifier: MIT */
/*
 * The tree's mm/zsmalloc.c over libkalloc: objects of any size are packed across pages and keep
 * their contents, also while the pool compacts itself and while libkalloc's compaction moves its
 * pages, whoever works in it meanwhile; what cannot be had leaves the pool as it was. To be run on
 * a machine of 64 MiB.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/zsmalloc.h>
#include <kunit/test.h>

#include "below.h"
#include "threads.h"

static struct zs_pool *pool;
static long frames;

static int pool_setup(struct kunit *test)
{
	frames = frames_used();
	pool = zs_create_pool("test");
	KUNIT_ASSERT_NOT_NULL(test, pool);
	return 0;
}

static void expect_pages(struct kunit *test, unsigned long nr)
{
	KUNIT_EXPECT_EQ(test, zs_get_total_pages(pool), nr);
	KUNIT_EXPECT_EQ(test, frames_used() - frames, (long)nr);
}

static void pool_teardown(struct kunit *test)
{
	expect_pages(test, 0);
	zs_destroy_pool(pool);
	KUNIT_EXPECT_EQ(test, frames_used(), frames);
}

#define GFP (GFP_KERNEL | __GFP_HIGHMEM | __GFP_MOVABLE)

static void fill(unsigned long handle, size_t bytes, unsigned int mark)
{
	memset(zs_map_object(pool, handle, ZS_MM_WO), (int)mark, bytes);
	zs_unmap_object(pool, handle);
}

static bool is_filled(unsigned long handle, size_t bytes, unsigned int mark)
{
	bool good = !memchr_inv(zs_map_object(pool, handle, ZS_MM_RO), (int)mark, bytes);

	zs_unmap_object(pool, handle);
	return good;
}

#define MOST (1u << 14) /* of a page each: more than there are */

static unsigned long handles[MOST];
static unsigned int nr_handles;

static size_t any_size(unsigned int i)
{
	return i * 131 % PAGE_SIZE + 1;
}

static size_t thousand(unsigned int i)
{
	return 1000;
}

static size_t one_page(unsigned int i)
{
	return 4000;
}

/* Up to @most objects, as long as there is memory. */
static void objects_make(size_t (*bytes)(unsigned int i), unsigned int most, gfp_t gfp)
{
	for (nr_handles = 0; nr_handles < most; nr_handles++) {
		unsigned long handle = zs_malloc(pool, bytes(nr_handles), gfp);

		if (IS_ERR_VALUE(handle))
			break;
		fill(handle, bytes(nr_handles), nr_handles);
		handles[nr_handles] = handle;
	}
}

/* Free all but each @step-th; 0: all of them that are left. */
static void objects_free(unsigned int step)
{
	unsigned int i;

	for (i = 0; i < nr_handles; i++) {
		if (!handles[i] || (step && i % step == 0))
			continue;
		zs_free(pool, handles[i]);
		handles[i] = 0;
	}
}

static bool objects_hold(size_t (*bytes)(unsigned int i))
{
	unsigned int i;

	for (i = 0; i < nr_handles; i++)
		if (handles[i] && !is_filled(handles[i], bytes(i), i))
			return false;
	return true;
}

static void objects_of_any_size_keep_their_contents(struct kunit *test)
{
	unsigned long bytes = 0, pages;
	unsigned int i;

	objects_make(any_size, 3000, GFP);
	KUNIT_EXPECT_EQ(test, nr_handles, 3000u);
	KUNIT_EXPECT_TRUE(test, objects_hold(any_size));
	pages = zs_get_total_pages(pool);
	expect_pages(test, pages);
	for (i = 0; i < nr_handles; i++)
		bytes += any_size(i);
	/* Packed: what is lost is less than a quarter, where a page for each loses half. */
	KUNIT_EXPECT_GE(test, pages * PAGE_SIZE, bytes);
	KUNIT_EXPECT_LE(test, pages * PAGE_SIZE * 3, bytes * 4);
	objects_free(0);
	expect_pages(test, 0);
}

static void the_pool_compacts_itself(struct kunit *test)
{
	unsigned long before, freed;

	objects_make(thousand, 3000, GFP);
	objects_free(4);
	before = zs_get_total_pages(pool);
	expect_pages(test, before);
	freed = zs_compact(pool);
	expect_pages(test, before - freed);
	/* Three of four objects are gone, and their pages but for a few. */
	KUNIT_EXPECT_GT(test, freed * 2, before);
	KUNIT_EXPECT_TRUE(test, objects_hold(thousand));
	KUNIT_EXPECT_EQ(test, zs_compact(pool), 0ul);
	objects_free(0);
}

/* Requests that take all there is and wait for nobody. */
#define GREEDY (GFP_NOWAIT | __GFP_NORETRY | __GFP_NOWARN | __GFP_HIGHMEM | __GFP_MOVABLE)

static struct page *block_take(void)
{
	return alloc_pages(GFP_NOWAIT | __GFP_NORETRY | __GFP_NOWARN, 9);
}

static void compact_memory(void)
{
	kalloc_write("/proc/sys/vm/compact_memory", "1");
}

/* A page of each four is left of all memory: no block is free until they are moved together. */
static void its_pages_can_be_moved(struct kunit *test)
{
	struct page *block;
	unsigned long pages;

	objects_make(one_page, MOST, GREEDY);
	KUNIT_EXPECT_LT(test, nr_handles, MOST);
	objects_free(4);
	pages = zs_get_total_pages(pool);
	expect_pages(test, pages);
	KUNIT_EXPECT_NULL(test, block_take());
	compact_memory();
	block = block_take();
	KUNIT_EXPECT_NOT_NULL(test, block);
	if (block)
		__free_pages(block, 9);
	expect_pages(test, pages);
	KUNIT_EXPECT_TRUE(test, objects_hold(one_page));
	objects_free(0);
}

static void failure_leaves_the_pool_alone(struct kunit *test)
{
	unsigned long first = zs_malloc(pool, 1000, GFP), pages, handle;
	unsigned int nth, nr_failed = 0;
	struct zs_pool *other;

	pages = zs_get_total_pages(pool);
	fill(first, 1000, 1);
	KUNIT_EXPECT_TRUE(test, IS_ERR_VALUE(zs_malloc(pool, PAGE_SIZE + 1, GFP)));
	KUNIT_EXPECT_TRUE(test, IS_ERR_VALUE(zs_malloc(pool, 0, GFP)));
	for (nth = 1;; nth++) {
		fail_begin(nth);
		handle = zs_malloc(pool, 3000, GFP);
		if (!fail_end())
			break;
		if (!IS_ERR_VALUE(handle)) { /* a smaller slab did */
			zs_free(pool, handle);
			continue;
		}
		nr_failed++;
		KUNIT_EXPECT_EQ(test, (long)handle, -ENOMEM);
		expect_pages(test, pages);
	}
	/* A handle, a description, and a page at least. */
	KUNIT_EXPECT_GE(test, nr_failed, 3u);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(handle));
	KUNIT_EXPECT_TRUE(test, is_filled(first, 1000, 1));
	zs_free(pool, handle);
	zs_free(pool, first);
	for (nth = 1, nr_failed = 0;; nth++) {
		fail_begin(nth);
		other = zs_create_pool("other");
		nr_failed += !other;
		if (other)
			zs_destroy_pool(other);
		if (!fail_end())
			break;
	}
	KUNIT_EXPECT_NOT_NULL(test, other);
	/* The pool, its name, two caches and a size. */
	KUNIT_EXPECT_GE(test, nr_failed, 5u);
}

static void all_memory_comes_back(struct kunit *test)
{
	objects_make(one_page, MOST, GREEDY);
	KUNIT_EXPECT_LT(test, nr_handles, MOST);
	KUNIT_EXPECT_GT(test, nr_handles * 10ul, totalram_pages() * 8);
	expect_pages(test, nr_handles);
	KUNIT_EXPECT_TRUE(test, objects_hold(one_page));
	objects_free(0);
	expect_pages(test, 0);
}

#define NR_TURNS 10000
#define NR_MOVES 30
#define NR_HELD	 64

static atomic_t nr_damaged, nr_denied;

/* One thread moves what the others work with. */
static void work_or_move(unsigned int nr)
{
	unsigned long held[NR_HELD] = {};
	unsigned int turn, i;

	for (turn = 0; !nr && turn < NR_MOVES; turn++) {
		zs_compact(pool);
		compact_memory();
	}
	for (turn = 0; nr && turn < NR_TURNS; turn++) {
		i = turn * 5 % NR_HELD;
		if (held[i]) {
			if (!is_filled(held[i], any_size(i), nr + i))
				atomic_inc(&nr_damaged);
			zs_free(pool, held[i]);
		}
		held[i] = zs_malloc(pool, any_size(i), GFP);
		if (IS_ERR_VALUE(held[i])) {
			atomic_inc(&nr_denied);
			held[i] = 0;
		} else {
			fill(held[i], any_size(i), nr + i);
		}
	}
	for (i = 0; i < NR_HELD; i++)
		if (held[i])
			zs_free(pool, held[i]);
}

static void pages_are_moved_under_threads(struct kunit *test)
{
	threads_run(test, work_or_move);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_damaged), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_denied), 0);
}

static struct kunit_case zsmalloc_cases[] = {
	KUNIT_CASE(objects_of_any_size_keep_their_contents),
	KUNIT_CASE(the_pool_compacts_itself),
	KUNIT_CASE(its_pages_can_be_moved),
	KUNIT_CASE(failure_leaves_the_pool_alone),
	KUNIT_CASE(all_memory_comes_back),
	KUNIT_CASE(pages_are_moved_under_threads),
	{},
};

static struct kunit_suite zsmalloc_suite = {
	.name = "zsmalloc",
	.init = pool_setup,
	.exit = pool_teardown,
	.test_cases = zsmalloc_cases,
};
kunit_test_suite(zsmalloc_suite);

MODULE_LICENSE("Dual MIT/GPL");
