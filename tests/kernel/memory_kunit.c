/* SPDX-License-Identifier: MIT */
/*
 * What kernel code relies on of memory beside its allocation: how much there is, the locks of
 * pages, the addresses of pages for a moment, and caches whose objects readers may still hold.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/migrate.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysinfo.h>
#include <linux/delay.h>
#include <kunit/test.h>

/* That there are no more than their declarations matters to nobody who only compiles with them. */
#include <linux/backlight.h>
#include <linux/fb.h>
#include <linux/i2c.h>
#include <linux/regulator/consumer.h>
#include <linux/shmem_fs.h>
#include <linux/suspend.h>
#include <linux/swap.h>

#include "below.h"
#include "threads.h"

static void memory_is_as_large_as_it_is_said_to_be(struct kunit *test)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 8);
	struct sysinfo info = {}, less = {};

	KUNIT_ASSERT_NOT_NULL(test, pages);
	si_meminfo(&less);
	__free_pages(pages, 8);
	si_meminfo(&info);
	KUNIT_EXPECT_EQ(test, (unsigned long)info.mem_unit, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, (unsigned long)info.totalram, totalram_pages());
	KUNIT_EXPECT_EQ(test, (unsigned long)info.totalram, (unsigned long)less.totalram);
	/* The machine has 1 GiB, less what it needs for itself. */
	KUNIT_EXPECT_LT(test, (unsigned long)info.totalram, 1ul << 18);
	KUNIT_EXPECT_GT(test, (unsigned long)info.totalram, (1ul << 18) * 9 / 10);
	KUNIT_EXPECT_EQ(test, (unsigned long)(info.freeram - less.freeram), 256ul);
}

static void a_page_has_an_address_for_a_moment(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *addr;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_FALSE(test, in_atomic() || pagefault_disabled());
	addr = kmap_atomic(page);
	KUNIT_EXPECT_PTR_EQ(test, addr, page_address(page));
	KUNIT_EXPECT_TRUE(test, in_atomic());
	KUNIT_EXPECT_TRUE(test, pagefault_disabled());
	kunmap_atomic(addr);
	KUNIT_EXPECT_FALSE(test, in_atomic() || pagefault_disabled());
	__free_page(page);
}

static void a_buffer_is_read_as_a_file(struct kunit *test)
{
	char to[8] = "";
	loff_t pos = 3;

	KUNIT_EXPECT_EQ(test, memory_read_from_buffer(to, 4, &pos, "0123456789", 10), (ssize_t)4);
	KUNIT_EXPECT_STREQ(test, to, "3456");
	KUNIT_EXPECT_EQ(test, pos, (loff_t)7);
	KUNIT_EXPECT_EQ(test, memory_read_from_buffer(to, 4, &pos, "0123456789", 10), (ssize_t)3);
	KUNIT_EXPECT_STREQ(test, to, "7896");
	KUNIT_EXPECT_EQ(test, memory_read_from_buffer(to, 4, &pos, "0123456789", 10), (ssize_t)0);
	pos = -1;
	KUNIT_EXPECT_EQ(test, memory_read_from_buffer(to, 4, &pos, "0123456789", 10),
			(ssize_t)-EINVAL);
}

/* --- a page's lock ---------------------------------------------------------- */

#define NR_TURNS 20000u

static struct page *locked_page;
static unsigned int nr_turns; /* under the page's lock */

static void count_under_lock(unsigned int nr)
{
	unsigned int turn;

	for (turn = 0; turn < NR_TURNS; turn++) {
		if (nr || !trylock_page(locked_page))
			lock_page(locked_page);
		nr_turns++;
		unlock_page(locked_page);
		wait_on_page_locked(locked_page);
	}
}

static void a_locked_page_is_one_threads(struct kunit *test)
{
	locked_page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, locked_page);
	lock_page(locked_page);
	KUNIT_EXPECT_TRUE(test, PageLocked(locked_page));
	KUNIT_EXPECT_FALSE(test, trylock_page(locked_page));
	unlock_page(locked_page);
	KUNIT_EXPECT_FALSE(test, PageLocked(locked_page));
	threads_run(test, count_under_lock);
	KUNIT_EXPECT_EQ(test, nr_turns, NR_THREADS * NR_TURNS);
	__free_page(locked_page);
}

/* --- pages that their owner moves --------------------------------------------- */

/*
 * Of each eight pages of a stretch of memory one is left, and it may be moved. Not the first:
 * a scanner that found nothing for a while looks at every 32nd frame for free ones.
 */
#define NR_PAGES 4096
#define STEP	 8
#define FIRST	 1

static struct page *owned[NR_PAGES];
static unsigned int nr_isolated, nr_moved, nr_put_back, nr_unlocked;

static bool isolate(struct page *page, isolate_mode_t mode)
{
	nr_unlocked += !PageLocked(page) || !PageIsolated(page);
	nr_isolated++;
	return true;
}

static const struct movable_operations owner;

static int move(struct page *to, struct page *from, enum migrate_mode mode)
{
	unsigned long i = page_private(from);

	nr_unlocked += !PageLocked(from) || !PageLocked(to);
	if (i / STEP % 2)
		return -EBUSY;
	copy_highpage(to, from);
	set_page_private(to, i);
	get_page(to);
	__SetPageMovable(to, &owner);
	owned[i] = to;
	__ClearPageMovable(from);
	set_page_private(from, 0);
	put_page(from);
	nr_moved++;
	return MIGRATEPAGE_SUCCESS;
}

static void put_back(struct page *page)
{
	nr_unlocked += !PageLocked(page);
	nr_put_back++;
}

static const struct movable_operations owner = {
	.isolate_page = isolate,
	.migrate_page = move,
	.putback_page = put_back,
};

