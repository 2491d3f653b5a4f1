/* SPDX-License-Identifier: MIT */
/*
 * The tree's mm/mempool.c does over libkalloc what pools are for: the reserve is filled at
 * once, serves when the allocator has nothing, is filled first, and who may sleep waits for
 * an element instead of failing. Each test frees what it took: what is left is counted at
 * the end of the program.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/test.h>

#define MIN_NR 4
#define BYTES  200

/* An allocator that can be told to have nothing. */
static bool is_dry;
static int nr_out;

static void *dry_alloc(gfp_t gfp, void *data)
{
	void *element = is_dry ? NULL : kmalloc((size_t)data, gfp);

	nr_out += element != NULL;
	return element;
}

static void dry_free(void *element, void *data)
{
	nr_out--;
	kfree(element);
}

static mempool_t *dry_pool(void)
{
	is_dry = false;
	nr_out = 0;
	return mempool_create(MIN_NR, dry_alloc, dry_free, (void *)BYTES);
}

static void reserve_is_filled_at_once(struct kunit *test)
{
	mempool_t *pool = dry_pool();

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_EQ(test, pool->min_nr, MIN_NR);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, MIN_NR);
	KUNIT_EXPECT_EQ(test, nr_out, MIN_NR);
	mempool_destroy(pool);
	KUNIT_EXPECT_EQ(test, nr_out, 0);
}

static void reserve_serves_when_allocator_is_dry(struct kunit *test)
{
	void *elements[MIN_NR];
	mempool_t *pool = dry_pool();
	int i;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	is_dry = true;
	for (i = 0; i < MIN_NR; i++) {
		elements[i] = mempool_alloc(pool, GFP_ATOMIC);
		KUNIT_ASSERT_NOT_NULL(test, elements[i]);
		memset(elements[i], i, BYTES);
	}
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 0);
	KUNIT_EXPECT_NULL(test, mempool_alloc(pool, GFP_ATOMIC));
	for (i = 0; i < MIN_NR; i++)
		mempool_free(elements[i], pool);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, MIN_NR);
	mempool_destroy(pool);
	KUNIT_EXPECT_EQ(test, nr_out, 0);
}

static void allocator_is_asked_first(struct kunit *test)
{
	mempool_t *pool = dry_pool();
	void *element;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	element = mempool_alloc(pool, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, MIN_NR);
	KUNIT_EXPECT_EQ(test, nr_out, MIN_NR + 1);
	mempool_free(element, pool);
	KUNIT_EXPECT_EQ(test, nr_out, MIN_NR);
	mempool_free(NULL, pool);
	mempool_destroy(pool);
}

static void creation_fails_whole(struct kunit *test)
{
	is_dry = true;
	nr_out = 0;
	KUNIT_EXPECT_NULL(test, mempool_create(MIN_NR, dry_alloc, dry_free, (void *)BYTES));
	KUNIT_EXPECT_EQ(test, nr_out, 0);
}

struct waiter {
	mempool_t *pool;
	void *element;
	struct completion done;
};

static int waiter_run(void *arg)
{
	struct waiter *waiter = arg;

	waiter->element = mempool_alloc(waiter->pool, GFP_KERNEL);
	complete(&waiter->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void who_may_sleep_waits_for_an_element(struct kunit *test)
{
	struct waiter waiter = { .pool = dry_pool() };
	void *elements[MIN_NR];
	struct task_struct *task;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, waiter.pool);
	is_dry = true;
	for (i = 0; i < MIN_NR; i++)
		elements[i] = mempool_alloc(waiter.pool, GFP_KERNEL);
	init_completion(&waiter.done);
	task = kthread_run(waiter_run, &waiter, "waiter");
	KUNIT_EXPECT_FALSE(test, IS_ERR(task));
	if (!IS_ERR(task)) {
		while (!waitqueue_active(&waiter.pool->wait))
			schedule_timeout_uninterruptible(1);
		KUNIT_EXPECT_FALSE(test, completion_done(&waiter.done));
		mempool_free(elements[0], waiter.pool);
		wait_for_completion(&waiter.done);
		KUNIT_EXPECT_PTR_EQ(test, waiter.element, elements[0]);
		kthread_stop(task);
		elements[0] = waiter.element;
	}
	for (i = 0; i < MIN_NR; i++)
		mempool_free(elements[i], waiter.pool);
	mempool_destroy(waiter.pool);
	KUNIT_EXPECT_EQ(test, nr_out, 0);
}

static void resizing_moves_the_reserve(struct kunit *test)
{
	mempool_t *pool = dry_pool();

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 2 * MIN_NR), 0);
	KUNIT_EXPECT_EQ(test, pool->min_nr, 2 * MIN_NR);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 2 * MIN_NR);
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 1), 0);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 1);
	KUNIT_EXPECT_EQ(test, nr_out, 1);
	mempool_destroy(pool);
}

static void pool_of_a_cache(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("mempool_test", BYTES, 0, 0, NULL);
	mempool_t *pool;
	void *element;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	pool = mempool_create_slab_pool(MIN_NR, cache);
	KUNIT_EXPECT_NOT_NULL(test, pool);
	if (pool) {
		element = mempool_alloc(pool, GFP_KERNEL);
		KUNIT_EXPECT_NOT_NULL(test, element);
		mempool_free(element, pool);
	}
	mempool_destroy(pool);
	kmem_cache_destroy(cache);
}

static void pool_of_pages(struct kunit *test)
{
	mempool_t pool = {};
	struct page *page;

	KUNIT_ASSERT_EQ(test, mempool_init_page_pool(&pool, MIN_NR, 1), 0);
	page = mempool_alloc(&pool, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page_address(page), 1, 2 * PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, virt_to_page(page_address(page)), page);
	mempool_free(page, &pool);
	mempool_exit(&pool);
}

static struct kunit_case mempool_cases[] = {
	KUNIT_CASE(reserve_is_filled_at_once),
	KUNIT_CASE(reserve_serves_when_allocator_is_dry),
	KUNIT_CASE(allocator_is_asked_first),
	KUNIT_CASE(creation_fails_whole),
	KUNIT_CASE(who_may_sleep_waits_for_an_element),
	KUNIT_CASE(resizing_moves_the_reserve),
	KUNIT_CASE(pool_of_a_cache),
	KUNIT_CASE(pool_of_pages),
	{},
};

static struct kunit_suite mempool_suite = {
	.name = "mempool",
	.test_cases = mempool_cases,
};
kunit_test_suite(mempool_suite);

MODULE_LICENSE("Dual MIT/GPL");
