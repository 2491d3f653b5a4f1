/* SPDX-License-Identifier: MIT */
/*
 * Proves what src/pool/mempool.c adds to the recorded transcript: waiting and
 * waking, the report of missing elements, refused sizes, resizing under way, the
 * pool's own machine, and the three ready-made allocators.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>

#include "machine.h"
#include "waitq.h"

static char said[4096];

static void say(void *ctx, const char *text)
{
	strncat(said, text, sizeof(said) - strlen(said) - 1);
}

static int boot(void **state)
{
	*state = kalloc_boot("mem=64M nr_cpus=2");
	kalloc_enter(*state);
	kalloc_set_console(say, NULL);
	return *state ? 0 : -1;
}

static int halt(void **state)
{
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(*state);
	return 0;
}

static int silence(void **state)
{
	said[0] = '\0';
	return 0;
}

/*
 * An allocator with @left elements to give; what is freed is not given again. Any
 * thread may ask it at any time.
 */
struct source {
	int left;
	int freed;
};

static void *source_alloc(gfp_t gfp, void *pool_data)
{
	struct source *source = pool_data;

	if (__atomic_load_n(&source->left, __ATOMIC_RELAXED) <= 0 ||
	    __atomic_fetch_sub(&source->left, 1, __ATOMIC_RELAXED) <= 0)
		return NULL;
	return kzalloc(64, GFP_KERNEL);
}

static void source_free(void *element, void *pool_data)
{
	struct source *source = pool_data;

	__atomic_fetch_add(&source->freed, 1, __ATOMIC_RELAXED);
	kfree(element);
}

static mempool_t *pool_on(struct source *source, int min_nr)
{
	mempool_t *pool;

	*source = (struct source){ .left = min_nr };
	pool = mempool_create(min_nr, source_alloc, source_free, source);
	assert_non_null(pool);
	return pool;
}

/* --- waiting ------------------------------------------------------------- */

struct waiter {
	struct kalloc_machine *machine;
	mempool_t *pool;
	void *element;
};

static void *wait_for_element(void *arg)
{
	struct waiter *waiter = arg;

	kalloc_enter(waiter->machine);
	waiter->element = mempool_alloc(waiter->pool, GFP_KERNEL);
	return NULL;
}

static u32 count_waiting(mempool_t *pool)
{
	return READ_ONCE(((struct waitq *)&pool->wait)->waiters);
}

/* The ticket shows the wake itself: a waiter looks again after 5 s in any case. */
static void a_waiter_gets_what_is_freed(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 1);
	struct waiter waiter = { .machine = *state, .pool = pool };
	void *element = mempool_alloc(pool, GFP_KERNEL);
	pthread_t thread;
	u32 ticket;

	assert_int_equal(pthread_create(&thread, NULL, wait_for_element, &waiter), 0);
	while (!count_waiting(pool))
		sched_yield();
	assert_int_equal(pool->curr_nr, 0);
	ticket = waitq_ticket((struct waitq *)&pool->wait);
	mempool_free(element, pool);
	assert_int_not_equal(waitq_ticket((struct waitq *)&pool->wait), ticket);
	pthread_join(thread, NULL);
	assert_ptr_equal(waiter.element, element);
	mempool_free(element, pool);
	mempool_destroy(pool);
	assert_int_equal(source.freed, 1);
	assert_string_equal(said, "");
}

static void all_waiters_are_served(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 3);
	struct waiter waiters[3];
	pthread_t threads[3];
	void *elements[3];

	for (int i = 0; i < 3; i++)
		elements[i] = mempool_alloc(pool, GFP_KERNEL);
	for (int i = 0; i < 3; i++) {
		waiters[i] = (struct waiter){ .machine = *state, .pool = pool };
		assert_int_equal(pthread_create(&threads[i], NULL, wait_for_element, &waiters[i]),
				 0);
	}
	while (count_waiting(pool) != 3)
		sched_yield();
	for (int i = 0; i < 3; i++)
		mempool_free(elements[i], pool);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		assert_non_null(waiters[i].element);
		for (int j = 0; j < i; j++)
			assert_ptr_not_equal(waiters[i].element, waiters[j].element);
		elements[i] = waiters[i].element;
	}
	for (int i = 0; i < 3; i++)
		mempool_free(elements[i], pool);
	mempool_destroy(pool);
	assert_int_equal(source.freed, 3);
}

