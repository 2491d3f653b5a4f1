/* SPDX-License-Identifier: MIT */
/*
 * Proves that reclaim is safe from several threads at once: four allocate until memory
 * is short, again and again, while three own reclaimable pages, which they add, touch,
 * dirty, take back and lose to reclaim. No frame is lost, no page has two owners, and
 * every page ends either with its owner or evicted.
 */
#include <pthread.h>

#include "owner.h"

#define ALLOCATORS 4
#define OWNERS	   3
#define SLOTS	   400

/* Pages of one owner; `lock` is taken by evicted(), so a page in a slot is there. */
struct shared {
	struct kalloc_mapping mapping;
	pthread_mutex_t lock;
	struct page *slot[SLOTS];
	unsigned long nr_added, nr_removed, nr_evicted;
	struct kalloc_machine *m;
	unsigned int seed;
};

static void shared_evicted(struct kalloc_mapping *mapping, struct page *page)
{
	struct shared *shared = mapping->ctx;

	pthread_mutex_lock(&shared->lock);
	assert_ptr_equal(shared->slot[page->index], page);
	shared->slot[page->index] = NULL;
	shared->nr_evicted++;
	pthread_mutex_unlock(&shared->lock);
}

/* The contents lie in another frame now. */
static void shared_moved(struct kalloc_mapping *mapping, struct page *from, struct page *to)
{
	struct shared *shared = mapping->ctx;

	pthread_mutex_lock(&shared->lock);
	assert_ptr_equal(shared->slot[from->index], from);
	to->index = from->index;
	shared->slot[to->index] = to;
	pthread_mutex_unlock(&shared->lock);
}

static const struct kalloc_mapping_ops shared_ops = {
	.evicted = shared_evicted,
	.moved = shared_moved,
};

static unsigned int next_random(unsigned int *seed)
{
	return (*seed = *seed * 1103515245 + 12345) >> 16;
}

/* Under the lock: take a page back. Return: it, or NULL if it is in other hands. */
static struct page *take_back(struct shared *shared, unsigned int at)
{
	struct page *page = shared->slot[at];

	if (!page || !kalloc_lru_remove(page))
		return NULL;
	shared->slot[at] = NULL;
	shared->nr_removed++;
	return page;
}

static void own_one(struct shared *shared, unsigned int at)
{
	struct page *page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN | __GFP_NORETRY);

	if (!page)
		return;
	pthread_mutex_lock(&shared->lock);
	if (shared->slot[at]) {
		pthread_mutex_unlock(&shared->lock);
		__free_page(page);
		return;
	}
	page->index = at;
	shared->slot[at] = page;
	shared->nr_added++;
	kalloc_lru_add(page, &shared->mapping, (enum kalloc_page_kind)(at % 3));
	pthread_mutex_unlock(&shared->lock);
}

static void use_one(struct shared *shared, unsigned int at, unsigned int how)
{
	struct page *page, *back = NULL;

	pthread_mutex_lock(&shared->lock);
	page = shared->slot[at];
	if (page && how == 0)
		kalloc_lru_touch(page);
	if (page && how == 1)
		kalloc_lru_dirty(page);
	if (page && how == 2)
		back = take_back(shared, at);
	pthread_mutex_unlock(&shared->lock);
	if (back)
		__free_page(back);
}

static void *owning(void *arg)
{
	struct shared *shared = arg;
	int rounds = under_valgrind() ? 2000 : 20000;

	kalloc_enter(shared->m);
	for (int i = 0; i < rounds; i++) {
		unsigned int at = next_random(&shared->seed) % SLOTS;
		unsigned int how = next_random(&shared->seed) % 5;

		if (how < 3)
			use_one(shared, at, how);
		else
			own_one(shared, at);
	}
	return NULL;
}

static void *allocating(void *machine)
{
	static const gfp_t flags[] = { GFP_KERNEL, GFP_NOFS, GFP_NOIO, GFP_ATOMIC, GFP_NOWAIT };
	int rounds = under_valgrind() ? 10 : 60;

	kalloc_enter(machine);
	for (int i = 0; i < rounds; i++) {
		struct list_head taken = LIST_INIT(taken);

		for (int nr = 0; nr < 900; nr++) {
			struct page *page =
				alloc_page(flags[(i + nr) % 5] | __GFP_NOWARN | __GFP_NORETRY);

			if (page)
				list_add(&page->lru, &taken);
		}
		rig_release(&taken, 0);
	}
	return NULL;
}

static void test_threads(void **state)
{
	struct rig rig = rig_up("mem=16M nr_cpus=4 kalloc.swap=1M");
	pthread_t allocators[ALLOCATORS], owners[OWNERS];
	struct shared shared[OWNERS];
	unsigned long nr_evicted = 0;
	struct node *node = &rig.m->page->nodes[0];
	struct list_head held = LIST_INIT(held);

	/* What is left is too little for one allocator's round and the owners' pages. */
	for (int i = 0; i < 2400; i++)
		list_add(&alloc_page(GFP_KERNEL)->lru, &held);
	for (unsigned int i = 0; i < OWNERS; i++) {
		shared[i] = (struct shared){ .mapping = { &shared_ops, &shared[i] },
					     .m = rig.m,
					     .seed = i + 1 };
		pthread_mutex_init(&shared[i].lock, NULL);
		pthread_create(&owners[i], NULL, owning, &shared[i]);
	}
	for (int i = 0; i < ALLOCATORS; i++)
		pthread_create(&allocators[i], NULL, allocating, rig.m);
	for (int i = 0; i < ALLOCATORS; i++)
		pthread_join(allocators[i], NULL);
	for (int i = 0; i < OWNERS; i++)
		pthread_join(owners[i], NULL);

	for (int i = 0; i < OWNERS; i++) {
		for (unsigned int at = 0; at < SLOTS; at++) {
			struct page *page = take_back(&shared[i], at);

			assert_null(shared[i].slot[at]);
			if (page)
				__free_page(page);
		}
		assert_int_equal(shared[i].nr_added, shared[i].nr_removed + shared[i].nr_evicted);
		nr_evicted += shared[i].nr_evicted;
		pthread_mutex_destroy(&shared[i].lock);
	}
	lru_check(&rig, 0);
	assert_int_equal(node->lru.nr_dirty, 0);
	assert_int_equal(page_event(rig.m, PGSTEAL_DIRECT) + page_event(rig.m, PGSTEAL_KSWAPD),
			 nr_evicted);
	assert_true(nr_evicted > 0);
	assert_int_equal(said_count("Bad page"), 0);
	rig_release(&held, 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("reclaim_threads", tests, NULL, NULL);
}
