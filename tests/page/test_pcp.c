/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/pcp.c: which lists there are, how much a CPU may hold, that the
 * hot end is last in first out and the cold end is not, how much a refill brings,
 * what reaching `high` gives back and in which order, and what a drain leaves.
 */
#include "rig.h"

static const gfp_t gfp_of[MIGRATE_PCPTYPES] = {
	[MIGRATE_UNMOVABLE] = GFP_KERNEL,
	[MIGRATE_MOVABLE] = GFP_KERNEL | __GFP_MOVABLE,
	[MIGRATE_RECLAIMABLE] = GFP_KERNEL | __GFP_RECLAIMABLE,
};

static struct rig rig;
static struct zone *zone;
static struct pcp *pcp; /* of CPU 0 */

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=2");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	pcp = &zone->pcp[0];
	return 0;
}

static int down(void **state)
{
	rig_down(&rig);
	return 0;
}

static unsigned long list_length(const struct list_head *list)
{
	unsigned long nr = 0;

	for (const struct list_head *node = list->next; node != list; node = node->next)
		nr++;
	return nr;
}

static unsigned long listed(unsigned int order, enum migratetype mt)
{
	return list_length(&pcp->lists[pcp_index(order, mt)]);
}

/* @nr blocks, and the per-CPU lists empty. */
static void take_many(struct page **pages, unsigned int nr, gfp_t gfp, unsigned int order)
{
	for (unsigned int i = 0; i < nr; i++) {
		pages[i] = alloc_pages(gfp, order);
		assert_non_null(pages[i]);
	}
	pages_drain(rig.m);
}

static void limits(unsigned int batch, unsigned int high)
{
	pages_drain(rig.m);
	pcp->batch = batch;
	pcp->high = high;
	pcp->free_factor = 0;
}

static void test_indices(void **state)
{
	bool seen[PCP_LISTS] = { false };

	assert_int_equal(PCP_LISTS, 14);
	for (unsigned int order = 0; order <= 10; order++) {
		assert_int_equal(pcp_has_order(order), order <= 3 || order == 9);
		if (!pcp_has_order(order))
			continue;
		for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++) {
			unsigned int index = pcp_index(order, (enum migratetype)mt);

			assert_int_equal(index, order == 9 ? 12u + (mt == MIGRATE_MOVABLE)
							   : order * 3 + (unsigned int)mt);
			assert_int_equal(pcp_order(index), order);
			seen[index] = true;
		}
	}
	for (int i = 0; i < PCP_LISTS; i++)
		assert_true(seen[i]);
}

/* The facts' rows. */
static void test_batch_and_high(void **state)
{
	static const struct {
		unsigned long managed;
		unsigned int batch;
	} batches[] = {
		{ 0, 1 },	{ 3840, 1 },	   { 14999, 3 },    { 52204, 15 },
		{ 111623, 31 }, { 256 << 10, 63 }, { 1 << 20, 63 }, { 1UL << 40, 63 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(batches); i++)
		assert_int_equal(pcp_batch_for(batches[i].managed), batches[i].batch);
	assert_int_equal(pcp_high_for(811, 31, 1), 811);
	assert_int_equal(pcp_high_for(811, 31, 2), 405);
	assert_int_equal(pcp_high_for(27, 1, 1), 27);
	/* never less than four batches */
	assert_int_equal(pcp_high_for(811, 63, 8), 252);
}

static void test_lifo(void **state)
{
	static const unsigned int orders[] = { 0, 1, 2, 3, 9 };

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++) {
			struct page *a, *b;

			limits(15, 4096);
			a = alloc_pages(gfp_of[mt], orders[i]);
			b = alloc_pages(gfp_of[mt], orders[i]);
			__free_pages(a, orders[i]);
			__free_pages(b, orders[i]);
			assert_ptr_equal(alloc_pages(gfp_of[mt], orders[i]), b);
			assert_ptr_equal(alloc_pages(gfp_of[mt], orders[i]), a);
			__free_pages(a, orders[i]);
			__free_pages(b, orders[i]);
			assert_true(pcp_ok(pcp));
		}
	}
}

/* max(batch >> order, 2) blocks, in the order in which the zone hands them out. */
static void test_refill(void **state)
{
	static const struct {
		unsigned int batch, order, nr;
	} rows[] = {
		{ 15, 0, 15 }, { 15, 1, 7 }, { 15, 2, 3 }, { 15, 3, 2 }, { 15, 9, 2 },
		{ 63, 0, 63 }, { 63, 3, 7 }, { 3, 1, 2 },  { 1, 0, 1 },	 { 1, 3, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned int order = rows[i].order;
		struct page *pages[63];

		limits(rows[i].batch, 4096);
		for (unsigned int n = 0; n < rows[i].nr; n++) {
			pages[n] = alloc_pages(gfp_of[MIGRATE_MOVABLE], order);
			assert_int_equal(listed(order, MIGRATE_MOVABLE), rows[i].nr - 1 - n);
			assert_int_equal(pcp->count, (rows[i].nr - 1 - n) << order);
			if (n)
				assert_ptr_equal(pages[n], pages[n - 1] + (1UL << order));
		}
		for (unsigned int n = 0; n < rows[i].nr; n++)
			__free_pages(pages[n], order);
	}
}

static void test_not_listed(void **state)
{
	static const unsigned int orders[] = { 4, 5, 8, 10 };

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct page *page = alloc_pages(GFP_KERNEL, orders[i]);

		assert_non_null(page);
		assert_int_equal(pcp->count, 0);
		__free_pages(page, orders[i]);
		assert_int_equal(pcp->count, 0);
	}
}

