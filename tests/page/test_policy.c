/* SPDX-License-Identifier: MIT */
/*
 * Proves of memory policies and the shape of nodes: from which node each mode serves a
 * request and what happens when that is full, which requests have no policy, nodes
 * without memory, and that distances decide the fallback order as in Linux.
 */
#include <kalloc/context.h>
#include <kalloc/mempolicy.h>

#include "page/policy.h"
#include "rig.h"

#define FOUR_NODES "nr_cpus=4 kalloc.nodes=32M,32M,32M,32M kalloc.daemons=step"

static int node_of_next(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);
	int nid = page ? page_to_nid(page) : -1;

	if (page)
		__free_page(page);
	return nid;
}

static void policy_off(struct rig *rig)
{
	assert_int_equal(kalloc_set_mempolicy(MPOL_DEFAULT, 0), 0);
	rig_down(rig);
}

static void test_modes(void **state)
{
	static const struct {
		int mode;
		unsigned long nodes;
		int cpu;
		int served[4]; /* one request after the other */
	} rows[] = {
		{ MPOL_DEFAULT, 0, 2, { 2, 2, 2, 2 } },
		{ MPOL_LOCAL, 0, 1, { 1, 1, 1, 1 } },
		{ MPOL_PREFERRED, 0xc, 0, { 2, 2, 2, 2 } },
		{ MPOL_BIND, 0x8, 0, { 3, 3, 3, 3 } },
		{ MPOL_BIND, 0xa, 3, { 3, 3, 3, 3 } },
		{ MPOL_INTERLEAVE, 0xb, 0, { 0, 1, 3, 0 } },
		{ MPOL_INTERLEAVE, 0x4, 0, { 2, 2, 2, 2 } },
		{ MPOL_PREFERRED_MANY, 0x6, 2, { 2, 2, 2, 2 } },
		{ MPOL_PREFERRED_MANY, 0x6, 0, { 1, 1, 1, 1 } },
	};
	struct rig rig = rig_up(FOUR_NODES);
	unsigned long addr;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned long nodes = ~0UL;

		kalloc_set_cpu((unsigned int)rows[i].cpu);
		assert_int_equal(kalloc_set_mempolicy(rows[i].mode, rows[i].nodes), 0);
		assert_int_equal(kalloc_get_mempolicy(&nodes), rows[i].mode);
		assert_int_equal(nodes, rows[i].nodes);
		for (int j = 0; j < 4; j++)
			assert_int_equal(node_of_next(GFP_KERNEL), rows[i].served[j]);
		/* Those that have none. */
		for (int nid = 0; nid < 4; nid++) {
			struct page *page = alloc_pages_node(nid, GFP_KERNEL, 0);

			assert_int_equal(page_to_nid(page), nid);
			__free_page(page);
		}
		assert_int_equal(node_of_next(GFP_KERNEL | __GFP_THISNODE), rows[i].cpu);
		kalloc_atomic_enter();
		assert_int_equal(node_of_next(GFP_ATOMIC), rows[i].cpu);
		kalloc_atomic_leave();
	}
	kalloc_set_mempolicy(MPOL_PREFERRED, 1UL << 2);
	addr = __get_free_pages(GFP_KERNEL, 0);
	assert_int_equal(page_to_nid(virt_to_page((void *)addr)), 2);
	free_pages(addr, 0);
	kalloc_set_cpu(0);
	policy_off(&rig);
}

static void test_refused(void **state)
{
	static const struct {
		int mode;
		unsigned long nodes;
	} rows[] = {
		{ -1, 1 },
		{ MPOL_MAX, 1 },
		{ MPOL_BIND, 0 },
		{ MPOL_PREFERRED, 0 },
		{ MPOL_INTERLEAVE, 0 },
		{ MPOL_PREFERRED_MANY, 0 },
		{ MPOL_BIND, 1UL << 3 },
		{ MPOL_BIND, 1UL << 63 },
		{ MPOL_BIND, 1UL << 1 },
	};
	struct rig rig = rig_up("nr_cpus=3 kalloc.nodes=32M,0,32M");
	unsigned long nodes;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(kalloc_set_mempolicy(rows[i].mode, rows[i].nodes), -EINVAL);
	assert_int_equal(kalloc_get_mempolicy(NULL), MPOL_DEFAULT);
	/* Nodes without memory, or that do not exist, are left out. */
	assert_int_equal(kalloc_set_mempolicy(MPOL_BIND, 0xe), 0);
	assert_int_equal(kalloc_get_mempolicy(&nodes), MPOL_BIND);
	assert_int_equal(nodes, 4);
	assert_int_equal(kalloc_set_mempolicy(MPOL_DEFAULT, 0), 0);
	rig_down(&rig);
}

