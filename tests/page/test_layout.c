/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/layout.c: where the zones of machines from 4 MiB to 8 GiB lie and
 * how many frames of them are memory, the split at 3.5 GiB, nodes, highmem=,
 * movablecore=, and what is refused. Nothing boots here.
 */
#include "rig.h"

#define M (1UL << 20)
#define G (1UL << 30)

static const struct machine_params plain = { .nr_nodes = 1, .nr_cpus = 1, .max_order = 10 };

struct row {
	unsigned long mem, highmem, movable;
	unsigned int nr_nodes;
	struct {
		unsigned int nid;
		enum zone_type type;
		unsigned long start, end, present;
	} zone[8];
};

/* Every zone that is not named is empty. */
static const struct row rows[] = {
	/* What a 16 MiB zone DMA spans and holds is Linux's own 4095 and 3998. */
	{ 4 * M, 0, 0, 1, { { 0, ZONE_DMA, 1, 0x400, 158 + 768 } } },
	{ 16 * M, 0, 0, 1, { { 0, ZONE_DMA, 1, 0x1000, 3998 } } },
	{ 128 * M,
	  0,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 }, { 0, ZONE_DMA32, 0x1000, 0x8000, 28672 } } },
	{ 512 * M,
	  0,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 }, { 0, ZONE_DMA32, 0x1000, 0x20000, 126976 } } },
	{ 2 * G,
	  0,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 }, { 0, ZONE_DMA32, 0x1000, 0x80000, 520192 } } },
	/* The last size that is not split, and the first that is. */
	{ 3584 * M - PAGE_SIZE,
	  0,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 }, { 0, ZONE_DMA32, 0x1000, 0xdffff, 0xdefff } } },
	{ 3584 * M,
	  0,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0xc0000, 782336 },
	    { 0, ZONE_NORMAL, 0x100000, 0x120000, 0x20000 } } },
	{ 4 * G,
	  0,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0xc0000, 782336 },
	    { 0, ZONE_NORMAL, 0x100000, 0x140000, 262144 } } },
	{ 8 * G,
	  0,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0xc0000, 782336 },
	    { 0, ZONE_NORMAL, 0x100000, 0x240000, 0x140000 } } },
	/* Nodes: equal shares of memory, the hole not counted. */
	{ 512 * M,
	  0,
	  0,
	  2,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0x10000, 0xf000 },
	    { 1, ZONE_DMA32, 0x10000, 0x20000, 0x10000 } } },
	{ 8 * G,
	  0,
	  0,
	  2,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0xc0000, 782336 },
	    { 0, ZONE_NORMAL, 0x100000, 0x140000, 0x40000 },
	    { 1, ZONE_NORMAL, 0x140000, 0x240000, 0x100000 } } },
	/* Shares are whole blocks; the last node has the rest. */
	{ 100 * M,
	  0,
	  0,
	  3,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0x2000, 0x1000 },
	    { 1, ZONE_DMA32, 0x2000, 0x4000, 0x2000 },
	    { 2, ZONE_DMA32, 0x4000, 0x6400, 0x2400 } } },
	/* highmem= takes the top of memory. */
	{ 512 * M,
	  128 * M,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0x18000, 0x17000 },
	    { 0, ZONE_HIGHMEM, 0x18000, 0x20000, 0x8000 } } },
	{ 512 * M,
	  128 * M,
	  0,
	  2,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0x10000, 0xf000 },
	    { 1, ZONE_DMA32, 0x10000, 0x18000, 0x8000 },
	    { 1, ZONE_HIGHMEM, 0x18000, 0x20000, 0x8000 } } },
	{ 8 * G,
	  1 * G,
	  0,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0xc0000, 782336 },
	    { 0, ZONE_NORMAL, 0x100000, 0x200000, 0x100000 },
	    { 0, ZONE_HIGHMEM, 0x200000, 0x240000, 0x40000 } } },
	/* movablecore= takes the top of each node's highest zone, in whole blocks. */
	{ 512 * M,
	  0,
	  64 * M + PAGE_SIZE,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0x1c000, 0x1b000 },
	    { 0, ZONE_MOVABLE, 0x1c000, 0x20000, 0x4000 } } },
	{ 512 * M,
	  0,
	  64 * M,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0x1c000, 0x1b000 },
	    { 0, ZONE_MOVABLE, 0x1c000, 0x20000, 0x4000 } } },
	{ 512 * M,
	  0,
	  64 * M,
	  2,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0xe000, 0xd000 },
	    { 0, ZONE_MOVABLE, 0xe000, 0x10000, 0x2000 },
	    { 1, ZONE_DMA32, 0x10000, 0x1e000, 0xe000 },
	    { 1, ZONE_MOVABLE, 0x1e000, 0x20000, 0x2000 } } },
	{ 8 * G,
	  0,
	  6 * G,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0xc0000, 782336 },
	    { 0, ZONE_MOVABLE, 0x100000, 0x240000, 0x140000 } } },
	{ 512 * M,
	  128 * M,
	  64 * M,
	  1,
	  { { 0, ZONE_DMA, 1, 0x1000, 3998 },
	    { 0, ZONE_DMA32, 0x1000, 0x18000, 0x17000 },
	    { 0, ZONE_HIGHMEM, 0x18000, 0x1c000, 0x4000 },
	    { 0, ZONE_MOVABLE, 0x1c000, 0x20000, 0x4000 } } },
};

