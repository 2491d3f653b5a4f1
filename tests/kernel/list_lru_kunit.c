/* SPDX-License-Identifier: MIT */
/*
 * The tree's mm/list_lru.c over libkalloc: items are listed once, walked in the order in which
 * they came, and counted exactly, whatever is done with them; and a shrinker over such a list
 * keeps four threads in memory that want more than there is. To be run on a machine of 64 MiB.
 */
#include <linux/list_lru.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/test.h>

#include "below.h"
#include "threads.h"

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 8, 0)
#define add list_lru_add_obj
#define del list_lru_del_obj
#else
#define add list_lru_add
#define del list_lru_del
#endif

struct item {
	struct list_head link;
	unsigned int nr;
	u8 content[2000];
};

static struct list_lru lru;
static struct kmem_cache *cache;
static atomic_t nr_live; /* items that are allocated */

static struct item *item_make(unsigned int nr)
{
	struct item *item = kmem_cache_alloc(cache, GFP_KERNEL);

	if (!item)
		return NULL;
	INIT_LIST_HEAD(&item->link);
	item->nr = nr;
	memset(item->content, (int)nr, sizeof(item->content));
	atomic_inc(&nr_live);
	return item;
}

/* Return: true if nobody wrote to it. */
static bool item_free(struct item *item)
{
	bool good = !memchr_inv(item->content, (int)item->nr, sizeof(item->content));

	kmem_cache_free(cache, item);
	atomic_dec(&nr_live);
	return good;
}

static enum lru_status take(struct list_head *link, struct list_lru_one *list, spinlock_t *lock,
			    void *taken)
{
	list_lru_isolate_move(list, link, taken);
	return LRU_REMOVED;
}

/* Return: how many items were freed, negative if one was damaged. */
static long items_free(struct list_head *items)
{
	struct item *item, *next;
	bool good = true;
	long nr = 0;

	list_for_each_entry_safe(item, next, items, link) {
		nr++;
		good &= item_free(item);
	}
	return good ? nr : -1;
}

static int lru_setup(struct kunit *test)
{
	atomic_set(&nr_live, 0);
	cache = kmem_cache_create("item", sizeof(struct item), 0, 0, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_ASSERT_EQ(test, list_lru_init(&lru), 0);
	return 0;
}

static void lru_teardown(struct kunit *test)
{
	LIST_HEAD(taken);

	list_lru_walk(&lru, take, &taken, ULONG_MAX);
	KUNIT_EXPECT_GE(test, items_free(&taken), 0l);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_live), 0);
	KUNIT_EXPECT_EQ(test, list_lru_count(&lru), 0ul);
	list_lru_destroy(&lru);
	kmem_cache_destroy(cache);
}

static void an_item_is_listed_once(struct kunit *test)
{
	struct item *item = item_make(1);

	KUNIT_ASSERT_NOT_NULL(test, item);
	KUNIT_EXPECT_TRUE(test, add(&lru, &item->link));
	KUNIT_EXPECT_FALSE(test, add(&lru, &item->link));
	KUNIT_EXPECT_EQ(test, list_lru_count_node(&lru, page_to_nid(virt_to_page(item))), 1ul);
	KUNIT_EXPECT_TRUE(test, del(&lru, &item->link));
	KUNIT_EXPECT_FALSE(test, del(&lru, &item->link));
	KUNIT_EXPECT_EQ(test, list_lru_count(&lru), 0ul);
	KUNIT_EXPECT_TRUE(test, item_free(item));
}

/* Of each four items one stays, one goes to the end, one is taken, one is taken unlocked. */
static enum lru_status sort_out(struct list_head *link, struct list_lru_one *list, spinlock_t *lock,
				void *order)
{
	struct item *item = container_of(link, struct item, link);
	static unsigned int nr_seen;

	(*(unsigned int **)order)[nr_seen++ % 16] = item->nr;
	switch (item->nr % 4) {
	case 0:
		return LRU_SKIP;
	case 1:
		return LRU_ROTATE;
	case 2:
		list_lru_isolate(list, link);
		item_free(item);
		return LRU_REMOVED;
	default:
		list_lru_isolate(list, link);
		spin_unlock(lock);
		item_free(item);
		spin_lock(lock);
		return LRU_REMOVED_RETRY;
	}
}

static void a_walk_does_what_it_is_told(struct kunit *test)
{
	static const unsigned int expected[] = { 0, 1, 2, 3, 0, 4, 5, 6, 7, 0, 4, 1, 5 };
	unsigned int seen[16] = {}, *order = seen, i;

	for (i = 0; i < 8; i++)
		add(&lru, &item_make(i)->link);
	KUNIT_EXPECT_EQ(test, list_lru_walk(&lru, sort_out, &order, 13), 4ul);
	KUNIT_EXPECT_EQ(test, memcmp(seen, expected, sizeof(expected)), 0);
	KUNIT_EXPECT_EQ(test, list_lru_count(&lru), 4ul);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_live), 4);
	/* 0, 4 stayed in front; 1 and 5 went behind each other once more. */
	KUNIT_EXPECT_EQ(test, list_lru_walk(&lru, sort_out, &order, 3), 0ul);
	KUNIT_EXPECT_EQ(test, seen[13], 0u);
	KUNIT_EXPECT_EQ(test, seen[14], 4u);
	KUNIT_EXPECT_EQ(test, seen[15], 1u);
}

