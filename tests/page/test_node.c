/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/node.c: how CPUs spread over nodes, the order of the zone lists,
 * the counters of a node, and those that say where requests were served.
 */
#include "rig.h"

static void test_cpus(void **state)
{
	static const struct {
		unsigned int nr_nodes, nr_cpus, on[4];
	} rows[] = {
		{ 1, 8, { 8 } },       { 2, 8, { 4, 4 } },	 { 2, 1, { 1, 0 } },
		{ 3, 4, { 2, 1, 1 } }, { 4, 2, { 1, 0, 1, 0 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char cmdline[64];
		struct rig rig;

		snprintf(cmdline, sizeof(cmdline), "mem=128M numa=fake=%u nr_cpus=%u",
			 rows[i].nr_nodes, rows[i].nr_cpus);
		rig = rig_up(cmdline);
		assert_int_equal(node_count(rig.m), rows[i].nr_nodes);
		for (unsigned int nid = 0; nid < rows[i].nr_nodes; nid++) {
			unsigned int nr = 0;

			for (unsigned int cpu = 0; cpu < rows[i].nr_cpus; cpu++) {
				kalloc_set_cpu((int)cpu);
				nr += node_current(rig.m) == (int)nid;
			}
			assert_int_equal(nr, rows[i].on[nid]);
			assert_int_equal(node_cpus(nid, rows[i].nr_nodes, rows[i].nr_cpus), nr);
			assert_int_equal(rig.m->page->nodes[nid].nr_cpus, nr);
		}
		rig_down(&rig);
	}
}

static void test_lists(void **state)
{
	static const struct {
		int nid;
		enum zone_type type;
	} from_1[] = {
		{ 1, ZONE_MOVABLE }, { 1, ZONE_HIGHMEM }, { 1, ZONE_DMA32 },
		{ 0, ZONE_MOVABLE }, { 0, ZONE_DMA32 },	  { 0, ZONE_DMA },
	};
	struct rig rig = rig_up("mem=128M highmem=32M movablecore=32M numa=fake=2 nr_cpus=2");
	const struct node *node = &rig.m->page->nodes[1];
	const unsigned long only_0 = 1;

	for (size_t i = 0; i < ARRAY_SIZE(from_1); i++) {
		assert_ptr_equal(node->fallback[i], rig_zone(&rig, from_1[i].nid, from_1[i].type));
		if (from_1[i].nid == 1)
			assert_ptr_equal(node->only[i], node->fallback[i]);
	}
	assert_null(node->fallback[6]);
	assert_null(node->only[3]);

	assert_ptr_equal(node_first_zone(node->fallback, zone_ranks[ZONE_NORMAL], NULL),
			 rig_zone(&rig, 1, ZONE_DMA32));
	assert_ptr_equal(node_first_zone(node->fallback, zone_ranks[ZONE_DMA], NULL),
			 rig_zone(&rig, 0, ZONE_DMA));
	assert_ptr_equal(node_first_zone(node->fallback, zone_ranks[ZONE_NORMAL], &only_0),
			 rig_zone(&rig, 0, ZONE_DMA32));
	assert_null(node_first_zone(node->only, zone_ranks[ZONE_DMA], NULL));
	assert_null(node_first_zone(node->only, zone_ranks[ZONE_MOVABLE], &only_0));
	rig_down(&rig);
}

static void test_stat(void **state)
{
	struct rig rig = rig_up("mem=32M nr_cpus=1");
	unsigned long before = node_stat(rig.m, 0, NR_KERNEL_MISC_RECLAIMABLE);

	node_stat_add(rig.m, 0, NR_KERNEL_MISC_RECLAIMABLE, 5);
	node_stat_add(rig.m, 0, NR_KERNEL_MISC_RECLAIMABLE, -2);
	assert_int_equal(node_stat(rig.m, 0, NR_KERNEL_MISC_RECLAIMABLE), before + 3);
	/* Readers of a counter in motion may see it below zero, and show 0. */
	node_stat_add(rig.m, 0, NR_KERNEL_MISC_RECLAIMABLE, -(long)before - 10);
	assert_int_equal(node_stat(rig.m, 0, NR_KERNEL_MISC_RECLAIMABLE), 0);
	rig_down(&rig);
}

static unsigned long numa(const struct zone *zone, enum numa_item item)
{
	unsigned long nr = zone_flow_numa(&zone->flow, item);

	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
		nr += zone_flow_numa(&zone->pcp[cpu].flow, item);
	return nr;
}

/* Wanted here and served here; wanted on node 1 and served there; and on another than wanted. */
static void test_numa_counters(void **state)
{
	struct rig rig = rig_up("mem=128M numa=fake=2 nr_cpus=2");
	struct zone *here = rig_zone(&rig, 0, ZONE_DMA32), *there = rig_zone(&rig, 1, ZONE_DMA32);
	struct list_head taken = LIST_INIT(taken);
	struct page *page;
	unsigned long hit, local, other, miss, foreign;

	for (unsigned int order = 0; order <= 4; order += 4) {
		hit = numa(here, NUMA_HIT);
		local = numa(here, NUMA_LOCAL);
		__free_pages(alloc_pages(GFP_KERNEL, order), order);
		assert_int_equal(numa(here, NUMA_HIT), hit + 1);
		assert_int_equal(numa(here, NUMA_LOCAL), local + 1);

		hit = numa(there, NUMA_HIT);
		other = numa(there, NUMA_OTHER);
		__free_pages(alloc_pages_node(1, GFP_KERNEL, order), order);
		assert_int_equal(numa(there, NUMA_HIT), hit + 1);
		assert_int_equal(numa(there, NUMA_OTHER), other + 1);
	}
	while ((page = alloc_pages_node(1, GFP_NOWAIT | __GFP_THISNODE | __GFP_NOWARN, 0)))
		list_add(&page->lru, &taken);
	miss = numa(here, NUMA_MISS);
	foreign = rig.m->page->nodes[1].numa_foreign;
	local = numa(here, NUMA_LOCAL);
	__free_page(alloc_pages_node(1, GFP_NOWAIT, 0));
	assert_int_equal(numa(here, NUMA_MISS), miss + 1);
	assert_int_equal(rig.m->page->nodes[1].numa_foreign, foreign + 1);
	assert_int_equal(numa(here, NUMA_LOCAL), local + 1);
	rig_release(&taken, 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_numa_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
