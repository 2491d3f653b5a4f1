/* SPDX-License-Identifier: MIT */
/*
 * Proves that an owner with lock and unlock may write to its pages while they are on
 * the lists and being moved: one thread counts in them, the other makes their
 * pageblocks free again and again, and no count is lost.
 */
#include <limits.h>
#include <pthread.h>

#include "rig.h"

#include <kalloc/reclaim.h>

#include "page/event.h"

#define NR_PAGES 64
#define MOVES	 200

struct counted {
	struct kalloc_mapping mapping;
	pthread_mutex_t lock; /* protects what is below, and the pages' contents */
	struct page *page[NR_PAGES];
	unsigned long nr_counted;
	bool done;
};

static void counted_lock(struct kalloc_mapping *mapping)
{
	struct counted *owner = mapping->ctx;

	pthread_mutex_lock(&owner->lock);
}

static void counted_unlock(struct kalloc_mapping *mapping)
{
	struct counted *owner = mapping->ctx;

	pthread_mutex_unlock(&owner->lock);
}

static void counted_moved(struct kalloc_mapping *mapping, struct page *from, struct page *to)
{
	struct counted *owner = mapping->ctx;

	owner->page[from->index] = to;
}

static const struct kalloc_mapping_ops counted_ops = {
	.moved = counted_moved,
	.lock = counted_lock,
	.unlock = counted_unlock,
};

static unsigned long *counter_of(struct counted *owner, unsigned int i)
{
	return page_address(owner->page[i]);
}

static void *count(void *arg)
{
	struct counted *owner = arg;
	bool done = false;

	for (unsigned int i = 0; !done; i++) {
		pthread_mutex_lock(&owner->lock);
		++*counter_of(owner, i % NR_PAGES);
		owner->nr_counted++;
		done = owner->done;
		pthread_mutex_unlock(&owner->lock);
	}
	return NULL;
}

/* Free the pageblock that page @i lies in. Return: whether that could be done. */
static bool clear_block(struct counted *owner, unsigned int i)
{
	unsigned long start;

	pthread_mutex_lock(&owner->lock);
	start = ALIGN_DOWN(page_to_pfn(owner->page[i]), 512UL);
	pthread_mutex_unlock(&owner->lock);
	if (alloc_contig_range(start, start + 512, MIGRATE_MOVABLE, GFP_KERNEL))
		return false;
	free_contig_range(start, 512);
	return true;
}

static void test_no_count_is_lost(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=2");
	static struct counted owner;
	unsigned long sum = 0, nr_cleared = 0;
	pthread_t thread;

	owner.mapping = (struct kalloc_mapping){ .ops = &counted_ops, .ctx = &owner };
	pthread_mutex_init(&owner.lock, NULL);
	for (unsigned int i = 0; i < NR_PAGES; i++) {
		owner.page[i] = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_ZERO);
		owner.page[i]->index = i;
		kalloc_lru_add(owner.page[i], &owner.mapping, KALLOC_PAGE_CLEAN);
	}
	assert_int_equal(pthread_create(&thread, NULL, count, &owner), 0);
	for (unsigned int i = 0; i < MOVES; i++)
		nr_cleared += clear_block(&owner, i % NR_PAGES);
	pthread_mutex_lock(&owner.lock);
	owner.done = true;
	pthread_mutex_unlock(&owner.lock);
	pthread_join(thread, NULL);

	assert_int_not_equal(nr_cleared, 0);
	assert_in_range(page_event(rig.m, PGMIGRATE_SUCCESS), NR_PAGES, ULONG_MAX);
	for (unsigned int i = 0; i < NR_PAGES; i++) {
		sum += *counter_of(&owner, i);
		assert_true(kalloc_lru_remove(owner.page[i]));
		__free_page(owner.page[i]);
	}
	assert_int_equal(sum, owner.nr_counted);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_count_is_lost),
	};

	return cmocka_run_group_tests_name("migrate_lock", tests, NULL, NULL);
}