/* batch << factor, at least batch, at most high - batch; the factor grows below that. */
static void test_high(void **state)
{
	static const struct {
		unsigned int batch, high, frees, count, factor;
	} rows[] = {
		{ 4, 20, 19, 19, 0 }, { 4, 20, 20, 16, 1 },   { 4, 20, 23, 19, 1 },
		{ 4, 20, 24, 12, 2 }, { 4, 20, 31, 19, 2 },   { 4, 20, 32, 4, 2 },
		{ 4, 20, 48, 4, 2 },  { 1, 100, 163, 68, 5 }, { 1, 100, 195, 68, 5 },
		{ 8, 4, 4, 3, 0 },    { 8, 4, 10, 3, 0 },     { 4, 8, 12, 4, 0 },
	};
	struct page *pages[200];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		limits(31, 4096);
		take_many(pages, rows[i].frees, GFP_KERNEL, 0);
		limits(rows[i].batch, rows[i].high);
		for (unsigned int n = 0; n < rows[i].frees; n++)
			__free_page(pages[n]);
		assert_int_equal(pcp->count, rows[i].count);
		assert_int_equal(pcp->free_factor, rows[i].factor);
		assert_true(pcp_ok(pcp));
	}
}

static void test_factor_halves(void **state)
{
	struct page *page;

	limits(15, 4096);
	for (unsigned int factor = 5, left = 2; factor; factor = left, left /= 2) {
		pcp->free_factor = factor;
		page = alloc_page(GFP_KERNEL);
		assert_int_equal(pcp->free_factor, left);
		__free_page(page);
		assert_int_equal(pcp->free_factor, left);
	}
}

/* A freed block of order 1..3 empties the CPU once the factor has grown. */
static void test_high_order_drains(void **state)
{
	for (unsigned int order = 0; order <= 9; order = order == 3 ? 9 : order + 1) {
		for (unsigned int factor = 0; factor < 2; factor++) {
			struct page *page, *single;
			bool drains = factor && order >= 1 && order <= 3;

			limits(15, 4096);
			page = alloc_pages(GFP_KERNEL, order);
			single = alloc_page(gfp_of[MIGRATE_RECLAIMABLE]);
			__free_page(single);
			assert_true(pcp->count > 0);
			pcp->free_factor = factor;
			__free_pages(page, order);
			assert_int_equal(pcp->count == 0, drains);
		}
	}
}

/* From the list just given to, whole, tails first; then the next ones, and around. */
static void test_give_back_order(void **state)
{
	struct page *unmovable[3], *movable[3], *reclaimable[3], *pair;

	limits(31, 4096);
	take_many(unmovable, 3, gfp_of[MIGRATE_UNMOVABLE], 0);
	take_many(movable, 3, gfp_of[MIGRATE_MOVABLE], 0);
	take_many(reclaimable, 3, gfp_of[MIGRATE_RECLAIMABLE], 0);
	take_many(&pair, 1, gfp_of[MIGRATE_UNMOVABLE], 1);
	for (int i = 0; i < 3; i++) {
		__free_page(unmovable[i]);
		__free_page(reclaimable[i]);
	}
	__free_pages(pair, 1);
	__free_page(movable[0]);
	__free_page(movable[1]);
	assert_int_equal(pcp->count, 10);

	/* Eleven frames: the batch of 2 goes, from movable, oldest first. */
	pcp->batch = 2;
	pcp->high = 11;
	__free_page(movable[2]);
	assert_int_equal(listed(0, MIGRATE_MOVABLE), 1);
	assert_ptr_equal(list_first_entry(&pcp->lists[MIGRATE_MOVABLE], struct page, pcp_list),
			 movable[2]);
	assert_int_equal(pcp->count, 9);

	/* Four frames: the one movable and all of reclaimable. */
	assert_ptr_equal(alloc_page(gfp_of[MIGRATE_MOVABLE]), movable[2]);
	pcp->batch = 1;
	pcp->high = 9;
	pcp->free_factor = 2;
	__free_page(movable[2]);
	assert_int_equal(listed(0, MIGRATE_MOVABLE), 0);
	assert_int_equal(listed(0, MIGRATE_RECLAIMABLE), 0);
	assert_int_equal(listed(1, MIGRATE_UNMOVABLE), 1);
	assert_int_equal(listed(0, MIGRATE_UNMOVABLE), 3);

	/* Past the last list it starts again: reclaimable 1, the pair 2, unmovable 1. */
	reclaimable[0] = alloc_page(gfp_of[MIGRATE_RECLAIMABLE]);
	pcp->high = 6;
	pcp->free_factor = 2;
	__free_page(reclaimable[0]);
	assert_int_equal(listed(1, MIGRATE_UNMOVABLE), 0);
	assert_int_equal(listed(0, MIGRATE_UNMOVABLE), 2);
	assert_int_equal(pcp->count, 2);
}

