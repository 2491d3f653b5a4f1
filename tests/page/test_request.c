/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/request.c: the migratetype, the highest zone and the depth that a
 * set of flags stands for, and on machines with every kind of zone the zone and
 * node that a request is really served from.
 */
#include "rig.h"

static void test_type(void **state)
{
	assert_int_equal(request_type(GFP_KERNEL), MIGRATE_UNMOVABLE);
	assert_int_equal(request_type(GFP_ATOMIC), MIGRATE_UNMOVABLE);
	assert_int_equal(request_type(GFP_KERNEL | __GFP_RECLAIMABLE), MIGRATE_RECLAIMABLE);
	assert_int_equal(request_type(GFP_KERNEL | __GFP_MOVABLE), MIGRATE_MOVABLE);
	assert_int_equal(request_type(GFP_HIGHUSER_MOVABLE), MIGRATE_MOVABLE);
	assert_int_equal(request_type(GFP_HIGHUSER), MIGRATE_UNMOVABLE);
}

static void test_highest(void **state)
{
	static const struct {
		gfp_t gfp;
		enum zone_type type;
	} rows[] = {
		{ 0, ZONE_NORMAL },
		{ GFP_KERNEL, ZONE_NORMAL },
		{ __GFP_DMA, ZONE_DMA },
		{ __GFP_DMA32, ZONE_DMA32 },
		{ __GFP_HIGHMEM, ZONE_HIGHMEM },
		{ __GFP_MOVABLE, ZONE_NORMAL },
		{ __GFP_MOVABLE | __GFP_DMA, ZONE_DMA },
		{ __GFP_MOVABLE | __GFP_DMA32, ZONE_DMA32 },
		{ GFP_HIGHUSER, ZONE_HIGHMEM },
		{ GFP_HIGHUSER_MOVABLE, ZONE_MOVABLE },
		{ GFP_TRANSHUGE, ZONE_MOVABLE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(request_highest(rows[i].gfp), zone_ranks[rows[i].type]);
}

/* Contradictions are reported once each; the answer is still a safe one. */
static void test_contradictions(void **state)
{
	said[0] = '\0';
	kalloc_set_console(said_append, NULL);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(request_type(__GFP_MOVABLE | __GFP_RECLAIMABLE), MIGRATE_MOVABLE);
		assert_int_equal(said_count("cut here"), 1);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(request_highest(__GFP_DMA | __GFP_DMA32), zone_ranks[ZONE_DMA]);
		assert_int_equal(said_count("cut here"), 2);
	}
	kalloc_set_console(NULL, NULL);
}

static void test_slow_flags(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int order, flags;
	} rows[] = {
		{ GFP_KERNEL, 0, ALLOC_KSWAPD },
		{ GFP_KERNEL, 3, ALLOC_KSWAPD },
		{ GFP_KERNEL | __GFP_HIGH, 3, ALLOC_KSWAPD | ALLOC_MIN_RESERVE },
		{ GFP_NOWAIT, 3, ALLOC_KSWAPD | ALLOC_NON_BLOCK },
		{ 0, 0, ALLOC_NON_BLOCK },
		{ GFP_ATOMIC, 0, ALLOC_KSWAPD | ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK },
		{ GFP_ATOMIC, 1,
		  ALLOC_KSWAPD | ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK | ALLOC_HIGHATOMIC },
		{ GFP_NOWAIT | __GFP_HIGH, 1,
		  ALLOC_KSWAPD | ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK | ALLOC_HIGHATOMIC },
		{ GFP_ATOMIC | __GFP_NOMEMALLOC, 1, ALLOC_KSWAPD | ALLOC_MIN_RESERVE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(request_slow_flags(rows[i].gfp, rows[i].order),
				 WMARK_MIN | rows[i].flags);
}

static void served_from(const struct rig *rig, gfp_t gfp, int nid, enum zone_type type)
{
	for (unsigned int order = 0; order <= 4; order++) {
		struct page *page = alloc_pages(gfp, order);

		assert_non_null(page);
		assert_ptr_equal(page_zone(page), rig_zone(rig, nid, type));
		assert_int_equal(page_zonenum(page), type);
		assert_int_equal(page_to_nid(page), nid);
		__free_pages(page, order);
	}
}

static void test_zones(void **state)
{
	struct rig rig = rig_up("mem=5G highmem=512M movablecore=256M nr_cpus=1");
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA);

	assert_in_range(page_to_pfn(page), 0x100, 0xfff);
	__free_page(page);
	page = alloc_page(GFP_KERNEL | GFP_DMA32);
	assert_in_range(page_to_pfn(page), 0x1000, 0xfffff);
	__free_page(page);
	page = alloc_page(GFP_KERNEL);
	assert_in_range(page_to_pfn(page), 0x100000, 0x180000);
	__free_page(page);

	served_from(&rig, GFP_KERNEL | GFP_DMA, 0, ZONE_DMA);
	served_from(&rig, GFP_KERNEL | GFP_DMA32, 0, ZONE_DMA32);
	served_from(&rig, GFP_KERNEL, 0, ZONE_NORMAL);
	served_from(&rig, GFP_KERNEL | __GFP_MOVABLE, 0, ZONE_NORMAL);
	served_from(&rig, GFP_HIGHUSER, 0, ZONE_HIGHMEM);
	served_from(&rig, GFP_HIGHUSER_MOVABLE, 0, ZONE_MOVABLE);
	assert_string_equal(zone_name(rig_zone(&rig, 0, ZONE_NORMAL)), "Normal");
	assert_string_equal(zone_name(rig_zone(&rig, 0, ZONE_HIGHMEM)), "HighMem");
	rig_down(&rig);
}

/* Where a zone is missing the next lower one serves; never a higher one. */
static void test_lower_zones(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);

	served_from(&rig, GFP_KERNEL, 0, ZONE_DMA32);
	served_from(&rig, GFP_HIGHUSER_MOVABLE, 0, ZONE_DMA32);
	rig_exhaust(&taken, GFP_NOWAIT | GFP_DMA, 0);
	served_from(&rig, GFP_KERNEL, 0, ZONE_DMA32);
	assert_null(alloc_page(GFP_NOWAIT | GFP_DMA | __GFP_NOWARN));
	rig_release(&taken, 0);
	rig_down(&rig);

	rig = rig_up("mem=16M nr_cpus=1");
	served_from(&rig, GFP_KERNEL, 0, ZONE_DMA);
	served_from(&rig, GFP_HIGHUSER_MOVABLE, 0, ZONE_DMA);
	rig_down(&rig);
}

