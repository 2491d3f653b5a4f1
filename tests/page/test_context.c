/* SPDX-License-Identifier: MIT */
/*
 * Proves that the page room honours its caller's context: every door reports a request
 * that may sleep in atomic context, and only such; scopes narrow the flags that a
 * shrinker sees, restore them in order, and decide about reserves and zone MOVABLE.
 */
#include "context_test.h"

#include "page/page.h"

#include "page/room.h"

#define MACHINE "mem=32M nr_cpus=1 kalloc.daemons=step"

static void by_alloc_pages(gfp_t gfp)
{
	__free_page(alloc_pages(gfp, 0));
}

static void by_alloc_pages_order(gfp_t gfp)
{
	__free_pages(alloc_pages(gfp, 4), 4);
}

static void by_node(gfp_t gfp)
{
	__free_page(alloc_pages_node(0, gfp, 0));
}

static void by_nodemask(gfp_t gfp)
{
	unsigned long mask = 1;

	__free_page(__alloc_pages(gfp, 0, 0, &mask));
}

static void by_folio(gfp_t gfp)
{
	folio_put(folio_alloc(gfp, 1));
}

static void by_get_free_pages(gfp_t gfp)
{
	free_pages(__get_free_pages(gfp, 1), 1);
}

static void by_zeroed(gfp_t gfp)
{
	free_pages(get_zeroed_page(gfp), 0);
}

static void by_exact(gfp_t gfp)
{
	free_pages_exact(alloc_pages_exact(3 * PAGE_SIZE, gfp), 3 * PAGE_SIZE);
}

static void by_bulk(gfp_t gfp)
{
	struct page *pages[4] = { NULL };

	assert_int_equal(alloc_pages_bulk_array(gfp, 4, pages), 4);
	for (int i = 0; i < 4; i++)
		__free_page(pages[i]);
}

static void (*const doors[])(gfp_t gfp) = {
	by_alloc_pages, by_alloc_pages_order, by_node,	 by_nodemask,
	by_folio,	by_get_free_pages,    by_zeroed, by_exact,
	by_bulk,
};

static void test_every_door(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);

	for (size_t i = 0; i < ARRAY_SIZE(doors); i++) {
		assert_int_equal(REPORTS_OF(doors[i](GFP_KERNEL)), 0);
		assert_int_equal(ATOMIC_REPORTS_OF(doors[i](GFP_KERNEL)), 1);
		assert_int_equal(ATOMIC_REPORTS_OF(doors[i](GFP_NOIO)), 1);
		assert_int_equal(IRQ_REPORTS_OF(doors[i](GFP_KERNEL)), 1);
		assert_int_equal(ATOMIC_REPORTS_OF(doors[i](GFP_ATOMIC)), 0);
		assert_int_equal(IRQ_REPORTS_OF(doors[i](GFP_NOWAIT)), 0);
	}
	context_down(m);
}

/* Freeing never sleeps; a refused order is refused before anything. */
static void test_not_reported(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct page *page = alloc_pages(GFP_KERNEL, 3);

	assert_int_equal(ATOMIC_REPORTS_OF(__free_pages(page, 3)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(alloc_pages(GFP_KERNEL | __GFP_NOWARN, 11)), 0);
	context_down(m);
}

/* What moves pages may sleep, whatever it finds to do. */
static void test_movers(void **state)
{
	struct kalloc_machine *m = context_up("mem=32M nr_cpus=1");

	assert_int_equal(
		ATOMIC_REPORTS_OF(assert_int_equal(
			alloc_contig_range(0x1400, 0x1401, MIGRATE_MOVABLE, GFP_KERNEL), 0)),
		1);
	free_contig_range(0x1400, 1);
	assert_int_equal(REPORTS_OF(page_compact(m)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(page_compact(m)), 1);
	context_down(m);
}

static void test_kmap(void **state)
{
	struct kalloc_machine *m = context_up("mem=64M highmem=32M nr_cpus=1");
	struct page *low = alloc_page(GFP_KERNEL), *high = alloc_page(GFP_HIGHUSER);
	struct page *const both[] = { low, high };

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		void *addr = NULL;

		assert_int_equal(REPORTS_OF(kmap(both[i])), 0);
		assert_int_equal(ATOMIC_REPORTS_OF(kunmap(both[i])), 1);
		assert_int_equal(ATOMIC_REPORTS_OF(kmap(both[i])), 1);
		kunmap(both[i]);
		assert_int_equal(ATOMIC_REPORTS_OF(addr = kmap_local_page(both[i])), 0);
		assert_int_equal(ATOMIC_REPORTS_OF(kunmap_local(addr)), 0);
	}
	__free_page(low);
	__free_page(high);
	context_down(m);
}

static void try_page(void)
{
	assert_null(alloc_page(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN));
}

static void test_scopes_narrow(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct shrinker shrinker = { .count_objects = see_flags, .scan_objects = see_flags };
	struct list_head taken = LIST_INIT(taken);

	assert_int_equal(register_shrinker(&shrinker, "test"), 0);
	context_exhaust(&taken);
	ASSERT_SCOPES_REACH_SHRINKER(try_page());
	context_release(&taken);
	unregister_shrinker(&shrinker);
	context_down(m);
}

/* PF_MEMALLOC: from the reserves, and nothing is reclaimed for it. */
static void test_noreclaim(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct shrinker shrinker = { .count_objects = see_flags, .scan_objects = see_flags };
	struct list_head taken = LIST_INIT(taken);
	struct page *page;
	unsigned int scope;

	assert_int_equal(register_shrinker(&shrinker, "test"), 0);
	context_exhaust(&taken);
	see_again();
	scope = memalloc_noreclaim_save();
	page = alloc_page(GFP_KERNEL);
	memalloc_noreclaim_restore(scope);
	assert_non_null(page);
	assert_int_equal(nr_seen, 0);
	list_add(&page->lru, &taken);
	context_release(&taken);
	unregister_shrinker(&shrinker);
	context_down(m);
}

static void test_pin(void **state)
{
	struct kalloc_machine *m = context_up("mem=64M movablecore=32M nr_cpus=1");
	struct page *movable = alloc_page(GFP_HIGHUSER_MOVABLE), *pinned, *again;
	unsigned int scope = memalloc_pin_save();

	pinned = alloc_page(GFP_HIGHUSER_MOVABLE);
	memalloc_pin_restore(scope);
	again = alloc_page(GFP_HIGHUSER_MOVABLE);
	assert_int_equal(page_zonenum(movable), ZONE_MOVABLE);
	assert_int_not_equal(page_zonenum(pinned), ZONE_MOVABLE);
	assert_int_equal(page_zonenum(again), ZONE_MOVABLE);
	__free_page(movable);
	__free_page(pinned);
	__free_page(again);
	context_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_door),    cmocka_unit_test(test_not_reported),
		cmocka_unit_test(test_movers),	      cmocka_unit_test(test_kmap),
		cmocka_unit_test(test_scopes_narrow), cmocka_unit_test(test_noreclaim),
		cmocka_unit_test(test_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