static void a_page_is_locked_while_it_is_moved(struct kunit *test)
{
	unsigned int i, nr_damaged = 0;
	struct page *held;

	for (i = 0; i < NR_PAGES; i++) {
		owned[i] = alloc_page(GFP_HIGHUSER_MOVABLE);
		KUNIT_ASSERT_NOT_NULL(test, owned[i]);
		memset(page_address(owned[i]), (int)i / STEP, PAGE_SIZE);
	}
	for (i = 0; i < NR_PAGES; i++) {
		if (i % STEP != FIRST) {
			__free_page(owned[i]);
			continue;
		}
		set_page_private(owned[i], i);
		__SetPageMovable(owned[i], &owner);
		KUNIT_EXPECT_TRUE(test, PageMovable(owned[i]));
	}
	/* Who holds the lock keeps the page. */
	held = owned[FIRST];
	lock_page(held);
	kalloc_write("/proc/sys/vm/compact_memory", "1");
	KUNIT_EXPECT_PTR_EQ(test, owned[FIRST], held);
	KUNIT_EXPECT_FALSE(test, PageIsolated(held));
	unlock_page(held);
	KUNIT_EXPECT_GT(test, nr_moved, 0u);
	KUNIT_EXPECT_GT(test, nr_put_back, 0u);
	KUNIT_EXPECT_EQ(test, nr_isolated, nr_moved + nr_put_back);
	KUNIT_EXPECT_EQ(test, nr_unlocked, 0u);
	for (i = FIRST; i < NR_PAGES; i += STEP) {
		if (memchr_inv(page_address(owned[i]), (int)i / STEP, PAGE_SIZE))
			nr_damaged++;
		lock_page(owned[i]);
		__ClearPageMovable(owned[i]);
		set_page_private(owned[i], 0);
		unlock_page(owned[i]);
		KUNIT_EXPECT_FALSE(test, PageMovable(owned[i]));
		__free_page(owned[i]);
	}
	KUNIT_EXPECT_EQ(test, nr_damaged, 0u);
}

/* --- caches of readers ----------------------------------------------------------- */

static struct kmem_cache *cache;
static unsigned long *shared;
static DECLARE_COMPLETION(is_reading);
static bool has_read;
static unsigned long seen;

static int read_late(void *unused)
{
	rcu_read_lock();
	complete(&is_reading);
	mdelay(20);
	seen = READ_ONCE(*shared);
	WRITE_ONCE(has_read, true);
	rcu_read_unlock();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* Who destroys a cache waits for those who may be looking at an object of it. */
static void a_cache_outlives_its_readers(struct kunit *test)
{
	struct task_struct *reader;

	cache = kmem_cache_create("readers", sizeof(long), 0, SLAB_TYPESAFE_BY_RCU, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	shared = kmem_cache_alloc(cache, GFP_KERNEL);
	*shared = 77;
	reader = kthread_run(read_late, NULL, "reader");
	KUNIT_ASSERT_FALSE(test, IS_ERR(reader));
	wait_for_completion(&is_reading);
	kmem_cache_free(cache, shared);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(has_read));
	KUNIT_EXPECT_EQ(test, seen, 77ul);
	kthread_stop(reader);
	kmem_cache_destroy(NULL);
}

/* Each keeps its page, the cache the one that it cuts from. */
static void fragments_keep_their_pages(struct kunit *test)
{
	struct page_frag_cache cache = {};
	char *first = page_frag_alloc(&cache, 1000, GFP_KERNEL), *last = first, *next;
	struct page *page = virt_to_head_page(first);
	unsigned int nr = 1;

	KUNIT_ASSERT_NOT_NULL(test, first);
	memset(first, 1, 1000);
	while ((next = page_frag_alloc(&cache, 1000, GFP_KERNEL)) && next == last - 1000) {
		memset(next, 2, 1000);
		last = next;
		nr++;
	}
	KUNIT_ASSERT_NOT_NULL(test, next);
	KUNIT_EXPECT_EQ(test, nr, (unsigned int)(PAGE_SIZE << compound_order(page)) / 1000);
	KUNIT_EXPECT_PTR_NE(test, virt_to_head_page(next), page);
	KUNIT_EXPECT_EQ(test, page_count(page), (int)nr);
	KUNIT_EXPECT_TRUE(test, !memchr_inv(first, 1, 1000) && !memchr_inv(last, 2, 1000));
	for (; nr; nr--, first -= 1000)
		page_frag_free(first);
	page_frag_free(next);
	/* Nothing of the second is in use: it is cut anew. */
	while (cache.offset >= 1000)
		page_frag_free(page_frag_alloc(&cache, 1000, GFP_KERNEL));
	last = page_frag_alloc(&cache, 1000, GFP_KERNEL);
	KUNIT_EXPECT_PTR_EQ(test, last, next);
	page_frag_free(last);
	KUNIT_EXPECT_NULL(test, page_frag_alloc(&cache, 40000, GFP_KERNEL));
	__page_frag_cache_drain(virt_to_page(cache.va), cache.pagecnt_bias);
}

static struct kunit_case memory_cases[] = {
	KUNIT_CASE(memory_is_as_large_as_it_is_said_to_be),
	KUNIT_CASE(a_page_has_an_address_for_a_moment),
	KUNIT_CASE(a_buffer_is_read_as_a_file),
	KUNIT_CASE(a_locked_page_is_one_threads),
	KUNIT_CASE(a_page_is_locked_while_it_is_moved),
	KUNIT_CASE(a_cache_outlives_its_readers),
	KUNIT_CASE(fragments_keep_their_pages),
	{},
};

static struct kunit_suite memory_suite = {
	.name = "memory",
	.test_cases = memory_cases,
};
kunit_test_suite(memory_suite);

MODULE_LICENSE("Dual MIT/GPL");