/* When the nodes of the mask are full: bind fails, the others go on elsewhere. */
static void test_full(void **state)
{
	static const struct {
		int mode;
		int next;
	} rows[] = {
		{ MPOL_BIND, -1 },
		{ MPOL_PREFERRED, 3 },
		{ MPOL_INTERLEAVE, 3 },
		{ MPOL_PREFERRED_MANY, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig rig = rig_up(FOUR_NODES);
		struct list_head taken = LIST_INIT(taken);
		struct page *page;

		kalloc_set_mempolicy(MPOL_BIND, 1UL << 2);
		assert_true(rig_exhaust(&taken, GFP_KERNEL | __GFP_NORETRY, 0) > 7000);
		list_for_each_entry(page, &taken, lru)
			assert_int_equal(page_to_nid(page), 2);
		kalloc_set_mempolicy(rows[i].mode, 1UL << 2);
		assert_int_equal(node_of_next(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN),
				 rows[i].next);
		kalloc_set_mempolicy(MPOL_DEFAULT, 0);
		assert_int_equal(node_of_next(GFP_KERNEL), 0);
		rig_release(&taken, 0);
		policy_off(&rig);
	}
}

/* A node without memory is served by the nearest that has some. */
static void test_memoryless(void **state)
{
	struct rig rig = rig_up("nr_cpus=3 kalloc.nodes=32M,0,32M "
				"kalloc.distance=10,15,30;15,10,12;30,12,10");

	assert_int_equal(rig.m->params.mem_bytes, 64UL << 20);
	assert_int_equal(pages_total(rig.m), (64UL << 8) - PFN_MANAGED);
	kalloc_set_cpu(1);
	assert_int_equal(node_current(rig.m), 1);
	assert_int_equal(node_of_next(GFP_KERNEL), 2);
	assert_null(alloc_pages_node(1, GFP_KERNEL | __GFP_THISNODE, 0));
	assert_int_equal(said_count("page allocation failure: order:0"), 1);
	kalloc_set_cpu(0);
	rig_down(&rig);
}

/* The policy stays with the thread; on a machine with fewer nodes it names fewer. */
static void test_other_machine(void **state)
{
	struct rig rig = rig_up(FOUR_NODES);
	struct kalloc_machine *small = kalloc_boot("mem=32M nr_cpus=1");

	for (int mode = MPOL_PREFERRED; mode < MPOL_MAX; mode++) {
		kalloc_enter(rig.m);
		kalloc_set_mempolicy(mode, mode == MPOL_LOCAL ? 0 : 1UL << 3);
		kalloc_enter(small);
		assert_int_equal(node_of_next(GFP_KERNEL), 0);
	}
	kalloc_enter(rig.m);
	kalloc_halt(small);
	policy_off(&rig);
}

static void test_fallback_order(void **state)
{
	static const struct {
		const char *cmdline;
		int order[4][4];
	} rows[] = {
		/* all alike: the next in turn, but one that is not yet somebody's first */
		{ FOUR_NODES, { { 0, 1, 2, 3 }, { 1, 2, 3, 0 }, { 2, 3, 0, 1 }, { 3, 0, 1, 2 } } },
		{ FOUR_NODES " kalloc.distance=10,30,20,40;30,10,40,20;20,40,10,30;40,20,30,10",
		  { { 0, 2, 1, 3 }, { 1, 3, 0, 2 }, { 2, 0, 3, 1 }, { 3, 1, 2, 0 } } },
		/* nodes 1 and 3 have no CPU: as good as one step nearer */
		{ "nr_cpus=2 kalloc.nodes=32M,32M,32M,32M",
		  { { 0, 1, 3, 2 }, { 1, 3, 2, 0 }, { 2, 3, 1, 0 }, { 3, 1, 0, 2 } } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig rig = rig_up(rows[i].cmdline);

		for (int from = 0; from < 4; from++) {
			int nr = 0, last = -1;

			for (struct zone **at = rig.m->page->nodes[from].fallback; *at; at++) {
				if ((*at)->nid == last)
					continue;
				last = (*at)->nid;
				if (last != rows[i].order[from][nr])
					fail_msg("row %zu: node %d, place %d: %d", i, from, nr,
						 last);
				nr++;
			}
			assert_int_equal(nr, 4);
		}
		rig_down(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),	      cmocka_unit_test(test_refused),
		cmocka_unit_test(test_full),	      cmocka_unit_test(test_memoryless),
		cmocka_unit_test(test_other_machine), cmocka_unit_test(test_fallback_order),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