static void test_cold_end(void **state)
{
	struct page *hot, *cold, *last;

	limits(15, 4096);
	hot = alloc_page(GFP_KERNEL);
	cold = alloc_page(GFP_KERNEL);
	free_hot_page(hot);
	free_cold_page(cold);
	assert_ptr_equal(alloc_page(GFP_KERNEL), hot);
	assert_ptr_equal(alloc_page(GFP_KERNEL | __GFP_COLD), cold);

	last = list_last_entry(&pcp->lists[MIGRATE_UNMOVABLE], struct page, pcp_list);
	free_hot_page(cold);
	free_hot_page(hot);
	assert_ptr_equal(alloc_page(GFP_KERNEL | __GFP_COLD), last);
	assert_ptr_equal(alloc_page(GFP_KERNEL), hot);
	assert_ptr_equal(alloc_page(GFP_KERNEL), cold);
	__free_page(hot);
	__free_page(cold);
	__free_page(last);
}

/* Each CPU has lists of its own; a drain empties all of them. */
static void test_drain(void **state)
{
	struct page *page;

	limits(15, 4096);
	__free_page(alloc_page(GFP_KERNEL));
	kalloc_set_cpu(1);
	page = alloc_pages(GFP_KERNEL, 2);
	assert_true(pcp->count > 0);
	assert_true(zone->pcp[1].count > 0);
	__free_pages(page, 2);
	kalloc_set_cpu(0);
	pcp_drain(zone, 1);
	assert_int_equal(zone->pcp[1].count, 0);
	assert_true(pcp->count > 0);
	pages_drain(rig.m);
	assert_int_equal(pcp->count, 0);
}

/* A drained frame goes to the type it was given with, not to what its block is now. */
static void test_noted_type(void **state)
{
	struct page *page = alloc_page(gfp_of[MIGRATE_MOVABLE]);
	struct page *neighbour = alloc_page(gfp_of[MIGRATE_MOVABLE]);
	struct buddy *buddy = &zone->buddy;
	unsigned long pfn = page_to_pfn(page), unmovable;

	assert_ptr_equal(neighbour, page + 1);
	pages_drain(rig.m);
	unmovable = buddy_count(buddy, 0, MIGRATE_UNMOVABLE);
	__free_page(page);
	block_set_type(buddy, pfn, MIGRATE_UNMOVABLE);
	pages_drain(rig.m);
	assert_ptr_equal(buddy_first(buddy, 0, MIGRATE_MOVABLE), page);
	assert_int_equal(buddy_count(buddy, 0, MIGRATE_UNMOVABLE), unmovable);
	block_set_type(buddy, pfn, MIGRATE_MOVABLE);
	__free_page(neighbour);
}

/* While another thread is at the lists, requests go to the zone itself. */
static void test_busy(void **state)
{
	struct page *single, *pair;

	limits(15, 4096);
	pcp_hold(pcp);
	single = alloc_page(GFP_KERNEL);
	pair = alloc_pages(GFP_KERNEL, 1);
	assert_non_null(single);
	assert_non_null(pair);
	assert_int_equal(pcp->count, 0);
	__free_page(single);
	__free_pages(pair, 1);
	assert_int_equal(pcp->count, 0);
	pcp_release(pcp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_indices, up, down),
		cmocka_unit_test_setup_teardown(test_batch_and_high, up, down),
		cmocka_unit_test_setup_teardown(test_lifo, up, down),
		cmocka_unit_test_setup_teardown(test_refill, up, down),
		cmocka_unit_test_setup_teardown(test_not_listed, up, down),
		cmocka_unit_test_setup_teardown(test_high, up, down),
		cmocka_unit_test_setup_teardown(test_factor_halves, up, down),
		cmocka_unit_test_setup_teardown(test_high_order_drains, up, down),
		cmocka_unit_test_setup_teardown(test_give_back_order, up, down),
		cmocka_unit_test_setup_teardown(test_cold_end, up, down),
		cmocka_unit_test_setup_teardown(test_drain, up, down),
		cmocka_unit_test_setup_teardown(test_noted_type, up, down),
		cmocka_unit_test_setup_teardown(test_busy, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