/* DMA and DMA32 keep their protection from requests that could be served higher up. */
static void test_protected(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *dma = rig_zone(&rig, 0, ZONE_DMA);
	struct list_head taken = LIST_INIT(taken);
	struct page *page;

	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	assert_in_range(dma->free_pages, 1, dma->lowmem_reserve[2] + (long)zone_mark(dma, 0));
	assert_true(zone_free_exact(dma) > dma->lowmem_reserve[2]);
	page = alloc_page(GFP_NOWAIT | GFP_DMA);
	assert_ptr_equal(page_zone(page), dma);
	__free_page(page);
	rig_release(&taken, 0);
	rig_down(&rig);
}

static void test_nodes(void **state)
{
	struct rig rig = rig_up("mem=128M numa=fake=2 nr_cpus=2");
	struct list_head taken = LIST_INIT(taken);
	const unsigned long only_1 = 1UL << 1;
	struct page *page;

	/* The caller's node first, then the other. */
	for (int cpu = 0; cpu < 2; cpu++) {
		kalloc_set_cpu(cpu);
		served_from(&rig, GFP_KERNEL, cpu, ZONE_DMA32);
	}
	kalloc_set_cpu(0);
	for (int nid = 0; nid < 2; nid++) {
		page = alloc_pages_node(nid, GFP_KERNEL, 1);
		assert_int_equal(page_to_nid(page), nid);
		__free_pages(page, 1);
	}
	page = alloc_pages_node(NUMA_NO_NODE, GFP_KERNEL, 0);
	assert_int_equal(page_to_nid(page), 0);
	__free_page(page);
	page = __alloc_pages(GFP_KERNEL, 0, 0, &only_1);
	assert_int_equal(page_to_nid(page), 1);
	__free_page(page);

	/* Node 1 alone fills up; without THISNODE the other one helps. */
	while ((page = alloc_pages_node(1, GFP_NOWAIT | __GFP_THISNODE | __GFP_NOWARN, 0))) {
		assert_int_equal(page_to_nid(page), 1);
		list_add(&page->lru, &taken);
	}
	page = alloc_pages_node(1, GFP_NOWAIT, 0);
	assert_int_equal(page_to_nid(page), 0);
	__free_page(page);
	assert_null(__alloc_pages(GFP_NOWAIT | __GFP_NOWARN, 0, 0, &only_1));
	rig_release(&taken, 0);

	/* A node that is not there. */
	assert_null(alloc_pages_node(2, GFP_KERNEL, 0));
	assert_int_equal(said_count("cut here"), 1);
	assert_null(alloc_pages_node(2, GFP_KERNEL, 0));
	assert_int_equal(said_count("cut here"), 1);
	rig_down(&rig);
}

/*
 * Staying on the node matters more than keeping pageblocks apart: with only part of
 * a movable pageblock free on the node, that is broken up, though another has plenty.
 */
static void test_node_before_pageblock(void **state)
{
	struct rig rig = rig_up("mem=4G numa=fake=2 nr_cpus=1");
	const gfp_t all =
		GFP_NOWAIT | __GFP_MOVABLE | __GFP_MEMALLOC | __GFP_THISNODE | __GFP_NOWARN;
	struct list_head taken = LIST_INIT(taken);
	struct page *page, *part = NULL;

	assert_int_equal(page_set_min_free_kbytes(rig.m, 0), 0);
	assert_int_equal(page_set_watermark_scale_factor(rig.m, 1), 0);
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	for (int order = 10; order >= 0; order--) {
		while ((page = alloc_pages_node(1, all, (unsigned int)order))) {
			page->index = (unsigned long)order;
			if (!part && order == 10 && page_zonenum(page) == ZONE_NORMAL)
				part = page;
			else
				list_add(&page->lru, &taken);
		}
	}
	assert_ptr_equal(page_zone(part), rig_zone(&rig, 1, ZONE_NORMAL));
	split_page(part, 10);
	for (unsigned long i = 256; i < 1024; i++) {
		part[i].index = 0;
		list_add(&part[i].lru, &taken);
	}
	for (unsigned long i = 0; i < 256; i++)
		__free_page(part + i);
	pages_drain(rig.m);

	page = alloc_pages_node(1, GFP_NOWAIT, 4);
	assert_ptr_equal(page_zone(page), rig_zone(&rig, 1, ZONE_NORMAL));
	__free_pages(page, 4);
	while (!list_empty(&taken)) {
		page = list_first_entry(&taken, struct page, lru);
		list_del(&page->lru);
		__free_pages(page, (unsigned int)page->index);
	}
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_highest),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_slow_flags),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_lower_zones),
		cmocka_unit_test(test_protected),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_node_before_pageblock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
