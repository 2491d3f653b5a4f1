/* SPDX-License-Identifier: MIT */
/*
 * Proves the public doors of src/page/alloc.c, row by row of the facts about pages:
 * limits and arithmetic, reference counts of plain and compound blocks, where
 * successive blocks lie; zeroing; machines of other largest orders; several machines.
 */
#include "rig.h"
#include "warning.h"

static struct rig rig;

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=1");
	return 0;
}

static int down(void **state)
{
	rig_down(&rig);
	return 0;
}

static void counts(const struct page *page, int c0, int c1, int c2, int c3)
{
	assert_int_equal(page[0]._refcount.counter, c0);
	assert_int_equal(page[1]._refcount.counter, c1);
	assert_int_equal(page[2]._refcount.counter, c2);
	assert_int_equal(page[3]._refcount.counter, c3);
}

static void test_constants(void **state)
{
	assert_int_equal(MAX_ORDER, 11);
	assert_int_equal(pages_max_order(rig.m), 10);
	assert_int_equal(BLOCK_ORDER, 9);
	assert_int_equal(PAGE_ALLOC_COSTLY_ORDER, 3);
	assert_int_equal(PCP_LISTS, 14);
	assert_int_equal(sizeof(struct page), 64);
	assert_int_equal(MIGRATE_UNMOVABLE, 0);
	assert_int_equal(MIGRATE_MOVABLE, 1);
	assert_int_equal(MIGRATE_RECLAIMABLE, 2);
	assert_int_equal(MIGRATE_PCPTYPES, 3);
	assert_int_equal(MIGRATE_HIGHATOMIC, 3);
	assert_int_equal(MIGRATE_ISOLATE, 4);
	assert_int_equal(MIGRATE_TYPES, 5);
	assert_int_equal(ZONE_DMA, 0);
	assert_int_equal(ZONE_DMA32, 1);
	assert_int_equal(ZONE_NORMAL, 2);
	assert_int_equal(ZONE_MOVABLE, 3);
	assert_int_equal(ZONE_DEVICE, 4);
}

static void test_get_order(void **state)
{
	static const struct {
		unsigned long size;
		unsigned int order;
	} rows[] = {
		{ 0, 52 },	{ 1, 0 },	 { 4096, 0 },		{ 4097, 1 },
		{ 8192, 1 },	{ 8193, 2 },	 { 64 << 10, 4 },	{ (64 << 10) + 1, 5 },
		{ 1 << 20, 8 }, { 4 << 20, 10 }, { (4 << 20) + 1, 11 }, { 1UL << 40, 28 },
		{ ~0UL, 52 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(get_order(rows[i].size), rows[i].order);
}

/* Silent if asked; a warning the first time otherwise. This test must be the first to warn so. */
static void test_order_too_large(void **state)
{
	for (unsigned int order = 11; order < 64; order++)
		assert_null(alloc_pages(GFP_KERNEL | __GFP_NOWARN, order));
	assert_string_equal(said, "");
	assert_null(alloc_pages(GFP_KERNEL, 11));
	assert_warning(said, "");
	assert_null(alloc_pages(GFP_KERNEL, 12));
	assert_int_equal(said_count("cut here"), 1);
	assert_int_equal(__get_free_pages(GFP_KERNEL, 11), 0);
	assert_null(folio_alloc(GFP_KERNEL, 11));
}

static void test_plain(void **state)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	counts(page, 1, 0, 0, 0);
	assert_int_equal(page_count(page), 1);
	assert_false(PageCompound(page));
	assert_int_equal(compound_order(page), 0);
	assert_int_equal(compound_nr(page), 1);
	assert_int_equal(page_to_pfn(page) % 4, 0);
	split_page(page, 2);
	counts(page, 1, 1, 1, 1);
	for (int i = 0; i < 4; i++)
		__free_page(page + i);
	pages_drain(rig.m);
	assert_int_equal(rig_free(&rig), rig.nr_free);
}

static void test_compound(void **state)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);

	counts(page, 1, 0, 0, 0);
	assert_true(PageHead(page));
	assert_false(PageTail(page));
	assert_int_equal(compound_order(page), 2);
	assert_int_equal(compound_nr(page), 4);
	for (int i = 1; i < 4; i++) {
		assert_true(PageTail(page + i));
		assert_false(PageHead(page + i));
		assert_ptr_equal(compound_head(page + i), page);
		assert_ptr_equal(page_folio(page + i), page);
	}
	get_page(page + 3);
	counts(page, 2, 0, 0, 0);
	assert_int_equal(page_count(page + 1), 2);
	put_page(page + 1);
	counts(page, 1, 0, 0, 0);
	put_page(page + 2);
	for (int i = 0; i < 4; i++) {
		assert_false(PageCompound(page + i));
		assert_null(page[i].mapping);
		assert_int_equal(page[i]._refcount.counter, 0);
	}
	assert_int_equal(rig_free(&rig), rig.nr_free);

	/* A compound block of one frame is a plain page. */
	page = alloc_pages(GFP_KERNEL | __GFP_COMP, 0);
	assert_false(PageCompound(page));
	put_page(page);
}

