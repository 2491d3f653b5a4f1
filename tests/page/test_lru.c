/* SPDX-License-Identifier: MIT */
/*
 * Proves of the LRU lists: which list a page goes on and when it moves, in which order
 * and from which zones pages are isolated, that a page has exactly one owner at any
 * moment (removing an isolated page changes nothing, retiring is final), and that
 * misuse is reported.
 */
#include "owner.h"

static struct lru *lru(const struct rig *rig)
{
	return &rig->m->page->nodes[0].lru;
}

static struct page *page_on(struct owner *owner, enum kalloc_page_kind kind)
{
	struct page *page = alloc_page(GFP_KERNEL);

	assert_non_null(page);
	owner_add(owner, page, kind);
	return page;
}

static void test_kinds_and_counts(void **state)
{
	static const struct {
		enum kalloc_page_kind kind;
		enum lru_list list;
		unsigned long dirty;
	} rows[] = {
		{ KALLOC_PAGE_CLEAN, LRU_INACTIVE_FILE, 0 },
		{ KALLOC_PAGE_DIRTY, LRU_INACTIVE_FILE, 1 },
		{ KALLOC_PAGE_ANON, LRU_INACTIVE_ANON, 0 },
	};
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct owner owner;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct page *page;

		owner_init(&owner);
		page = page_on(&owner, rows[i].kind);
		assert_int_equal(lru(&rig)->nr[rows[i].list], 1);
		assert_int_equal(lru(&rig)->zone_nr[page_zonenum(page)][rows[i].list], 1);
		assert_int_equal(lru(&rig)->nr_dirty, rows[i].dirty);
		lru_check(&rig, 1);

		assert_true(kalloc_lru_remove(page));
		assert_null(page->mapping);
		assert_int_equal(lru(&rig)->nr_dirty, 0);
		assert_int_equal(page_count(page), 1);
		lru_check(&rig, 0);
		__free_page(page);
	}
	assert_int_equal(page_event(rig.m, NR_DIRTIED), 1);
	rig_down(&rig);
}

static void test_touch(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct owner owner;
	struct page *page;

	owner_init(&owner);
	page = page_on(&owner, KALLOC_PAGE_CLEAN);
	kalloc_lru_touch(page);
	assert_int_equal(lru(&rig)->nr[LRU_INACTIVE_FILE], 1);
	kalloc_lru_touch(page);
	assert_int_equal(lru(&rig)->nr[LRU_ACTIVE_FILE], 1);
	assert_int_equal(page_event(rig.m, PGACTIVATE), 1);
	kalloc_lru_touch(page);
	kalloc_lru_touch(page);
	assert_int_equal(lru(&rig)->nr[LRU_ACTIVE_FILE], 1);
	lru_check(&rig, 1);
	owner_fini(&owner);
	rig_down(&rig);
}

static void test_dirty(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct owner owner;
	struct page *clean, *anon;

	owner_init(&owner);
	clean = page_on(&owner, KALLOC_PAGE_CLEAN);
	anon = page_on(&owner, KALLOC_PAGE_ANON);
	for (int i = 0; i < 2; i++) {
		assert_true(kalloc_lru_dirty(clean));
		assert_true(kalloc_lru_dirty(anon));
		assert_int_equal(lru(&rig)->nr_dirty, 1);
	}
	assert_int_equal(page_event(rig.m, NR_DIRTIED), 1);
	owner_fini(&owner);
	assert_int_equal(lru(&rig)->nr_dirty, 0);
	rig_down(&rig);
}

