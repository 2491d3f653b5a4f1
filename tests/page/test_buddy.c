/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/buddy.c on a zone built by hand, without a machine: splitting
 * ascends, merging makes blocks whole again and stays inside the zone, the tail
 * rule, virgin blocks come in order and are counted, and 20,000 random steps
 * against a model, walking all lists after each one.
 */
#include "rig.h"
#include "rand.h"

#define FRAMES 8192UL
#define SMALL  10u

static struct page *frames;
static struct pageblock blocks[FRAMES >> 4]; /* enough for pageblocks of order 4 */

static void hand(struct buddy *buddy, unsigned long start, unsigned long end,
		 unsigned int max_order)
{
	memset(frames, 0, FRAMES * sizeof(*frames));
	memset(blocks, 0, sizeof(blocks));
	buddy_init(buddy, frames, start, end);
	buddy->blocks = blocks;
	buddy_set_orders(buddy, max_order, min(max_order, (unsigned int)BLOCK_ORDER));
}

static void filled(struct buddy *buddy, unsigned long start, unsigned long end)
{
	hand(buddy, start, end, SMALL);
	buddy_fill(buddy, start, end);
	assert_true(buddy_ok(buddy));
}

static unsigned long take(struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	struct page *page = buddy_take(buddy, order, mt);

	return page ? (unsigned long)(page - frames) : ~0UL;
}

static unsigned long free_frames(const struct buddy *buddy)
{
	unsigned long nr = 0;

	for (unsigned int order = 0; order < BUDDY_ORDERS; order++)
		nr += buddy->area[order].nr_free << order;
	return nr;
}

/* Order by order, how many blocks of [start, end) there are. */
static void test_fill(void **state)
{
	static const struct {
		unsigned long start, end;
		unsigned long nr[SMALL + 1];
	} fills[] = {
		{ 0x100, 0x1000, { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3 } },
		{ 0, 1024, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } },
		{ 1, 1024, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 } },
		{ 1025, 2047, { 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0 } },
		{ 512, 2560, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1 } },
		{ 5, 6, { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fills); i++) {
		struct buddy buddy;

		filled(&buddy, fills[i].start, fills[i].end);
		for (unsigned int order = 0; order <= SMALL; order++) {
			assert_int_equal(buddy.area[order].nr_free, fills[i].nr[order]);
			assert_int_equal(buddy_count(&buddy, order, MIGRATE_MOVABLE),
					 fills[i].nr[order]);
			assert_int_equal(buddy_is_empty(&buddy, order, MIGRATE_MOVABLE),
					 !fills[i].nr[order]);
			assert_true(buddy_is_empty(&buddy, order, MIGRATE_UNMOVABLE));
		}
		assert_int_equal(free_frames(&buddy), fills[i].end - fills[i].start);
	}
}

static void test_split_ascends(void **state)
{
	for (unsigned int order = 0; order <= SMALL; order++) {
		struct buddy buddy;

		filled(&buddy, 0, FRAMES);
		for (unsigned long pfn = 0; pfn < 2048; pfn += 1UL << order)
			assert_int_equal(take(&buddy, order, MIGRATE_MOVABLE), pfn);
		assert_true(buddy_ok(&buddy));
		assert_int_equal(free_frames(&buddy), FRAMES - 2048);
	}
}

/* Taking one frame leaves one block of each smaller order; giving it back none. */
static void test_split_and_merge(void **state)
{
	struct buddy buddy;

	filled(&buddy, 0, 1024);
	assert_int_equal(take(&buddy, 0, MIGRATE_MOVABLE), 0);
	assert_int_equal(frame_type(frames), MIGRATE_MOVABLE);
	assert_false(frame_is_free(frames));
	assert_null(frames[0].buddy_list.next);
	for (unsigned int order = 0; order < SMALL; order++) {
		assert_int_equal(buddy.area[order].nr_free, 1);
		assert_ptr_equal(buddy_first(&buddy, order, MIGRATE_MOVABLE),
				 frames + (1UL << order));
		assert_int_equal(frame_order(frames + (1UL << order)), order);
	}
	assert_int_equal(buddy.area[SMALL].nr_free, 0);
	assert_int_equal(buddy_give(&buddy, 0, 0, MIGRATE_MOVABLE, BUDDY_AUTO), SMALL);
	assert_int_equal(buddy.area[SMALL].nr_free, 1);
	assert_true(buddy_ok(&buddy));

	/* Not from another type's lists, not more than there is. */
	assert_int_equal(take(&buddy, 0, MIGRATE_UNMOVABLE), ~0UL);
	assert_int_equal(take(&buddy, SMALL, MIGRATE_MOVABLE), 0);
	assert_int_equal(take(&buddy, 0, MIGRATE_MOVABLE), ~0UL);
}