static void test_folio(void **state)
{
	for (unsigned int order = 0; order <= 10; order++) {
		struct folio *folio = folio_alloc(GFP_KERNEL, order);

		assert_int_equal(PageHead(&folio->page), order > 0);
		assert_int_equal(compound_order(&folio->page), order);
		assert_int_equal(compound_nr(&folio->page), 1UL << order);
		get_page(&folio->page);
		folio_put(folio);
		assert_int_equal(page_count(&folio->page), 1);
		folio_put(folio);
		assert_int_equal(rig_free(&rig), rig.nr_free);
	}
}

static void test_lifo(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	assert_ptr_equal(alloc_page(GFP_KERNEL), page);
	__free_page(page);
}

static void test_successive_ascend(void **state)
{
	struct page *pages[16];

	for (int i = 0; i < 16; i++) {
		pages[i] = alloc_pages(GFP_KERNEL | __GFP_MOVABLE, 4);
		if (i)
			assert_ptr_equal(pages[i], pages[i - 1] + 16);
	}
	for (int i = 0; i < 16; i++)
		__free_pages(pages[i], 4);
}

/* Every order: aligned, of the size asked, apart from the others, and all of it given back. */
static void test_every_order(void **state)
{
	struct page *page[11];

	for (unsigned int order = 0; order <= 10; order++) {
		page[order] = alloc_pages(GFP_KERNEL, order);
		assert_non_null(page[order]);
		assert_int_equal(page_to_pfn(page[order]) % (1UL << order), 0);
		memset(page_address(page[order]), (int)order + 1, PAGE_SIZE << order);
	}
	for (unsigned int order = 0; order <= 10; order++) {
		const char *bytes = page_address(page[order]);

		assert_int_equal(bytes[0], order + 1);
		assert_memory_equal(bytes, bytes + 1, (PAGE_SIZE << order) - 1);
		__free_pages(page[order], order);
	}
}

