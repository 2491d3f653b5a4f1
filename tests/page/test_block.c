/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/block.c on a zone built by hand: which type is fallen back to and
 * which block of it, when a steal retypes its pageblock and what it moves, the boost
 * that a partial steal leaves, and the high-atomic reserve with its cap.
 */
#include "rig.h"

#define FRAMES 8192UL
#define BLOCK  512UL

static struct zone zone;
static struct page *frames;
static struct pageblock blocks[FRAMES / BLOCK];
static struct page_room *room;
static struct kalloc_machine nobody; /* who wants to hear of nothing */

/* A zone with every frame in use. */
static void hand(void)
{
	memset(frames, 0, FRAMES * sizeof(*frames));
	frame_build(frames, FRAMES, 0);
	memset(blocks, 0, sizeof(blocks));
	memset(&zone, 0, sizeof(zone));
	room->watermark_boost_factor = 15000;
	zone.room = room;
	zone.spanned_pages = zone.managed_pages = FRAMES;
	zone._watermark[WMARK_HIGH] = 500;
	buddy_init(&zone.buddy, frames, 0, FRAMES);
	zone.buddy.blocks = blocks;
	buddy_set_orders(&zone.buddy, 10, BLOCK_ORDER);
	lock_init(&zone.lock, RANK_ZONE);
}

static void give(unsigned long pfn, unsigned int order, enum migratetype mt)
{
	buddy_give(&zone.buddy, pfn, order, mt, BUDDY_AUTO);
}

/* pfn of the first block of a list, -1 if it is empty. */
static long first(unsigned int order, enum migratetype mt)
{
	struct page *page = buddy_first(&zone.buddy, order, mt);

	return page ? page - frames : -1;
}

