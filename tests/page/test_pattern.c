/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/pattern.c and src/page/sweep.c: each pattern holds just the frames, or
 * the number of frames, that it says, of the types that the ratio deals out, chosen by the
 * seed; the rest of a block goes back whole, and counts, owner records and pageblock types
 * are those of ordinary requests; frames in use, isolated or bad are left alone.
 */
#include "fragments.h"

#include "page/contig.h"
#include "page/event.h"
#include "page/pattern.h"
#include "probe/owner.h"

static struct kalloc_fragmentation *begin(const struct rig *rig, enum zone_type type,
					  const char *text)
{
	struct kalloc_fragment_profile profile = profile_of(text);

	return holding_create(rig_zone(rig, 0, type), &profile);
}

static void end(struct kalloc_fragmentation *frag)
{
	assert_true(holding_ok(frag));
	kalloc_fragment_release(frag);
}

static void test_checkerboard(void **state)
{
	bool phases[2] = { false, false };

	for (unsigned int order = 0; order <= 10; order += 5) {
		for (unsigned long seed = 0; seed < 4; seed++) {
			struct rig rig = rig_up("mem=64M nr_cpus=1");
			struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "checkerboard");
			const struct buddy *buddy = &frag->zone->buddy;
			struct frames before = frames_of(frag->zone), held;
			unsigned long phase = 2, nr;

			for (unsigned long i = 0; i < before.nr; i++)
				before.mark[i] = frame_is_inside_free(buddy, before.start + i);
			frag->rand.state = seed;
			nr = pattern_checkerboard(frag, order);
			held = frames_held(frag);
			for (unsigned long i = 0; i < held.nr; i++) {
				unsigned long square = (held.start + i) >> order & 1;

				if (held.mark[i] && phase == 2)
					phase = square;
				assert_int_equal(held.mark[i] != 0,
						 before.mark[i] && square == phase);
			}
			phases[phase] = true;
			assert_int_equal(nr, nr_held(frag));
			assert_int_equal(rig_free(&rig), rig.nr_free - nr);
			free(before.mark);
			free(held.mark);
			end(frag);
			rig_down(&rig);
		}
	}
	assert_true(phases[0] && phases[1]);
}

static void test_random(void **state)
{
	static const double shares[] = { 0.0, 0.001, 0.3, 0.5, 0.999, 1.0 };

	for (size_t i = 0; i < ARRAY_SIZE(shares); i++) {
		struct rig rig = rig_up("mem=48M nr_cpus=1");
		struct kalloc_fragmentation *frag =
			begin(&rig, ZONE_DMA32, "random ratio=3:2 seed=5");
		struct free_blocks blocks = index_count(&frag->zone->buddy);
		unsigned long all = index_frames(&blocks, 0, BUDDY_MAX_ORDER);
		unsigned long nr = (unsigned long)((double)all * shares[i] + 0.5);

		assert_int_equal(pattern_random(frag, shares[i]), nr);
		assert_int_equal(nr_held(frag), nr);
		/* Of each run of five, three can move. */
		assert_in_range(frag->nr_held[MIGRATE_MOVABLE], nr / 5 * 3, nr / 5 * 3 + nr % 5);
		assert_int_equal(frag->nr_held[MIGRATE_RECLAIMABLE], 0);
		end(frag);
		rig_down(&rig);
	}
}

/* All parts of the zone are alike to it: eighths of it get about an eighth. */
static void test_random_is_even(void **state)
{
	struct rig rig = rig_up("mem=80M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "random seed=9");
	unsigned long eighths[8] = { 0 };
	struct frames held;

	pattern_random(frag, 0.25);
	held = frames_held(frag);
	for (unsigned long i = 0; i < held.nr; i++)
		eighths[i * 8 / held.nr] += held.mark[i] != 0;
	for (int i = 0; i < 8; i++)
		assert_in_range(eighths[i], held.nr / 8 * 22 / 100, held.nr / 8 * 28 / 100);
	free(held.mark);
	end(frag);
	rig_down(&rig);
}

/* Frames held in each pageblock, and free ones before. */
static void check_scatter(double share)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "unmovable-scatter seed=3");
	const struct buddy *buddy = &frag->zone->buddy;
	unsigned long chosen = 0, eligible = 0;
	struct frames before = frames_of(frag->zone), held;
	struct list_head used = LIST_INIT(used);
	struct page *page;

	/* Some pageblocks are used up, some in part. */
	for (int i = 0; i < 300; i++) {
		page = alloc_pages(GFP_KERNEL, (unsigned int)i % 4);
		list_add(&page->lru, &used);
		page->index = (unsigned long)i % 4;
	}
	pages_drain(rig.m);
	for (unsigned long i = 0; i < before.nr; i++)
		before.mark[i] = frame_is_inside_free(buddy, before.start + i);
	assert_int_equal(pattern_scatter(frag, share), 0);
	held = frames_held(frag);
	for (unsigned long block = 0; block < held.nr / 512; block++) {
		unsigned long nr = 0, nr_free = 0;

		for (unsigned long i = block * 512; i < block * 512 + 512; i++) {
			nr_free += before.mark[i];
			nr += held.mark[i] != 0;
			assert_true(held.mark[i] == 0 ||
				    held.mark[i] == FRAME_HELD + MIGRATE_UNMOVABLE);
			assert_true(!held.mark[i] || before.mark[i]);
		}
		eligible += nr_free > 0;
		chosen += nr;
		assert_true(nr <= 1);
		assert_true(share < 1.0 || (nr == 1) == (nr_free > 0));
	}
	assert_int_equal(chosen, (unsigned long)((double)eligible * share + 0.5));
	while (!list_empty(&used)) {
		page = list_first_entry(&used, struct page, lru);
		list_del(&page->lru);
		__free_pages(page, (unsigned int)page->index);
	}
	free(before.mark);
	free(held.mark);
	end(frag);
	rig_down(&rig);
}