/* A larger reserve serves waiters too, if the allocator has come back to life. */
static void growing_serves_a_waiter(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 1);
	struct waiter waiter = { .machine = *state, .pool = pool };
	void *element = mempool_alloc(pool, GFP_KERNEL);
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, wait_for_element, &waiter), 0);
	while (!count_waiting(pool))
		sched_yield();
	__atomic_store_n(&source.left, 1, __ATOMIC_RELAXED);
	assert_int_equal(mempool_resize(pool, 2), 0);
	pthread_join(thread, NULL);
	assert_non_null(waiter.element);
	mempool_free(waiter.element, pool);
	mempool_free(element, pool);
	mempool_destroy(pool);
	assert_string_equal(said, "");
}

#define NR_USERS  4
#define NR_ROUNDS 500

struct element {
	int nr_users; /* 1 while taken */
};

static void *use_elements(void *arg)
{
	struct waiter *user = arg;
	long wrong = 0;

	kalloc_enter(user->machine);
	for (int i = 0; i < NR_ROUNDS; i++) {
		struct element *element = mempool_alloc(user->pool, GFP_KERNEL);

		wrong += element->nr_users++ != 0;
		wrong += --element->nr_users != 0;
		mempool_free(element, user->pool);
	}
	return (void *)wrong;
}

/* The allocator is dry from the start: all live off two elements. */
static void many_threads_share_a_small_reserve(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 2);
	struct waiter user = { .machine = *state, .pool = pool };
	pthread_t threads[NR_USERS];
	void *wrong;

	for (int i = 0; i < NR_USERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use_elements, &user), 0);
	for (int i = 0; i < NR_USERS; i++) {
		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	assert_int_equal(pool->curr_nr, 2);
	mempool_destroy(pool);
	assert_int_equal(source.freed, 2);
	assert_string_equal(said, "");
}

static void *resize_to_and_fro(void *arg)
{
	struct waiter *user = arg;
	long wrong = 0;

	kalloc_enter(user->machine);
	for (int i = 0; i < NR_ROUNDS; i++)
		wrong += mempool_resize(user->pool, 2 + i % 7) != 0;
	return (void *)wrong;
}

/* Two threads that resize, two that use: all elements are back at the end. */
static void resizing_under_way(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 2);
	struct waiter user = { .machine = *state, .pool = pool };
	pthread_t threads[NR_USERS];
	void *wrong;

	source.left = 100;
	for (int i = 0; i < NR_USERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						i % 2 ? resize_to_and_fro : use_elements, &user),
				 0);
	for (int i = 0; i < NR_USERS; i++) {
		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	assert_true(pool->curr_nr <= pool->nr_owned && pool->nr_owned <= pool->min_nr);
	mempool_destroy(pool);
	assert_string_equal(said, "");
}

/* --- the report at the end ------------------------------------------------ */

static void missing_elements_are_reported(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 4);
	void *first = mempool_alloc(pool, GFP_KERNEL), *second = mempool_alloc(pool, GFP_KERNEL);

	mempool_destroy(pool);
	assert_non_null(strstr(said, "WARNING: CPU: "));
	assert_non_null(strstr(
		said, "mempool: destroyed while 2 of 4 reserved elements are not returned\n"));
	assert_int_equal(source.freed, 2);
	kfree(first);
	kfree(second);
}

static void a_reserve_never_filled_is_not_missing(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 2);
	void *element;

	assert_int_equal(mempool_resize(pool, 5), 0);
	assert_int_equal(pool->curr_nr, 2);
	element = mempool_alloc(pool, GFP_KERNEL);
	mempool_free(element, pool);
	mempool_destroy(pool);
	assert_string_equal(said, "");
}

static void a_shrunk_reserve_misses_less(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 4);
	void *taken[3];

	for (int i = 0; i < 3; i++)
		taken[i] = mempool_alloc(pool, GFP_KERNEL);
	assert_int_equal(mempool_resize(pool, 2), 0);
	assert_int_equal(pool->curr_nr, 1);
	mempool_free(taken[0], pool);
	assert_int_equal(pool->curr_nr, 2);
	mempool_free(taken[1], pool);
	mempool_free(taken[2], pool);
	assert_int_equal(source.freed, 2);
	mempool_destroy(pool);
	assert_string_equal(said, "");
}