static void zone_compare(const struct row *row, const struct layout *layout, unsigned int nid,
			 int type)
{
	const struct layout_zone *range = &layout->zone[nid][type];

	for (size_t i = 0; i < ARRAY_SIZE(row->zone); i++) {
		if (row->zone[i].end == 0 || row->zone[i].nid != nid ||
		    (int)row->zone[i].type != type)
			continue;
		assert_int_equal(range->start, row->zone[i].start);
		assert_int_equal(range->end, row->zone[i].end);
		assert_int_equal(layout_present(layout, range->start, range->end),
				 row->zone[i].present);
		return;
	}
	assert_int_equal(range->start, range->end);
}

static void test_zones(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct machine_params params = plain;
		struct layout layout;
		unsigned long present = 0;

		params.mem_bytes = rows[i].mem;
		params.highmem_bytes = rows[i].highmem;
		params.movablecore_bytes = rows[i].movable;
		params.nr_nodes = rows[i].nr_nodes;
		assert_int_equal(layout_of(&params, &layout), 0);
		assert_int_equal(layout.nr_nodes, rows[i].nr_nodes);
		for (unsigned int nid = 0; nid < layout.nr_nodes; nid++) {
			for (int type = 0; type < MAX_NR_ZONES; type++) {
				const struct layout_zone *zone = &layout.zone[nid][type];

				zone_compare(&rows[i], &layout, nid, type);
				present += layout_present(&layout, zone->start, zone->end);
			}
		}
		/* Every frame of memory is in one zone: all but frame 0 and the low hole. */
		assert_int_equal(present, (rows[i].mem >> PAGE_SHIFT) - 1 - (0x100 - 0x9f));
	}
}

/* Frame 0, the hole below 1 MiB, the hole below 4 GiB and what is past the end. */
static void test_present(void **state)
{
	static const struct {
		unsigned long pfn;
		bool present;
	} frames[] = {
		{ 0, false },	    { 1, true },	{ 0x9e, true },	    { 0x9f, false },
		{ 0xff, false },    { 0x100, true },	{ 0xbffff, true },  { 0xc0000, false },
		{ 0xfffff, false }, { 0x100000, true }, { 0x13ffff, true }, { 0x140000, false },
	};
	struct machine_params params = plain;
	struct layout layout;

	params.mem_bytes = 4 * G;
	assert_int_equal(layout_of(&params, &layout), 0);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		assert_int_equal(layout_present(&layout, frames[i].pfn, frames[i].pfn + 1),
				 frames[i].present);
	assert_int_equal(layout_present(&layout, 0x9e, 0x102), 3);
	assert_int_equal(layout_present(&layout, 0xbffff, 0x100001), 2);
	assert_int_equal(layout_present(&layout, 5, 5), 0);
}

static void test_managed(void **state)
{
	struct rig rig = rig_up("mem=32M nr_cpus=1");
	struct zone *dma = rig_zone(&rig, 0, ZONE_DMA), *dma32 = rig_zone(&rig, 0, ZONE_DMA32);

	assert_int_equal(dma->zone_start_pfn, 1);
	assert_int_equal(dma->spanned_pages, 4095);
	assert_int_equal(dma->present_pages, 3998);
	assert_int_equal(dma->managed_pages, 3840);
	assert_int_equal(dma32->zone_start_pfn, 4096);
	assert_int_equal(dma32->managed_pages, 4096);
	assert_false(zone_is_populated(rig_zone(&rig, 0, ZONE_NORMAL)));
	assert_int_equal(pages_total(rig.m), 3840 + 4096);
	rig_down(&rig);
}

static size_t cut_bytes(const struct machine_params *params)
{
	struct kalloc_machine m = { .params = *params };
	struct tables measured = tables_to_measure();

	page_measure(&m, &measured);
	return tables_bytes(&measured);
}

/* A node's share is rounded down to whole blocks and must hold more than the first MiB. */
static void test_nodes_too_small(void **state)
{
	static const struct {
		unsigned long mem, nr_nodes, max_order;
		int err;
	} nodes[] = {
		{ 8 * M, 2, 10, 0 },
		{ 4 * M, 2, 10, -EINVAL },
		{ 512 * M, 64, 10, 0 },
		{ 200 * M, 64, 10, -EINVAL },
		{ 512 * M, 2, 16, 0 },
		{ 512 * M, 2, 17, -EINVAL },
		{ 512 * M, 1, 18, 0 },
		{ 4 * M, 2, 9, 0 },
		{ 4 * M - PAGE_SIZE, 2, 9, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		struct machine_params params = plain;
		struct layout layout;

		params.mem_bytes = nodes[i].mem;
		params.nr_nodes = nodes[i].nr_nodes;
		params.max_order = nodes[i].max_order;
		assert_int_equal(layout_of(&params, &layout), nodes[i].err);
		if (nodes[i].err) {
			assert_int_equal(page_linear_bytes(&params), 0);
			assert_int_equal(cut_bytes(&params), 0);
		}
	}
}

/* The linear space ends where HIGHMEM starts; the tables cover every frame. */
static void test_bytes(void **state)
{
	struct machine_params params = plain;

	params.mem_bytes = 4 * G;
	assert_int_equal(page_linear_bytes(&params), 5 * G);
	assert_int_equal(page_slots_bytes(&params), 0);
	assert_in_range(cut_bytes(&params), (5 * G >> PAGE_SHIFT) * 64, (5 * G >> PAGE_SHIFT) * 65);
	params.highmem_bytes = 512 * M;
	assert_int_equal(page_linear_bytes(&params), 5 * G - 512 * M);
	assert_in_range(page_slots_bytes(&params), 512 * PAGE_SIZE, 1024 * PAGE_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones),	cmocka_unit_test(test_present),
		cmocka_unit_test(test_managed), cmocka_unit_test(test_nodes_too_small),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