static void test_scatter(void **state)
{
	check_scatter(1.0);
	check_scatter(0.3);
	check_scatter(0.0);
}

/* The place within a pageblock is a matter of chance, and so is the choice of pageblocks. */
static void test_scatter_places(void **state)
{
	struct rig rig = rig_up("mem=256M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "unmovable-scatter");
	unsigned long halves[2] = { 0 };
	struct frames held;

	pattern_scatter(frag, 1.0);
	held = frames_held(frag);
	for (unsigned long i = 0; i < held.nr; i++)
		halves[(held.start + i) >> 8 & 1] += held.mark[i] != 0;
	assert_in_range(halves[0], 30, 90);
	assert_in_range(halves[1], 30, 90);
	free(held.mark);
	end(frag);
	rig_down(&rig);
}

static void test_pageblock_types(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "random seed=1");
	const struct buddy *buddy = &frag->zone->buddy;
	unsigned char types[32];
	unsigned long nr = 0;

	for (unsigned long pfn = buddy->start_pfn; pfn < buddy->end_pfn; pfn += 512)
		types[nr++] = (unsigned char)block_type(buddy, pfn);
	pattern_random(frag, 0.5);
	assert_int_equal(frag->zone->watermark_boost, 0);
	nr = 0;
	for (unsigned long pfn = buddy->start_pfn; pfn < buddy->end_pfn; pfn += 512)
		assert_int_equal(block_type(buddy, pfn), types[nr++]);
	end(frag);
	rig_down(&rig);
}

