/* SPDX-License-Identifier: MIT */
/*
 * Proves that a pool honours its caller's context: a request that may sleep is reported
 * in atomic context, also when an element was at hand; scopes narrow the flags that the
 * allocator sees, at its first try and at the second.
 */
#include "context_test.h"

#include <kalloc/mempool.h>
#include <kalloc/slab.h>

#include "base.h"

static char element[2];
static gfp_t asked[4];
static int nr_asked;

static void *alloc_never(gfp_t gfp, void *data)
{
	asked[nr_asked++ % 4] = gfp;
	return NULL;
}

static void *alloc_always(gfp_t gfp, void *data)
{
	return element;
}

static void free_nothing(void *object, void *data)
{
}

static void test_reports(void **state)
{
	struct kalloc_machine *m = context_up("mem=32M nr_cpus=1");
	mempool_t *pool = mempool_create(1, alloc_always, free_nothing, NULL);
	void *got = NULL;

	assert_int_equal(REPORTS_OF(got = mempool_alloc(pool, GFP_KERNEL)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(mempool_free(got, pool)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(mempool_alloc(pool, GFP_NOIO)), 1);
	assert_int_equal(IRQ_REPORTS_OF(mempool_alloc(pool, GFP_KERNEL)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(mempool_alloc(pool, GFP_ATOMIC)), 0);
	assert_int_equal(IRQ_REPORTS_OF(mempool_alloc(pool, GFP_NOWAIT)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(mempool_resize(pool, 2)), 1);
	mempool_destroy(pool);

	/* Not even where the allocator could do without sleeping, but kmalloc is told it may. */
	assert_int_equal(ATOMIC_REPORTS_OF(pool = mempool_create_kmalloc_pool(1, 64)), 1);
	mempool_destroy(pool);
	context_down(m);
}

static void test_scopes_narrow(void **state)
{
	struct kalloc_machine *m = context_up("mem=32M nr_cpus=1");
	mempool_t *pool = mempool_create(0, alloc_never, free_nothing, NULL);
	gfp_t added = __GFP_KSWAPD_RECLAIM | __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;
	unsigned int nofs, noio;

	nr_asked = 0;
	assert_null(mempool_alloc(pool, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM));
	assert_int_equal(nr_asked, 2);
	assert_int_equal(asked[0], added | __GFP_FS);
	assert_int_equal(asked[1], added | __GFP_FS | __GFP_IO);

	nofs = memalloc_nofs_save();
	nr_asked = 0;
	assert_null(mempool_alloc(pool, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM));
	assert_int_equal(nr_asked, 2);
	assert_int_equal(asked[0], added);
	assert_int_equal(asked[1], added | __GFP_IO);

	/* Without __GFP_IO there is nothing for a second try to add. */
	noio = memalloc_noio_save();
	nr_asked = 0;
	assert_null(mempool_alloc(pool, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM));
	assert_int_equal(nr_asked, 1);
	assert_int_equal(asked[0], added);
	memalloc_noio_restore(noio);
	memalloc_nofs_restore(nofs);

	nr_asked = 0;
	assert_null(mempool_alloc(pool, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM));
	assert_int_equal(asked[1], added | __GFP_FS | __GFP_IO);
	mempool_destroy(pool);
	context_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_scopes_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