static void exit_may_be_repeated(void **state)
{
	mempool_t pool = { 0 };
	struct source source = { .left = 2 };

	mempool_exit(&pool);
	assert_int_equal(mempool_init(&pool, 2, source_alloc, source_free, &source), 0);
	mempool_exit(&pool);
	assert_false(mempool_initialized(&pool));
	mempool_exit(&pool);
	assert_int_equal(source.freed, 2);
	assert_string_equal(said, "");
}

/* --- sizes ---------------------------------------------------------------- */

static void sizes_below_one_are_refused(void **state)
{
	static const int sizes[] = { 0, -1, -0x7fffffff - 1 };
	struct source source;
	mempool_t *pool = pool_on(&source, 2);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		silence(state);
		assert_int_equal(mempool_resize(pool, sizes[i]), -EINVAL);
		assert_non_null(strstr(said, "WARNING: CPU: "));
		assert_int_equal(pool->min_nr, 2);
		assert_int_equal(pool->curr_nr, 2);
	}
	mempool_destroy(pool);
	silence(state);
	assert_null(mempool_create(-1, source_alloc, source_free, &source));
	assert_string_equal(said, "");
}

/* 2^20 pointers are twice the largest block. */
static void a_table_too_large_changes_nothing(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 2), embedded;

	source.left = 1000;
	assert_int_equal(mempool_resize(pool, 1 << 20), -ENOMEM);
	assert_int_equal(pool->min_nr, 2);
	assert_int_equal(pool->curr_nr, 2);
	assert_null(mempool_create(1 << 20, source_alloc, source_free, &source));
	assert_int_equal(mempool_init(&embedded, 1 << 20, source_alloc, source_free, &source),
			 -ENOMEM);
	assert_false(mempool_initialized(&embedded));
	assert_int_equal(source.left, 1000);
	mempool_destroy(pool);
}

static void growing_keeps_the_reserve(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 3);
	void *before[3];

	memcpy(before, pool->elements, sizeof(before));
	source.left = 1;
	assert_int_equal(mempool_resize(pool, 100), 0);
	assert_int_equal(pool->min_nr, 100);
	assert_int_equal(pool->curr_nr, 4);
	assert_memory_equal(pool->elements, before, sizeof(before));
	mempool_destroy(pool);
	assert_int_equal(source.freed, 4);
}

/* Tables of 2 MiB on a machine of 64: one that stayed behind each time would be noticed. */
static void tables_are_given_back(void **state)
{
	for (int i = 0; i < 120; i++) {
		struct source source;
		mempool_t *pool = pool_on(&source, i % 2 ? 1 : 0);

		assert_int_equal(mempool_resize(pool, 1 << 18), 0);
		assert_int_equal(mempool_resize(pool, 1), 0);
		if (i % 4 < 2)
			assert_int_equal(mempool_resize(pool, 1 << 17), 0);
		mempool_destroy(pool);
	}
	assert_string_equal(said, "");
}

/* A reserve that could not grow fills up as elements come back. */
static void frees_fill_a_grown_reserve(void **state)
{
	struct source source;
	mempool_t *pool = pool_on(&source, 1);
	void *taken[3];

	source.left = 3;
	for (int i = 0; i < 3; i++)
		taken[i] = mempool_alloc(pool, GFP_KERNEL);
	assert_int_equal(mempool_resize(pool, 3), 0);
	assert_int_equal(pool->curr_nr, 1);
	for (int i = 0; i < 3; i++)
		mempool_free(taken[i], pool);
	assert_int_equal(pool->curr_nr, 3);
	assert_int_equal(source.freed, 1);
	mempool_destroy(pool);
	assert_string_equal(said, "");
}

static void init_needs_no_zeroed_bytes(void **state)
{
	struct source source = { .left = 2 };
	mempool_t pool;

	memset(&pool, 0xff, sizeof(pool));
	assert_int_equal(mempool_init(&pool, 2, source_alloc, source_free, &source), 0);
	assert_int_equal(pool.curr_nr, 2);
	mempool_exit(&pool);
	assert_string_equal(said, "");
}

/* --- flags and machines --------------------------------------------------- */

static gfp_t last_gfp;

static void *record_alloc(gfp_t gfp, void *pool_data)
{
	last_gfp = gfp;
	return kmalloc(64, GFP_KERNEL);
}