static void test_fallback_order(void **state)
{
	static const struct {
		enum migratetype mt, best, second;
	} rows[] = {
		{ MIGRATE_UNMOVABLE, MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
		{ MIGRATE_MOVABLE, MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
		{ MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		hand();
		block_set_type(&zone.buddy, 0, rows[i].best);
		block_set_type(&zone.buddy, 1024, rows[i].second);
		give(0, 9, rows[i].best);
		give(1024, 9, rows[i].second);
		assert_true(block_fall_back(&zone, 0, rows[i].mt, 0));
		assert_int_equal(first(9, rows[i].mt), 0);
		assert_int_equal(first(9, rows[i].second), 1024);

		/* The best is used up now: the second, then nothing. */
		buddy_take(&zone.buddy, 9, rows[i].mt);
		assert_true(block_fall_back(&zone, 0, rows[i].mt, 0));
		assert_int_equal(first(9, rows[i].mt), 1024);
		buddy_take(&zone.buddy, 9, rows[i].mt);
		assert_false(block_fall_back(&zone, 0, rows[i].mt, 0));
	}
}

/* What is set apart is no type to fall back to, and a block must be large enough. */
static void test_fallback_none(void **state)
{
	hand();
	block_set_type(&zone.buddy, 0, MIGRATE_HIGHATOMIC);
	block_set_type(&zone.buddy, 1024, MIGRATE_ISOLATE);
	give(0, 9, MIGRATE_HIGHATOMIC);
	give(1024, 9, MIGRATE_ISOLATE);
	give(2048, 3, MIGRATE_RECLAIMABLE);
	for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++)
		assert_false(block_fall_back(&zone, 4, (enum migratetype)mt, 0));
}

/* The largest block, even of the second-best type; without may-claim the smallest. */
static void test_which_block(void **state)
{
	hand();
	block_set_type(&zone.buddy, 0, MIGRATE_RECLAIMABLE);
	give(0, 3, MIGRATE_RECLAIMABLE);
	give(1024, 6, MIGRATE_MOVABLE);
	give(2048, 7, MIGRATE_MOVABLE);
	assert_true(block_fall_back(&zone, 0, MIGRATE_UNMOVABLE, 0));
	assert_int_equal(first(7, MIGRATE_UNMOVABLE), 2048);

	/* Movable claims from order 4 up. Below that it takes the smallest that will do. */
	for (unsigned int largest = 3; largest <= 4; largest++) {
		hand();
		block_set_type(&zone.buddy, 0, MIGRATE_UNMOVABLE);
		block_set_type(&zone.buddy, 1024, MIGRATE_UNMOVABLE);
		give(0, largest, MIGRATE_UNMOVABLE);
		give(1024, 1, MIGRATE_UNMOVABLE);
		give(1032, 2, MIGRATE_UNMOVABLE);
		assert_true(block_fall_back(&zone, 1, MIGRATE_MOVABLE, 0));
		assert_int_equal(first(1, MIGRATE_MOVABLE), largest < 4 ? 1024 : -1);
		assert_int_equal(first(largest, MIGRATE_MOVABLE), largest < 4 ? -1 : 0);
		/* Nothing else of that pageblock went along. */
		assert_int_equal(first(2, MIGRATE_UNMOVABLE), 1032);
		assert_int_equal(block_type(&zone.buddy, 1024), MIGRATE_UNMOVABLE);
	}
}

static void test_no_fragment(void **state)
{
	hand();
	give(0, 8, MIGRATE_MOVABLE);
	assert_false(block_fall_back(&zone, 0, MIGRATE_UNMOVABLE, ALLOC_NOFRAGMENT));
	assert_int_equal(first(8, MIGRATE_MOVABLE), 0);
	give(512, 9, MIGRATE_MOVABLE);
	assert_true(block_fall_back(&zone, 0, MIGRATE_UNMOVABLE, ALLOC_NOFRAGMENT));
	assert_int_equal(first(9, MIGRATE_UNMOVABLE), 512);
	assert_int_equal(zone.watermark_boost, 0);
}

/* Whole pageblocks change type, all that the block covers, and nothing is boosted. */
static void test_steal_whole(void **state)
{
	hand();
	give(1024, 10, MIGRATE_MOVABLE);
	assert_true(block_fall_back(&zone, 0, MIGRATE_RECLAIMABLE, ALLOC_KSWAPD));
	assert_int_equal(first(10, MIGRATE_RECLAIMABLE), 1024);
	assert_int_equal(block_type(&zone.buddy, 1023), MIGRATE_MOVABLE);
	assert_int_equal(block_type(&zone.buddy, 1024), MIGRATE_RECLAIMABLE);
	assert_int_equal(block_type(&zone.buddy, 1536), MIGRATE_RECLAIMABLE);
	assert_int_equal(block_type(&zone.buddy, 2048), MIGRATE_MOVABLE);
	assert_int_equal(zone.watermark_boost, 0);
	assert_int_equal(zone.flags, 0);
}

/*
 * A pageblock with some free frames and some movable ones in use is stolen from:
 * its free frames change lists in any case, its type from half of it on.
 */
static void test_steal_part(void **state)
{
	static const struct {
		enum migratetype mt, old;
		unsigned int nr_free, nr_movable;
		bool retyped;
	} rows[] = {
		/* From movable, all that is used and not movable counts as ours. */
		{ MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, 64, 0, true },
		{ MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, 64, 256, true },
		{ MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, 64, 257, false },
		{ MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE, 1, 256, true },
		{ MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE, 1, 257, false },
		/* Between the other two, only what is free. */
		{ MIGRATE_UNMOVABLE, MIGRATE_RECLAIMABLE, 256, 0, true },
		{ MIGRATE_UNMOVABLE, MIGRATE_RECLAIMABLE, 255, 257, false },
		{ MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE, 256, 0, true },
		{ MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE, 255, 0, false },
		/* Movable counts its own. */
		{ MIGRATE_MOVABLE, MIGRATE_UNMOVABLE, 64, 192, true },
		{ MIGRATE_MOVABLE, MIGRATE_UNMOVABLE, 64, 191, false },
		{ MIGRATE_MOVABLE, MIGRATE_RECLAIMABLE, 255, 1, true },
		{ MIGRATE_MOVABLE, MIGRATE_RECLAIMABLE, 255, 0, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned long nr_free = rows[i].nr_free, pfn = 1024;

		hand();
		block_set_type(&zone.buddy, 1024, rows[i].old);
		for (int order = 8; order >= 0; order--) {
			if (!(nr_free >> order & 1))
				continue;
			give(pfn, (unsigned int)order, rows[i].old);
			pfn += 1UL << order;
		}
		for (unsigned long n = 0; n < rows[i].nr_movable; n++)
			frames[1535 - n].flags |= PG_LRU;

		assert_true(block_fall_back(&zone, 0, rows[i].mt, 0));
		assert_int_equal(block_type(&zone.buddy, 1024),
				 rows[i].retyped ? rows[i].mt : rows[i].old);
		assert_int_equal(zone.watermark_boost, 512);
		for (unsigned int order = 0; order <= 8; order++) {
			assert_int_equal(first(order, rows[i].old), -1);
			assert_int_equal(first(order, rows[i].mt) >= 0, nr_free >> order & 1);
		}
		assert_int_equal(block_type(&zone.buddy, 512), MIGRATE_MOVABLE);
		assert_int_equal(block_type(&zone.buddy, 1536), MIGRATE_MOVABLE);
	}
}

/* What moves goes behind what is there, in ascending order. */
static void test_moves_to_tail(void **state)
{
	unsigned long movable = 0;

	hand();
	block_set_type(&zone.buddy, 4096, MIGRATE_UNMOVABLE);
	give(4096, 2, MIGRATE_UNMOVABLE);
	give(1064, 2, MIGRATE_MOVABLE);
	give(1048, 2, MIGRATE_MOVABLE);
	give(1032, 2, MIGRATE_MOVABLE);
	give(2048, 2, MIGRATE_MOVABLE);
	frames[1030].flags |= PG_LRU;
	frames[2060].flags |= PG_LRU;
	assert_int_equal(block_move_free(&zone, 1099, MIGRATE_UNMOVABLE, &movable), 12);
	assert_int_equal(movable, 1);
	for (int i = 0; i < 4; i++) {
		static const long order[] = { 4096, 1032, 1048, 1064 };

		assert_int_equal(buddy_take(&zone.buddy, 2, MIGRATE_UNMOVABLE) - frames, order[i]);
	}
	assert_int_equal(first(2, MIGRATE_MOVABLE), 2048);
}

/* A pageblock that the zone's end cuts cannot be claimed: the block alone moves. */
static void test_zone_end(void **state)
{
	unsigned long movable = 7;

	hand();
	zone.spanned_pages = 1024 + 300;
	zone.buddy.end_pfn = 1024 + 300;
	give(1024, 6, MIGRATE_MOVABLE);
	give(1280, 4, MIGRATE_MOVABLE);
	assert_int_equal(block_move_free(&zone, 1024, MIGRATE_UNMOVABLE, &movable), 0);
	assert_int_equal(movable, 0);
	assert_true(block_fall_back(&zone, 0, MIGRATE_UNMOVABLE, 0));
	assert_int_equal(first(6, MIGRATE_UNMOVABLE), 1024);
	assert_int_equal(first(4, MIGRATE_MOVABLE), 1280);
	assert_int_equal(block_type(&zone.buddy, 1024), MIGRATE_MOVABLE);
}

/* 512 for each partial steal, to 1.5 times the high mark; kswapd is told if the caller may. */
static void test_boost(void **state)
{
	static const unsigned long boosts[] = { 512, 750, 750 };

	hand();
	for (int i = 0; i < 3; i++) {
		/* Nobody can claim what mostly movable pages fill, so the next steal is partial too. */
		for (unsigned long pfn = 0; pfn < BLOCK; pfn++)
			frames[1024 * (unsigned long)i + pfn].flags |= PG_LRU;
		frames[1024 * i].flags = 0;
		give(1024 * (unsigned long)i, 0, MIGRATE_MOVABLE);
		assert_true(
			block_fall_back(&zone, 0, MIGRATE_UNMOVABLE, i == 2 ? ALLOC_KSWAPD : 0));
		assert_int_equal(zone.watermark_boost, boosts[i]);
		assert_int_equal(zone.flags, i == 2 ? ZONE_BOOSTED : 0);
		buddy_take(&zone.buddy, 0, MIGRATE_UNMOVABLE);
	}
}

/* One hundredth of the zone and one pageblock; 8192 frames allow two pageblocks. */
static void test_reserve_cap(void **state)
{
	hand();
	give(1028, 2, MIGRATE_MOVABLE);
	block_reserve_highatomic(&zone, frames + 1024);
	assert_int_equal(zone.nr_reserved_highatomic, 512);
	assert_int_equal(block_type(&zone.buddy, 1024), MIGRATE_HIGHATOMIC);
	assert_int_equal(first(2, MIGRATE_HIGHATOMIC), 1028);

	/* One that is reserved or isolated is not reserved again. */
	block_reserve_highatomic(&zone, frames + 1100);
	block_set_type(&zone.buddy, 4096, MIGRATE_ISOLATE);
	block_reserve_highatomic(&zone, frames + 4096);
	assert_int_equal(zone.nr_reserved_highatomic, 512);

	block_set_type(&zone.buddy, 2048, MIGRATE_UNMOVABLE);
	block_reserve_highatomic(&zone, frames + 2050);
	assert_int_equal(zone.nr_reserved_highatomic, 1024);
	block_reserve_highatomic(&zone, frames + 3072);
	assert_int_equal(zone.nr_reserved_highatomic, 1024);
	assert_int_equal(block_type(&zone.buddy, 3072), MIGRATE_MOVABLE);
	assert_false(lock_is_held(&zone.lock));
}

static void test_unreserve(void **state)
{
	hand();
	assert_false(block_unreserve_highatomic(&zone, MIGRATE_UNMOVABLE, true));
	give(1028, 2, MIGRATE_MOVABLE);
	give(2056, 3, MIGRATE_MOVABLE);
	block_reserve_highatomic(&zone, frames + 1024);
	block_reserve_highatomic(&zone, frames + 2048);
	assert_int_equal(zone.nr_reserved_highatomic, 1024);

	/* One pageblock at a time, that of the smallest free block; the last one only by force. */
	assert_true(block_unreserve_highatomic(&zone, MIGRATE_RECLAIMABLE, false));
	assert_int_equal(zone.nr_reserved_highatomic, 512);
	assert_int_equal(block_type(&zone.buddy, 1024), MIGRATE_RECLAIMABLE);
	assert_int_equal(first(2, MIGRATE_RECLAIMABLE), 1028);
	assert_int_equal(block_type(&zone.buddy, 2048), MIGRATE_HIGHATOMIC);
	assert_false(block_unreserve_highatomic(&zone, MIGRATE_RECLAIMABLE, false));
	assert_true(block_unreserve_highatomic(&zone, MIGRATE_UNMOVABLE, true));
	assert_int_equal(zone.nr_reserved_highatomic, 0);
	assert_int_equal(first(3, MIGRATE_UNMOVABLE), 2056);

	/* A reserve without a free frame has nothing to give. */
	block_reserve_highatomic(&zone, frames + 3072);
	assert_false(block_unreserve_highatomic(&zone, MIGRATE_UNMOVABLE, true));
	assert_int_equal(zone.nr_reserved_highatomic, 512);
}

static int up(void **state)
{
	frames = calloc(FRAMES, sizeof(*frames));
	room = calloc(1, sizeof(*room));
	room->m = &nobody;
	return !frames || !room;
}

static int down(void **state)
{
	free(frames);
	free(room);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fallback_order), cmocka_unit_test(test_fallback_none),
		cmocka_unit_test(test_which_block),    cmocka_unit_test(test_no_fragment),
		cmocka_unit_test(test_steal_whole),    cmocka_unit_test(test_steal_part),
		cmocka_unit_test(test_moves_to_tail),  cmocka_unit_test(test_zone_end),
		cmocka_unit_test(test_boost),	       cmocka_unit_test(test_reserve_cap),
		cmocka_unit_test(test_unreserve),
	};

	return cmocka_run_group_tests(tests, up, down);
}