/* The oldest first; pages of zones that are too high stay, and hide nothing. */
static void test_isolate(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);
	struct lru_scan scan = { .nr = 3, .highest = zone_ranks[ZONE_DMA] };
	struct owner owner;

	owner_init(&owner);
	for (int i = 0; i < 8; i++)
		owner_add(&owner, alloc_page(i % 2 ? GFP_KERNEL : GFP_KERNEL | GFP_DMA),
			  KALLOC_PAGE_CLEAN);
	assert_int_equal(lru_count(lru(&rig), LRU_INACTIVE_FILE, zone_ranks[ZONE_DMA]), 4);
	assert_int_equal(lru_count(lru(&rig), LRU_INACTIVE_FILE, zone_ranks[ZONE_NORMAL]), 8);

	assert_int_equal(lru_isolate(lru(&rig), LRU_INACTIVE_FILE, &scan, &taken), 3);
	assert_int_equal(scan.scanned, 3);
	assert_int_equal(scan.skipped, 2);
	assert_int_equal(lru(&rig)->nr_isolated[1], 3);
	for (int i = 0; i < 3; i++) {
		struct page *page = list_last_entry(&taken, struct page, lru);

		assert_ptr_equal(page, owner.slot[2 * i]);
		list_del(&page->lru);
		lru_put_back_page(page);
	}
	lru_check(&rig, 8);

	scan = (struct lru_scan){ .nr = 100, .highest = zone_ranks[ZONE_NORMAL] };
	assert_int_equal(lru_isolate(lru(&rig), LRU_INACTIVE_FILE, &scan, &taken), 8);
	assert_int_equal(scan.skipped, 0);
	lru_put_back(&taken);
	assert_int_equal(lru_isolate(lru(&rig), LRU_ACTIVE_FILE, &scan, &taken), 0);
	assert_int_equal(scan.scanned, 0);
	lru_check(&rig, 8);
	owner_fini(&owner);
	rig_down(&rig);
}

/* While a page is isolated nobody else gets it; put back, it can be removed again. */
static void test_one_owner(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct owner owner;
	struct page *page;

	owner_init(&owner);
	page = page_on(&owner, KALLOC_PAGE_CLEAN);
	assert_true(lru_isolate_page(page));
	assert_false(lru_isolate_page(page));
	assert_false(kalloc_lru_remove(page));
	assert_ptr_equal(page->mapping, &owner.mapping);
	lru_put_back_page(page);
	assert_true(kalloc_lru_remove(page));
	assert_false(kalloc_lru_remove(page));
	__free_page(page);
	rig_down(&rig);
}

enum meddle {
	NOTHING,
	TOUCHED,
	DIRTIED,
	PINNED,
};

/* What is done to a page up to its retirement keeps it; after that it is too late. */
static void test_retire(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	for (int meddle = NOTHING; meddle <= PINNED; meddle++) {
		struct kalloc_mapping *mapping;
		struct owner owner;
		struct page *page;

		owner_init(&owner);
		page = page_on(&owner, KALLOC_PAGE_CLEAN);
		assert_true(lru_isolate_page(page));
		if (meddle == TOUCHED)
			kalloc_lru_touch(page);
		if (meddle == DIRTIED)
			assert_true(kalloc_lru_dirty(page));
		if (meddle == PINNED)
			get_page(page);

		mapping = lru_retire(page);
		if (meddle != NOTHING) {
			assert_null(mapping);
			lru_put_back_page(page);
			lru_check(&rig, 1);
			if (meddle == PINNED)
				put_page(page);
			owner_fini(&owner);
			continue;
		}
		assert_ptr_equal(mapping, &owner.mapping);
		kalloc_lru_touch(page);
		kalloc_lru_touch(page);
		assert_false(kalloc_lru_dirty(page));
		assert_false(kalloc_lru_remove(page));
		lru_check(&rig, 0);
		assert_int_equal(lru(&rig)->nr_dirty, 0);
		__free_page(page); /* nothing is left on it that freeing would report */
	}
	assert_int_equal(said_count("Bad page"), 0);
	rig_down(&rig);
}

static void test_misuse(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1 kalloc.swap=1M");
	struct page *compound = alloc_pages(GFP_KERNEL | __GFP_COMP, 1);
	struct owner owner;
	struct page *page;

	owner_init(&owner);
	kalloc_lru_add(compound, &owner.mapping, KALLOC_PAGE_CLEAN);
	assert_int_equal(said_count("kalloc_lru_add()"), 1);
	lru_check(&rig, 0);
	__free_pages(compound, 1);

	kalloc_swap_drop(1);
	assert_int_equal(said_count("kalloc_swap_drop() of 1 pages"), 1);
	assert_int_equal(rig.m->page->swap_free, 256);

	page = page_on(&owner, KALLOC_PAGE_CLEAN);
	__free_page(page);
	assert_int_equal(said_count("BUG: Bad page state"), 1);
	assert_int_equal(said_count("non-NULL mapping"), 1);
	assert_true(kalloc_lru_remove(page));
	rig_down_lost(&rig, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_and_counts),
		cmocka_unit_test(test_touch),
		cmocka_unit_test(test_dirty),
		cmocka_unit_test(test_isolate),
		cmocka_unit_test(test_one_owner),
		cmocka_unit_test(test_retire),
		cmocka_unit_test(test_misuse),
	};

	return cmocka_run_group_tests_name("lru", tests, NULL, NULL);
}