static void create_node_uses_its_flags(void **state)
{
	mempool_t *pool =
		mempool_create_node(2, record_alloc, mempool_kfree, NULL, GFP_NOIO, NUMA_NO_NODE);

	assert_int_equal(last_gfp, GFP_NOIO);
	assert_int_equal(kalloc_mempool_resize(pool, 3, GFP_NOFS), 0);
	assert_int_equal(last_gfp, GFP_NOFS);
	assert_int_equal(mempool_resize(pool, 4), 0);
	assert_int_equal(last_gfp, GFP_KERNEL);
	mempool_destroy(pool);
}

static void zeroing_is_reported_once(void **state)
{
	mempool_t *pool = mempool_create_kmalloc_pool(1, 64);

	mempool_free(mempool_alloc(pool, GFP_KERNEL | __GFP_ZERO), pool);
	assert_non_null(strstr(said, "mempool: __GFP_ZERO is not possible\n"));
	silence(state);
	mempool_free(mempool_alloc(pool, GFP_KERNEL | __GFP_ZERO), pool);
	assert_string_equal(said, "");
	mempool_destroy(pool);
}

static void elements_come_from_the_pools_machine(void **state)
{
	struct kalloc_machine *other = kalloc_boot("mem=64M nr_cpus=1");
	mempool_t *pool = mempool_create_kmalloc_pool(1, 64);
	void *element;

	assert_non_null(other);
	kalloc_enter(other);
	element = mempool_alloc(pool, GFP_KERNEL);
	assert_ptr_equal(machine_of(element), *state);
	assert_ptr_equal(kalloc_current(), other);
	assert_int_equal(mempool_resize(pool, 9), 0);
	assert_ptr_equal(machine_of(pool->elements), *state);
	assert_ptr_equal(machine_of(pool->elements[8]), *state);
	kalloc_enter(*state);
	kalloc_halt(other);
	mempool_free(element, pool);
	mempool_destroy(pool);
}

/* --- ready-made allocators ------------------------------------------------ */

static void slab_pool(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("pooled", 200, 0, 0, NULL);
	mempool_t *pool = mempool_create_slab_pool(3, cache), embedded;
	void *element = mempool_alloc(pool, GFP_KERNEL);

	memset(element, 1, 200);
	mempool_free(element, pool);
	mempool_destroy(pool);
	assert_int_equal(mempool_init_slab_pool(&embedded, 2, cache), 0);
	mempool_exit(&embedded);
	kmem_cache_destroy(cache);
	assert_string_equal(said, "");
}

static void kmalloc_pool(void **state)
{
	mempool_t embedded;

	assert_int_equal(mempool_init_kmalloc_pool(&embedded, 2, 5000), 0);
	assert_int_equal(ksize(embedded.elements[0]), 8192);
	mempool_exit(&embedded);
}

static void page_pool(void **state)
{
	struct page *page;
	mempool_t embedded;

	assert_int_equal(mempool_init_page_pool(&embedded, 2, 3), 0);
	page = mempool_alloc(&embedded, GFP_KERNEL);
	assert_int_equal(page_to_pfn(page) % 8, 0);
	assert_int_equal(page_count(page), 1);
	memset(page_address(page), 1, 8 * PAGE_SIZE);
	mempool_free(page, &embedded);
	mempool_exit(&embedded);
	assert_string_equal(said, "");
}

#define quiet(f) cmocka_unit_test_setup(f, silence)

int main(void)
{
	const struct CMUnitTest tests[] = {
		quiet(a_waiter_gets_what_is_freed),
		quiet(all_waiters_are_served),
		quiet(growing_serves_a_waiter),
		quiet(many_threads_share_a_small_reserve),
		quiet(resizing_under_way),
		quiet(missing_elements_are_reported),
		quiet(a_reserve_never_filled_is_not_missing),
		quiet(a_shrunk_reserve_misses_less),
		quiet(exit_may_be_repeated),
		quiet(sizes_below_one_are_refused),
		quiet(a_table_too_large_changes_nothing),
		quiet(growing_keeps_the_reserve),
		quiet(tables_are_given_back),
		quiet(frees_fill_a_grown_reserve),
		quiet(init_needs_no_zeroed_bytes),
		quiet(create_node_uses_its_flags),
		quiet(zeroing_is_reported_once),
		quiet(elements_come_from_the_pools_machine),
		quiet(slab_pool),
		quiet(kmalloc_pool),
		quiet(page_pool),
	};

	return cmocka_run_group_tests(tests, boot, halt);
}
