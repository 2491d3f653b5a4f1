/* SPDX-License-Identifier: MIT */
/*
 * Proves <kalloc/mempool.h> as sources of the first 2.6 kernels see it: flags are
 * plain int, mempool_resize() is given some, mempool_create_node() is given none.
 */
#define KALLOC_LINUX_VERSION KERNEL_VERSION(2, 6, 5)

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>
#include <kalloc/mempool.h>
#include <kalloc/slab.h>

static int last_mask;
static int nr_allocs;

static void *old_alloc(int gfp_mask, void *pool_data)
{
	last_mask = gfp_mask;
	nr_allocs++;
	return kmalloc(32, GFP_KERNEL);
}

static void old_free(void *element, void *pool_data)
{
	kfree(element);
}

static void flags_are_int(void **state)
{
	mempool_alloc_t *const alloc_fn = old_alloc;
	void *(*const alloc)(mempool_t *, int) = mempool_alloc;
	mempool_t *pool = mempool_create(2, alloc_fn, old_free, NULL);
	void *element;

	assert_non_null(pool);
	assert_int_equal(last_mask, GFP_KERNEL);
	element = alloc(pool, GFP_ATOMIC);
	assert_int_equal(last_mask, 0x92a20);
	mempool_free(element, pool);
	mempool_destroy(pool);
}

static void resize_is_given_flags(void **state)
{
	int (*const resize)(mempool_t *, int, int) = mempool_resize;
	mempool_t *pool = mempool_create(2, old_alloc, old_free, NULL);

	nr_allocs = 0;
	assert_int_equal(resize(pool, 4, GFP_NOFS), 0);
	assert_int_equal(nr_allocs, 2);
	assert_int_equal(last_mask, GFP_NOFS);
	assert_int_equal(pool->curr_nr, 4);
	mempool_destroy(pool);
}

static void create_node_is_given_none(void **state)
{
	mempool_t *pool = mempool_create_node(2, old_alloc, old_free, NULL, NUMA_NO_NODE);

	assert_non_null(pool);
	assert_int_equal(last_mask, GFP_KERNEL);
	mempool_destroy(pool);
}

static void ready_made_allocators_take_int(void **state)
{
	void *(*const alloc)(int, void *) = mempool_kmalloc;
	mempool_t *pool = mempool_create(2, alloc, mempool_kfree, (void *)100);

	assert_int_equal(ksize(pool->elements[0]), 128);
	mempool_destroy(pool);
}

static int boot(void **state)
{
	*state = kalloc_boot("mem=64M nr_cpus=1");
	kalloc_enter(*state);
	return *state ? 0 : -1;
}

static int halt(void **state)
{
	kalloc_enter(NULL);
	kalloc_halt(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_are_int),
		cmocka_unit_test(resize_is_given_flags),
		cmocka_unit_test(create_node_is_given_none),
		cmocka_unit_test(ready_made_allocators_take_int),
	};

	return cmocka_run_group_tests(tests, boot, halt);
}
