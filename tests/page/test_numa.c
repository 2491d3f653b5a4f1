/* SPDX-License-Identifier: MIT */
/*
 * Proves of the per-node statistics: numa_hit, numa_miss, numa_foreign, numa_local,
 * numa_other and interleave_hit, request by request, and that in the end every frame
 * taken was counted once.
 */
#include <kalloc/mempolicy.h>

#include "rig.h"

struct numa {
	unsigned long item[NR_NUMA_ITEMS];
	unsigned long interleave;
};

static struct numa numa_of(const struct rig *rig, int nid)
{
	struct node *node = &rig->m->page->nodes[nid];
	struct numa numa = { .interleave = node->numa_interleave };

	for (int type = 0; type < MAX_NR_ZONES; type++) {
		struct zone *zone = &node->zones[type];

		for (enum numa_item i = 0; i < NR_NUMA_ITEMS; i++) {
			numa.item[i] += zone_flow_numa(&zone->flow, i);
			for (unsigned int cpu = 0; zone->pcp && cpu < zone->nr_cpus; cpu++)
				numa.item[i] += zone_flow_numa(&zone->pcp[cpu].flow, i);
		}
	}
	numa.item[NUMA_FOREIGN] += node->numa_foreign;
	return numa;
}

struct expected {
	unsigned int hit, miss, foreign, local, other, interleave;
};

static void check(const struct rig *rig, int nid, const struct numa *before,
		  const struct expected *expected)
{
	struct numa now = numa_of(rig, nid);

	assert_int_equal(now.item[NUMA_HIT] - before->item[NUMA_HIT], expected->hit);
	assert_int_equal(now.item[NUMA_MISS] - before->item[NUMA_MISS], expected->miss);
	assert_int_equal(now.item[NUMA_FOREIGN] - before->item[NUMA_FOREIGN], expected->foreign);
	assert_int_equal(now.item[NUMA_LOCAL] - before->item[NUMA_LOCAL], expected->local);
	assert_int_equal(now.item[NUMA_OTHER] - before->item[NUMA_OTHER], expected->other);
	assert_int_equal(now.interleave - before->interleave, expected->interleave);
}

/* A CPU of node 0 asks; node 1 is full in the second half of the table. */
static void test_requests(void **state)
{
	static const struct {
		int mode;
		unsigned long nodes;
		int nid; /* -1: by policy */
		unsigned int order;
		bool full;
		struct expected on[2];
	} rows[] = {
		{ MPOL_DEFAULT, 0, -1, 0, false, { { .hit = 1, .local = 1 }, { 0 } } },
		{ MPOL_DEFAULT, 0, 0, 5, false, { { .hit = 1, .local = 1 }, { 0 } } },
		{ MPOL_DEFAULT, 0, 1, 0, false, { { 0 }, { .hit = 1, .other = 1 } } },
		{ MPOL_PREFERRED, 2, -1, 0, false, { { 0 }, { .hit = 1, .other = 1 } } },
		{ MPOL_BIND, 2, -1, 0, false, { { 0 }, { .hit = 1, .other = 1 } } },
		{ MPOL_INTERLEAVE,
		  2,
		  -1,
		  0,
		  false,
		  { { 0 }, { .hit = 1, .other = 1, .interleave = 1 } } },
		{ MPOL_DEFAULT, 0, 1, 0, true, { { .miss = 1, .local = 1 }, { .foreign = 1 } } },
		{ MPOL_DEFAULT, 0, 1, 4, true, { { .miss = 1, .local = 1 }, { .foreign = 1 } } },
		{ MPOL_PREFERRED, 2, -1, 0, true, { { .miss = 1, .local = 1 }, { .foreign = 1 } } },
		{ MPOL_INTERLEAVE,
		  2,
		  -1,
		  0,
		  true,
		  { { .miss = 1, .local = 1 }, { .foreign = 1 } } },
	};
	struct rig rig = rig_up("mem=64M nr_cpus=2 numa=fake=2 kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct numa before[2];
		struct page *page;

		if (rows[i].full && list_empty(&taken)) {
			kalloc_set_mempolicy(MPOL_BIND, 2);
			rig_exhaust(&taken, GFP_KERNEL | __GFP_NORETRY, 0);
		}
		kalloc_set_mempolicy(rows[i].mode, rows[i].nodes);
		for (int nid = 0; nid < 2; nid++)
			before[nid] = numa_of(&rig, nid);
		page = rows[i].nid < 0 ? alloc_pages(GFP_KERNEL, rows[i].order)
				       : alloc_pages_node(rows[i].nid, GFP_KERNEL, rows[i].order);
		assert_non_null(page);
		for (int nid = 0; nid < 2; nid++)
			check(&rig, nid, &before[nid], &rows[i].on[nid]);
		__free_pages(page, rows[i].order);
	}
	kalloc_set_mempolicy(MPOL_DEFAULT, 0);
	rig_release(&taken, 0);
	rig_down(&rig);
}

/* hit + miss of all nodes is the number of requests, and foreign the number of misses. */
static void test_sums(void **state)
{
	struct rig rig = rig_up("nr_cpus=4 kalloc.nodes=16M,16M,0,16M kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);
	unsigned long nr = 0, hit = 0, miss = 0, foreign = 0, local = 0, other = 0;
	struct numa before[4];

	for (int nid = 0; nid < 4; nid++)
		before[nid] = numa_of(&rig, nid);
	for (unsigned int i = 0; i < 9000; i++) {
		struct page *page;

		kalloc_set_cpu(i % 4);
		page = alloc_pages_node((int)(i / 4 % 4), GFP_KERNEL, 0);
		assert_non_null(page);
		list_add(&page->lru, &taken);
		nr++;
	}
	for (int nid = 0; nid < 4; nid++) {
		struct numa now = numa_of(&rig, nid);

		hit += now.item[NUMA_HIT] - before[nid].item[NUMA_HIT];
		miss += now.item[NUMA_MISS] - before[nid].item[NUMA_MISS];
		foreign += now.item[NUMA_FOREIGN] - before[nid].item[NUMA_FOREIGN];
		local += now.item[NUMA_LOCAL] - before[nid].item[NUMA_LOCAL];
		other += now.item[NUMA_OTHER] - before[nid].item[NUMA_OTHER];
	}
	assert_int_equal(hit + miss, nr);
	assert_int_equal(local + other, nr);
	assert_int_equal(miss, foreign);
	assert_true(miss > 0);
	kalloc_set_cpu(0);
	rig_release(&taken, 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_sums),
	};

	return cmocka_run_group_tests_name("numa", tests, NULL, NULL);
}