static void a_list_that_cannot_be_made_is_none(struct kunit *test)
{
	struct list_lru other;

	fail_begin(1);
	KUNIT_EXPECT_EQ(test, list_lru_init(&other), -ENOMEM);
	KUNIT_EXPECT_TRUE(test, fail_end());
	list_lru_destroy(&other);
	KUNIT_EXPECT_EQ(test, list_lru_init(&other), 0);
	KUNIT_EXPECT_EQ(test, list_lru_count(&other), 0ul);
	list_lru_destroy(&other);
}

/* --- threads that add and take the same items ------------------------------ */

#define NR_SHARED 64
#define NR_TURNS  20000

static struct item *shared[NR_SHARED];
static atomic_t nr_listed; /* additions less removals that were told to have been done */

static void list_and_unlist(unsigned int nr)
{
	unsigned int turn;

	for (turn = 0; turn < NR_TURNS; turn++) {
		struct item *item = shared[(turn * 7 + nr * 3) % NR_SHARED];

		if ((turn + nr) % 2)
			atomic_add(add(&lru, &item->link), &nr_listed);
		else
			atomic_sub(del(&lru, &item->link), &nr_listed);
	}
}

static void threads_agree_on_the_count(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < NR_SHARED; i++) {
		shared[i] = item_make(i);
		KUNIT_ASSERT_NOT_NULL(test, shared[i]);
	}
	threads_run(test, list_and_unlist);
	KUNIT_EXPECT_EQ(test, list_lru_count(&lru), (unsigned long)atomic_read(&nr_listed));
	for (i = 0; i < NR_SHARED; i++) {
		del(&lru, &shared[i]->link);
		KUNIT_EXPECT_TRUE(test, item_free(shared[i]));
	}
}

/* --- a shrinker ------------------------------------------------------------ */

/* Of 2 KiB each: together they take twice the machine's memory. */
#define NR_WANTED (128UL * 1024 * 1024 / sizeof(struct item) / NR_THREADS)

static atomic_long_t nr_shrunk, nr_damaged, nr_denied;

static unsigned long items_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return list_lru_shrink_count(&lru, sc);
}

static unsigned long items_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long taken;
	long freed;
	LIST_HEAD(items);

	taken = list_lru_shrink_walk(&lru, sc, take, &items);
	freed = items_free(&items);
	if (freed != (long)taken)
		atomic_long_inc(&nr_damaged);
	atomic_long_add((long)taken, &nr_shrunk);
	return taken;
}

static void want_too_much(unsigned int nr)
{
	unsigned long i;

	for (i = 0; i < NR_WANTED; i++) {
		struct item *item = item_make(nr + i);

		if (item)
			add(&lru, &item->link);
		else
			atomic_long_inc(&nr_denied);
	}
}

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 7, 0)
static struct shrinker *shrinker_begin(void)
{
	struct shrinker *shrinker = shrinker_alloc(SHRINKER_NUMA_AWARE, "items");

	if (!shrinker)
		return NULL;
	shrinker->count_objects = items_count;
	shrinker->scan_objects = items_scan;
	shrinker->seeks = DEFAULT_SEEKS;
	shrinker_register(shrinker);
	return shrinker;
}

#define shrinker_end(shrinker) shrinker_free(shrinker)
#else
static struct shrinker *shrinker_begin(void)
{
	static struct shrinker shrinker = {
		.count_objects = items_count,
		.scan_objects = items_scan,
		.seeks = DEFAULT_SEEKS,
		.flags = SHRINKER_NUMA_AWARE,
	};

	return register_shrinker(&shrinker, "items") ? NULL : &shrinker;
}

#define shrinker_end(shrinker) unregister_shrinker(shrinker)
#endif

static void a_shrinker_keeps_threads_in_memory(struct kunit *test)
{
	struct shrinker *shrinker = shrinker_begin();
	unsigned long left;

	KUNIT_ASSERT_NOT_NULL(test, shrinker);
	KUNIT_ASSERT_LT(test, totalram_pages() * PAGE_SIZE,
			NR_THREADS * NR_WANTED * sizeof(struct item));
	threads_run(test, want_too_much);
	shrinker_end(shrinker);
	left = list_lru_count(&lru);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&nr_denied), 0l);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&nr_damaged), 0l);
	KUNIT_EXPECT_EQ(test, left, (unsigned long)atomic_read(&nr_live));
	KUNIT_EXPECT_EQ(test, left + (unsigned long)atomic_long_read(&nr_shrunk),
			NR_THREADS * NR_WANTED);
	KUNIT_EXPECT_LT(test, left * sizeof(struct item), totalram_pages() * PAGE_SIZE);
}

static struct kunit_case list_lru_cases[] = {
	KUNIT_CASE(an_item_is_listed_once),
	KUNIT_CASE(a_walk_does_what_it_is_told),
	KUNIT_CASE(a_list_that_cannot_be_made_is_none),
	KUNIT_CASE(threads_agree_on_the_count),
	KUNIT_CASE(a_shrinker_keeps_threads_in_memory),
	{},
};

static struct kunit_suite list_lru_suite = {
	.name = "list_lru",
	.init = lru_setup,
	.exit = lru_teardown,
	.test_cases = list_lru_cases,
};
kunit_test_suite(list_lru_suite);

MODULE_LICENSE("Dual MIT/GPL");