/* The first free block of a type is the last one given, and the smallest that will do. */
static void test_head_first(void **state)
{
	struct buddy buddy;

	hand(&buddy, 0, FRAMES, SMALL);
	buddy_give(&buddy, 16, 2, MIGRATE_UNMOVABLE, BUDDY_AUTO);
	buddy_give(&buddy, 48, 2, MIGRATE_UNMOVABLE, BUDDY_AUTO);
	buddy_give(&buddy, 128, 4, MIGRATE_UNMOVABLE, BUDDY_AUTO);
	buddy_give(&buddy, 80, 2, MIGRATE_UNMOVABLE, BUDDY_TAIL);
	assert_int_equal(take(&buddy, 2, MIGRATE_UNMOVABLE), 48);
	assert_int_equal(take(&buddy, 1, MIGRATE_UNMOVABLE), 16);
	assert_int_equal(take(&buddy, 1, MIGRATE_UNMOVABLE), 18);
	assert_int_equal(take(&buddy, 2, MIGRATE_UNMOVABLE), 80);
	assert_int_equal(take(&buddy, 2, MIGRATE_UNMOVABLE), 128);
	assert_int_equal(take(&buddy, 3, MIGRATE_UNMOVABLE), 136);
}

/* A block whose parent's buddy is free goes to the tail, up to two orders below the largest. */
static void test_tail_rule(void **state)
{
	for (unsigned int order = 0; order < SMALL; order++) {
		unsigned long size = 1UL << order;
		unsigned long far = 2048; /* a block of the same list with no free relatives */
		struct buddy buddy;

		hand(&buddy, 0, FRAMES, SMALL);
		for (unsigned long pfn = 0; pfn < FRAMES; pfn++)
			frame_build(frames + pfn, 1, 0);
		buddy_give(&buddy, far, order, MIGRATE_MOVABLE, BUDDY_AUTO);
		/* [2s, 4s) is free: block 0 of order o has a free parent's buddy. */
		buddy_give(&buddy, 2 * size, order + 1, MIGRATE_MOVABLE, BUDDY_AUTO);
		assert_int_equal(buddy_give(&buddy, 0, order, MIGRATE_MOVABLE, BUDDY_AUTO), order);
		assert_int_equal(take(&buddy, order, MIGRATE_MOVABLE), order + 1 < SMALL ? far : 0);
	}
}