static void test_zero(void **state)
{
	for (unsigned int order = 0; order <= 5; order++) {
		size_t bytes = PAGE_SIZE << order;
		unsigned long addr = __get_free_pages(GFP_KERNEL, order);
		const char *zeroed;

		memset((void *)addr, 0xa5, bytes);
		free_pages(addr, order);
		zeroed = (const char *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
		assert_int_equal(zeroed[0], 0);
		assert_memory_equal(zeroed, zeroed + 1, bytes - 1);
		free_pages((unsigned long)zeroed, order);
	}
}

/* The frame that was just written comes back zeroed: the per-CPU list is last in first out. */
static void test_get_zeroed_page(void **state)
{
	unsigned long addr = __get_free_page(GFP_KERNEL);
	const char *zeroed;

	memset((void *)addr, 0xa5, PAGE_SIZE);
	free_page(addr);
	zeroed = (const char *)get_zeroed_page(GFP_KERNEL);
	assert_int_equal((unsigned long)zeroed, addr);
	assert_int_equal(zeroed[0], 0);
	assert_memory_equal(zeroed, zeroed + 1, PAGE_SIZE - 1);
	free_page(addr);
	free_page(0);
	free_pages(0, 3);
}

/* init_on_alloc and init_on_free: no need to ask; and without them the bytes stay. */
static void test_init_on(void **state)
{
	static const struct {
		const char *cmdline;
		int after_free, after_alloc;
	} rows[] = {
		{ "mem=16M nr_cpus=1", 0xa5, 0xa5 },
		{ "mem=16M nr_cpus=1 init_on_alloc=1", 0xa5, 0 },
		{ "mem=16M nr_cpus=1 init_on_free=1", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig other = rig_up(rows[i].cmdline);

		for (unsigned int order = 0; order <= 2; order++) {
			struct page *page = alloc_pages(GFP_KERNEL, order);
			unsigned char *bytes = page_address(page);
			size_t last = (PAGE_SIZE << order) - 1;

			memset(bytes, 0xa5, last + 1);
			__free_pages(page, order);
			assert_int_equal(bytes[0], rows[i].after_free);
			assert_int_equal(bytes[last], rows[i].after_free);
			assert_ptr_equal(alloc_pages(GFP_KERNEL, order), page);
			assert_int_equal(bytes[0], rows[i].after_alloc);
			assert_int_equal(bytes[last], rows[i].after_alloc);
			__free_pages(page, order);
		}
		rig_down(&other);
		kalloc_enter(rig.m);
	}
}

/* kalloc.max_order= lowers and raises the largest block, and the pageblock with it. */
static void test_max_order(void **state)
{
	static const struct {
		const char *cmdline;
		unsigned int max_order, block_order;
	} rows[] = {
		{ "mem=32M nr_cpus=1 kalloc.max_order=1", 1, 1 },
		{ "mem=32M nr_cpus=1 kalloc.max_order=4", 4, 4 },
		{ "mem=3G nr_cpus=1 kalloc.max_order=18", 18, 9 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig other = rig_up(rows[i].cmdline);
		struct zone *zone = rig_zone(&other, 0, ZONE_DMA32);
		struct page *page[19];

		assert_int_equal(zone->buddy.max_order, rows[i].max_order);
		assert_int_equal(zone->buddy.block_order, rows[i].block_order);
		for (unsigned int order = rows[i].max_order + 1; order-- > 0;) {
			page[order] = alloc_pages(GFP_KERNEL, order);
			assert_non_null(page[order]);
			assert_int_equal(page_to_pfn(page[order]) % (1UL << order), 0);
		}
		assert_null(alloc_pages(GFP_KERNEL | __GFP_NOWARN, rows[i].max_order + 1));
		rig_free(&other);
		for (unsigned int order = 0; order <= rows[i].max_order; order++)
			__free_pages(page[order], order);
		rig_down(&other);
		kalloc_enter(rig.m);
	}
}

/* What is freed goes to the machine it came from, whichever is current. */
static void test_two_machines(void **state)
{
	struct rig other = rig_up("mem=16M nr_cpus=1");
	struct page *here, *there = alloc_pages(GFP_KERNEL, 3);
	unsigned long addr = __get_free_page(GFP_KERNEL);

	kalloc_enter(rig.m);
	here = alloc_pages(GFP_KERNEL, 3);
	assert_ptr_not_equal(here, there);
	memset(page_address(here), 1, PAGE_SIZE << 3);
	memset(page_address(there), 2, PAGE_SIZE << 3);
	assert_int_equal(*(char *)page_address(here), 1);
	assert_ptr_equal(page_zone(there), rig_zone(&other, 0, ZONE_DMA));
	assert_int_equal(rig_free(&other), other.nr_free - 9);
	__free_pages(there, 3);
	free_page(addr);
	assert_int_equal(rig_free(&other), other.nr_free);
	assert_int_equal(rig_free(&rig), rig.nr_free - 8);
	__free_pages(here, 3);
	rig_down(&other);
	kalloc_set_console(said_append, NULL);
	kalloc_enter(rig.m);
}

#define test_on_rig(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_on_rig(test_constants),
		test_on_rig(test_get_order),
		test_on_rig(test_order_too_large),
		test_on_rig(test_plain),
		test_on_rig(test_compound),
		test_on_rig(test_folio),
		test_on_rig(test_lifo),
		test_on_rig(test_successive_ascend),
		test_on_rig(test_every_order),
		test_on_rig(test_zero),
		test_on_rig(test_get_zeroed_page),
		test_on_rig(test_init_on),
		test_on_rig(test_max_order),
		test_on_rig(test_two_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