static void test_units(void **state)
{
	struct rig rig = rig_up("mem=80M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "random seed=8");
	struct free_blocks before = index_count(&frag->zone->buddy), after;
	unsigned long units = index_frames(&before, 8, BUDDY_MAX_ORDER) >> 8;
	struct frames held;

	assert_int_equal(pattern_pin(frag, 8, BUDDY_MAX_ORDER, 20, units), 20);
	after = index_count(&frag->zone->buddy);
	assert_int_equal(index_frames(&after, 8, BUDDY_MAX_ORDER) >> 8, units - 20);
	for (unsigned int order = 0; order < 8; order++)
		assert_int_equal(after.nr[order], before.nr[order] + 20);

	/* No two in one unit. */
	held = frames_held(frag);
	for (unsigned long i = 0; i < held.nr; i += 256) {
		unsigned long nr = 0;

		for (unsigned long j = i; j < i + 256; j++)
			nr += held.mark[j] != 0;
		assert_true(nr <= 1);
	}
	free(held.mark);

	/* Blocks of one order only. */
	assert_int_equal(pattern_pin(frag, 5, 5, 7, after.nr[5]), 7);
	assert_int_equal(index_count(&frag->zone->buddy).nr[5], after.nr[5] - 7);
	assert_int_equal(index_count(&frag->zone->buddy).nr[6], after.nr[6]);
	assert_int_equal(index_count(&frag->zone->buddy).nr[4], after.nr[4] + 7);
	assert_int_equal(pattern_pin(frag, 5, 5, 0, 10), 0);
	end(frag);
	rig_down(&rig);
}

static void test_fill(void **state)
{
	struct rig rig = rig_up("mem=80M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "random seed=8");
	struct free_blocks before, after;
	unsigned long small;

	pattern_pin(frag, 9, BUDDY_MAX_ORDER, 16,
		    index_frames(&(struct free_blocks){ { [10] = 16 } }, 0, 10) >> 9);
	before = index_count(&frag->zone->buddy);
	assert_int_equal(pattern_fill_blocks(frag, 7, 3, before.nr[7]), 3 * 128);
	after = index_count(&frag->zone->buddy);
	assert_int_equal(after.nr[7], before.nr[7] - 3);
	assert_int_equal(after.nr[8], before.nr[8]);
	assert_int_equal(after.nr[6], before.nr[6]);

	small = index_frames(&after, 0, 8);
	assert_int_equal(pattern_fill_frames(frag, 9, 1001, small), 1001);
	after = index_count(&frag->zone->buddy);
	assert_int_equal(index_frames(&after, 0, 8), small - 1001);
	assert_int_equal(index_frames(&after, 9, 10), index_frames(&before, 9, 10));
	assert_int_equal(pattern_fill_frames(frag, 9, small - 1001, small - 1001), small - 1001);
	after = index_count(&frag->zone->buddy);
	assert_int_equal(index_frames(&after, 0, 8), 0);

	/* Fillers go by themselves. */
	assert_int_equal(holding_drop_all(frag, true), 0);
	assert_int_equal(nr_held(frag), 16);
	pages_drain(rig.m);
	after = index_count(&frag->zone->buddy);
	assert_int_equal(index_frames(&after, 0, 8), index_frames(&before, 0, 8));
	end(frag);
	rig_down(&rig);
}

/* A zone whose blocks are not all there: a hole in the middle. */
static void test_hole(void **state)
{
	struct rig rig = rig_up("mem=4G highmem=3G nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_HIGHMEM, "random seed=2");
	struct free_blocks blocks = index_count(&frag->zone->buddy);
	unsigned long above = 0;
	struct frames held;

	assert_true(frag->zone->buddy.hole_end != 0);
	assert_int_equal(pattern_pin(frag, 10, 10, 40, blocks.nr[10]), 40);
	held = frames_held(frag);
	for (unsigned long i = 0; i < held.nr; i++) {
		assert_false(held.mark[i] && buddy_is_hole(&frag->zone->buddy, held.start + i));
		above += held.mark[i] && held.start + i >= frag->zone->buddy.hole_end;
	}
	assert_in_range(above, 1, 39);
	free(held.mark);
	end(frag);
	rig_down(&rig);
}

static void test_isolated(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "random");
	struct contig contig = {
		.zone = frag->zone, .start = 0x1c00, .end = 0x1e00, .first = 0x1c00, .last = 0x1e00
	};
	struct frames held;

	assert_int_equal(contig_isolate(&contig), 0);
	pattern_random(frag, 1.0);
	held = frames_held(frag);
	for (unsigned long i = 0; i < held.nr; i++) {
		bool isolated = held.start + i >= contig.start && held.start + i < contig.end;

		assert_false(held.mark[i] && isolated);
	}
	free(held.mark);
	assert_int_equal(index_count(&frag->zone->buddy).nr[9], 1);
	contig_restore(&contig, MIGRATE_MOVABLE);
	end(frag);
	rig_down(&rig);
}

static void test_bad_frame(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "random");
	struct page *block = alloc_pages(GFP_KERNEL, 4), *bad = block + 5;
	unsigned long nr = rig_free(&rig), in_dma;

	__free_pages(block, 4);
	pages_drain(rig.m);
	bad->mapping = (void *)0x1234;
	in_dma = (unsigned long)zone_free_exact(rig_zone(&rig, 0, ZONE_DMA));
	assert_int_equal(pattern_random(frag, 1.0), nr + 16 - in_dma);
	assert_int_equal(nr_held(frag), nr + 16 - in_dma - 1);
	assert_int_equal(said_count("BUG: Bad page state"), 1);
	assert_non_null(strstr(said, "non-NULL mapping"));
	end(frag);
	rig_down_lost(&rig, 1);
}

static void test_counters_and_owners(void **state)
{
	struct rig rig = rig_up("mem=48M nr_cpus=1 page_owner=on");
	struct kalloc_fragmentation *frag = begin(&rig, ZONE_DMA32, "random ratio=1:1");
	struct zone_flow *flow = &frag->zone->flow;
	unsigned long taken = flow->alloc_pages, home = flow->at_home, nr;
	struct owner_record record;
	struct frames held;

	nr = pattern_random(frag, 0.1);
	assert_int_equal(flow->alloc_pages, taken + nr);
	assert_int_equal(flow->at_home, home + nr);
	held = frames_held(frag);
	for (unsigned long i = 0; i < held.nr; i++) {
		if (!held.mark[i])
			continue;
		assert_true(owner_read(rig.m, held.start + i, &record));
		assert_int_equal(record.order, 0);
		assert_int_equal(record.gfp, held.mark[i] == FRAME_HELD + MIGRATE_MOVABLE
						     ? GFP_HIGHUSER_MOVABLE
						     : GFP_KERNEL);
	}
	free(held.mark);
	end(frag);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checkerboard),   cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_is_even), cmocka_unit_test(test_scatter),
		cmocka_unit_test(test_scatter_places), cmocka_unit_test(test_pageblock_types),
		cmocka_unit_test(test_units),	       cmocka_unit_test(test_fill),
		cmocka_unit_test(test_hole),	       cmocka_unit_test(test_isolated),
		cmocka_unit_test(test_bad_frame),      cmocka_unit_test(test_counters_and_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