/* Pageblocks of a type that stands apart keep to themselves; smaller blocks merge. */
static void test_merge_types(void **state)
{
	static const struct {
		enum migratetype left, right;
		bool merge;
	} pairs[] = {
		{ MIGRATE_MOVABLE, MIGRATE_MOVABLE, true },
		{ MIGRATE_MOVABLE, MIGRATE_UNMOVABLE, true },
		{ MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE, true },
		{ MIGRATE_HIGHATOMIC, MIGRATE_HIGHATOMIC, true },
		{ MIGRATE_HIGHATOMIC, MIGRATE_MOVABLE, false },
		{ MIGRATE_MOVABLE, MIGRATE_HIGHATOMIC, false },
		{ MIGRATE_ISOLATE, MIGRATE_UNMOVABLE, false },
		{ MIGRATE_ISOLATE, MIGRATE_HIGHATOMIC, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct buddy buddy;

		hand(&buddy, 0, FRAMES, SMALL);
		frame_build(frames, FRAMES, 0);
		block_set_type(&buddy, 0, pairs[i].left);
		block_set_type(&buddy, 512, pairs[i].right);
		assert_int_equal(block_type(&buddy, 511), pairs[i].left);
		assert_int_equal(block_type(&buddy, 512), pairs[i].right);
		assert_int_equal(block_type(&buddy, 1024), MIGRATE_MOVABLE);
		buddy_give(&buddy, 0, 9, pairs[i].left, BUDDY_AUTO);
		assert_int_equal(buddy_give(&buddy, 512, 9, pairs[i].right, BUDDY_AUTO),
				 pairs[i].merge ? 10 : 9);
		assert_true(buddy_ok(&buddy));
	}
}

/* Free frames on the other side of a zone's edge belong to another zone. */
static void test_zone_edges(void **state)
{
	struct buddy low, high;

	hand(&low, 0, 1032, SMALL);
	frame_build(frames, FRAMES, 0);
	buddy_init(&high, frames, 1032, FRAMES);
	high.blocks = blocks;
	buddy_set_orders(&high, SMALL, BLOCK_ORDER);

	buddy_give(&low, 1024, 3, MIGRATE_MOVABLE, BUDDY_AUTO);
	assert_int_equal(buddy_give(&high, 1032, 3, MIGRATE_MOVABLE, BUDDY_AUTO), 3);
	assert_int_equal(take(&low, 3, MIGRATE_MOVABLE), 1024);
	assert_int_equal(buddy_give(&low, 1024, 3, MIGRATE_MOVABLE, BUDDY_AUTO), 3);
	assert_true(buddy_ok(&low));
	assert_true(buddy_ok(&high));
}

static unsigned long nr_built(unsigned long start, unsigned long end)
{
	unsigned long nr = 0;

	for (unsigned long pfn = start; pfn < end; pfn++)
		nr += frames[pfn].page_type != 0;
	return nr;
}

/* Of a free block the first group is built, of one that is taken all; nothing twice. */
static void test_groups(void **state)
{
	struct buddy buddy;

	filled(&buddy, 0, FRAMES);
	assert_int_equal(nr_built(0, FRAMES), 0);
	assert_int_equal(take(&buddy, 0, MIGRATE_MOVABLE), 0);
	/* Blocks of 64, 128, 256 and 512 frames are left, and smaller ones. */
	assert_int_equal(nr_built(0, 1024), 5 * GROUP_SIZE);
	for (unsigned long pfn = 64; pfn < 1024; pfn *= 2)
		assert_int_equal(nr_built(pfn, pfn + GROUP_SIZE), GROUP_SIZE);
	frames[256].flags |= FRAME_LAST_CPU;
	assert_int_equal(take(&buddy, 8, MIGRATE_MOVABLE), 256);
	assert_int_equal(nr_built(256, 512), 256);
	assert_true(frames[256].flags & FRAME_LAST_CPU);
	assert_true(buddy_ok(&buddy));

	buddy_take_block(&buddy, frames + 512);
	assert_int_equal(nr_built(512, 1024), 512);
	assert_int_equal(take(&buddy, SMALL, MIGRATE_MOVABLE), 1024);
	assert_int_equal(nr_built(1024, 2048), 1024);
	assert_int_equal(nr_built(2048, FRAMES), 0);
	assert_true(buddy_ok(&buddy));

	/* A block that merged of parts that are built and parts that are not. */
	filled(&buddy, 0, FRAMES);
	assert_int_equal(take(&buddy, 7, MIGRATE_MOVABLE), 0);
	assert_int_equal(buddy_give(&buddy, 0, 7, MIGRATE_MOVABLE, BUDDY_AUTO), SMALL);
	assert_int_equal(nr_built(0, 1024), 5 * GROUP_SIZE);
	assert_int_equal(take(&buddy, 9, MIGRATE_MOVABLE), 0);
	assert_int_equal(nr_built(0, 512), 512);
	assert_int_equal(nr_built(512, 1024), GROUP_SIZE);
}

/* Where a zone ends within a group its frames are built, and the next zone's are not. */
static void test_group_cut(void **state)
{
	struct buddy buddy;

	filled(&buddy, 1000, 2090);
	assert_int_equal(nr_built(0, 1000), 0);
	assert_int_equal(nr_built(1000, 1024), 24);
	assert_int_equal(nr_built(2048, 2090), 42);
	assert_int_equal(nr_built(2090, FRAMES), 0);
	for (unsigned long pfn = 1000; pfn < 1024; pfn++)
		assert_int_not_equal(take(&buddy, 0, MIGRATE_MOVABLE), ~0UL);
	assert_true(buddy_ok(&buddy));
}

/* At an edge where the block has no buddy in the zone, its parent's buddy may yet be there. */
static void test_tail_rule_at_edges(void **state)
{
	struct buddy buddy;

	hand(&buddy, 0, 1048, SMALL);
	frame_build(frames, FRAMES, 0);
	buddy_give(&buddy, 1024, 4, MIGRATE_MOVABLE, BUDDY_AUTO);
	buddy_give(&buddy, 512, 3, MIGRATE_MOVABLE, BUDDY_AUTO);
	buddy_give(&buddy, 1040, 3, MIGRATE_MOVABLE, BUDDY_AUTO);
	assert_int_equal(take(&buddy, 3, MIGRATE_MOVABLE), 512);
	assert_int_equal(take(&buddy, 3, MIGRATE_MOVABLE), 1040);

	hand(&buddy, 1032, FRAMES, SMALL);
	frame_build(frames, FRAMES, 0);
	buddy_give(&buddy, 1040, 4, MIGRATE_MOVABLE, BUDDY_AUTO);
	buddy_give(&buddy, 2048, 3, MIGRATE_MOVABLE, BUDDY_AUTO);
	buddy_give(&buddy, 1032, 3, MIGRATE_MOVABLE, BUDDY_AUTO);
	assert_int_equal(take(&buddy, 3, MIGRATE_MOVABLE), 2048);
	assert_int_equal(take(&buddy, 3, MIGRATE_MOVABLE), 1032);
}

/* Untouched until wanted; in ascending order; behind what is listed; one at a time. */
static void test_virgin(void **state)
{
	struct buddy buddy;

	filled(&buddy, 1024, FRAMES);
	assert_true(buddy_has_virgin(&buddy));
	assert_true(buddy_is_virgin(&buddy, 1024));
	assert_true(buddy_is_virgin(&buddy, FRAMES - 1));
	assert_false(buddy_is_virgin(&buddy, 1023));
	assert_false(buddy_is_virgin(&buddy, FRAMES));
	for (unsigned long pfn = 1024; pfn < FRAMES; pfn += 1024) {
		assert_int_equal(frames[pfn].page_type, 0);
		assert_int_equal(buddy_count(&buddy, SMALL, MIGRATE_MOVABLE),
				 (FRAMES - pfn) / 1024);
		assert_int_equal(buddy.area[SMALL].nr_free, (FRAMES - pfn) / 1024);
		assert_int_equal(take(&buddy, SMALL, MIGRATE_MOVABLE), pfn);
		assert_false(buddy_is_virgin(&buddy, pfn));
		assert_int_equal(frames[pfn + 1023].page_type, FRAME_TYPE_NONE);
		assert_true(buddy_ok(&buddy));
	}
	assert_false(buddy_has_virgin(&buddy));
	assert_int_equal(take(&buddy, SMALL, MIGRATE_MOVABLE), ~0UL);

	/* A block given back is handed out again before the next virgin one. */
	filled(&buddy, 0, FRAMES);
	assert_int_equal(take(&buddy, SMALL, MIGRATE_MOVABLE), 0);
	buddy_give(&buddy, 0, SMALL, MIGRATE_MOVABLE, BUDDY_AUTO);
	assert_int_equal(take(&buddy, SMALL, MIGRATE_MOVABLE), 0);
	assert_int_equal(take(&buddy, SMALL, MIGRATE_MOVABLE), 1024);
}

/* The walk sees what is wrong: a flag, an order, a count, two buddies left apart. */
static void test_ok_can_fail(void **state)
{
	struct buddy buddy;

	filled(&buddy, 0, 2048);
	take(&buddy, 0, MIGRATE_MOVABLE);
	assert_true(buddy_ok(&buddy));
	frames[4].page_type = FRAME_TYPE_NONE;
	assert_false(buddy_ok(&buddy));
	frame_set_free(frames + 4, 3);
	assert_false(buddy_ok(&buddy));
	frame_set_free(frames + 4, 2);
	assert_true(buddy_ok(&buddy));
	buddy.area[2].nr_free++;
	assert_false(buddy_ok(&buddy));
	buddy.area[2].nr_free--;

	frame_set_free(frames, 0);
	list_add(&frames[0].buddy_list, &buddy.area[0].list[MIGRATE_MOVABLE]);
	buddy.area[0].nr_free++;
	assert_false(buddy_ok(&buddy));
}

struct block {
	unsigned long pfn;
	unsigned int order;
};

/* Mark or clear the frames of a block in the model; each must have been the other way. */
static void model_set(bool *used, const struct block *block, bool value)
{
	for (unsigned long i = 0; i < 1UL << block->order; i++) {
		assert_int_equal(used[block->pfn + i], !value);
		used[block->pfn + i] = value;
	}
}

static void random_steps(u64 seed, unsigned int max_order)
{
	static bool used[FRAMES];
	static struct block live[FRAMES];
	const unsigned long start = 100, end = FRAMES - 700;
	struct rand rand = { seed };
	unsigned long nr_live = 0, nr_used = 0;
	struct buddy buddy;

	hand(&buddy, start, end, max_order);
	memset(used, 0, sizeof(used));
	buddy_fill(&buddy, start, end);
	for (int step = 0; step < 10000; step++) {
		unsigned int order = min(rand_below(&rand, 5) * rand_below(&rand, 3), max_order);
		struct block block = { take(&buddy, order, MIGRATE_MOVABLE), order };

		/* Steps lean towards taking, then towards giving, so that it fills and empties. */
		if (rand_below(&rand, 8) < (step / 1000 % 2 ? 2u : 6u) && block.pfn != ~0UL) {
			assert_in_range(block.pfn, start, end - 1);
			assert_int_equal(block.pfn % (1UL << order), 0);
			model_set(used, &block, true);
			live[nr_live++] = block;
			nr_used += 1UL << order;
		} else {
			if (block.pfn != ~0UL)
				buddy_give(&buddy, block.pfn, order, MIGRATE_MOVABLE, BUDDY_AUTO);
			if (!nr_live)
				continue;
			order = rand_below(&rand, (u32)nr_live);
			block = live[order];
			live[order] = live[--nr_live];
			model_set(used, &block, false);
			nr_used -= 1UL << block.order;
			buddy_give(&buddy, block.pfn, block.order, MIGRATE_MOVABLE,
				   step & 1 ? BUDDY_AUTO : BUDDY_TAIL);
		}
		assert_int_equal(free_frames(&buddy), end - start - nr_used);
		if (!under_valgrind() || step % 100 == 0)
			assert_true(buddy_ok(&buddy));
	}
	while (nr_live--)
		buddy_give(&buddy, live[nr_live].pfn, live[nr_live].order, MIGRATE_MOVABLE,
			   BUDDY_AUTO);
	assert_true(buddy_ok(&buddy));
	assert_int_equal(free_frames(&buddy), end - start);
	/* All merged: no order has more blocks than the two ragged ends make. */
	for (unsigned int order = 0; order < max_order; order++)
		assert_in_range(buddy.area[order].nr_free, 0, 2);
}

static void test_random(void **state)
{
	random_steps(1, SMALL);
	random_steps(2, 4);
}

static int up(void **state)
{
	frames = calloc(FRAMES, sizeof(*frames));
	return !frames;
}

static int down(void **state)
{
	free(frames);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_split_ascends),
		cmocka_unit_test(test_split_and_merge),
		cmocka_unit_test(test_head_first),
		cmocka_unit_test(test_tail_rule),
		cmocka_unit_test(test_merge_types),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_group_cut),
		cmocka_unit_test(test_zone_edges),
		cmocka_unit_test(test_tail_rule_at_edges),
		cmocka_unit_test(test_virgin),
		cmocka_unit_test(test_ok_can_fail),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, up, down);
}
