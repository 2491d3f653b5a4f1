/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/zone.c and the marks that boot.c sets with it: every row of the
 * facts' Watermarks table (marks, protections), the rule for min_free_kbytes, the
 * boost, who may go how deep (zone_has, on a zone built by hand) and the folding of
 * the free count.
 */
#include "rig.h"

/*
 * Linux sets the marks before it frees the initial ramdisk, so a zone is then a
 * little smaller than its final size, which is what the table prints for DMA32.
 * The size it had follows from the row itself: min_free_kbytes and the protection
 * leave an interval of a few dozen frames, and these lie in it.
 */
#define DMA32_128  12590
#define DMA32_512  109180
#define DMA32_2048 495650
#define DMA32_4096 755400

struct row {
	unsigned long min_free_kbytes;
	unsigned long managed[3]; /* DMA, DMA32, NORMAL */
	unsigned long mark[3][NR_WMARK];
	long dma_protection[4]; /* against DMA, DMA32, NORMAL and above */
	long dma32_protection[4];
};

static const struct row rows[] = {
	{ 1025,
	  { 3840, DMA32_128, 0 },
	  { { 59, 73, 87 }, { 196, 245, 294 } },
	  { 0, 49, 49, 49 },
	  { 0, 0, 0, 0 } },
	{ 2689,
	  { 3840, DMA32_512, 0 },
	  { { 22, 27, 32 }, { 649, 811, 973 } },
	  { 0, 426, 426, 426 },
	  { 0, 0, 0, 0 } },
	{ 5640,
	  { 3840, DMA32_2048, 0 },
	  { { 10, 13, 16 }, { 1399, 1894, 2389 } },
	  { 0, 1936, 1936, 1936 },
	  { 0, 0, 0, 0 } },
	{ 45056,
	  { 3840, DMA32_2048, 0 },
	  { { 86, 107, 128 }, { 11177, 13971, 16765 } },
	  { 0, 1936, 1936, 1936 },
	  { 0, 0, 0, 0 } },
	{ 7977,
	  { 3840, DMA32_4096, 239052 },
	  { { 7, 10, 13 }, { 1508, 2263, 3018 }, { 477, 716, 955 } },
	  { 0, 2950, 3884, 3884 },
	  { 0, 0, 933, 933 } },
	{ 67584,
	  { 3840, DMA32_4096, 239052 },
	  { { 64, 80, 96 }, { 12785, 15981, 19177 }, { 4045, 5056, 6067 } },
	  { 0, 2950, 3884, 3884 },
	  { 0, 0, 933, 933 } },
};

static void test_table_pure(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		unsigned long lowmem = row->managed[0] + row->managed[1] + row->managed[2];

		for (int z = 0; z < 3; z++) {
			unsigned long mark[NR_WMARK];

			zone_marks(row->min_free_kbytes, 10, row->managed[z], lowmem, false, mark);
			assert_memory_equal(mark, row->mark[z], sizeof(mark));
		}
	}
}

/* The same rows through a machine whose zones are given the table's sizes. */
static void test_table_machine(void **state)
{
	static const enum zone_type types[] = { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL };
	static const unsigned int above[] = { 0, 1, 2, 4 }; /* ranks of the protections */
	struct rig rig = rig_up("mem=4G nr_cpus=1");
	unsigned long managed[3];

	for (int z = 0; z < 3; z++)
		managed[z] = rig_zone(&rig, 0, types[z])->managed_pages;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];

		for (int z = 0; z < 3; z++)
			rig_zone(&rig, 0, types[z])->managed_pages = row->managed[z];
		assert_int_equal(page_set_min_free_kbytes(rig.m, row->min_free_kbytes), 0);
		for (int z = 0; z < 3; z++) {
			struct zone *zone = rig_zone(&rig, 0, types[z]);

			for (unsigned int w = 0; w < NR_WMARK && row->managed[z]; w++)
				assert_int_equal(zone_mark(zone, w), row->mark[z][w]);
		}
		for (int a = 0; a < 4; a++) {
			assert_int_equal(rig_zone(&rig, 0, ZONE_DMA)->lowmem_reserve[above[a]],
					 row->dma_protection[a]);
			assert_int_equal(rig_zone(&rig, 0, ZONE_DMA32)->lowmem_reserve[above[a]],
					 row->dma32_protection[a]);
		}
	}
	for (int z = 0; z < 3; z++)
		rig_zone(&rig, 0, types[z])->managed_pages = managed[z];
	rig_down(&rig);
}

/* Normal keeps 1/32 of what is above it, and HIGHMEM and MOVABLE nothing. */
static void test_protection_high(void **state)
{
	struct rig rig = rig_up("mem=5G highmem=512M movablecore=128M nr_cpus=1");
	unsigned long highmem = rig_zone(&rig, 0, ZONE_HIGHMEM)->managed_pages;
	unsigned long movable = rig_zone(&rig, 0, ZONE_MOVABLE)->managed_pages;
	const struct zone *normal = rig_zone(&rig, 0, ZONE_NORMAL);

	assert_int_equal(highmem, 98304);
	assert_int_equal(movable, 32768);
	assert_int_equal(normal->lowmem_reserve[2], 0);
	assert_int_equal(normal->lowmem_reserve[3], highmem / 32);
	assert_int_equal(normal->lowmem_reserve[4], (highmem + movable) / 32);
	for (int rank = 0; rank < MAX_NR_ZONES; rank++) {
		assert_int_equal(rig_zone(&rig, 0, ZONE_HIGHMEM)->lowmem_reserve[rank], 0);
		assert_int_equal(rig_zone(&rig, 0, ZONE_MOVABLE)->lowmem_reserve[rank], 0);
	}
	rig_down(&rig);

	/* Neither has a zone without frames. */
	rig = rig_up("mem=64M movablecore=16M nr_cpus=1");
	assert_int_equal(rig_zone(&rig, 0, ZONE_NORMAL)->lowmem_reserve[4], 0);
	rig_down(&rig);
}

static void test_min_free_kbytes(void **state)
{
	assert_int_equal(zone_min_free_kbytes(3840 + DMA32_128), 1025);
	assert_int_equal(zone_min_free_kbytes(3840 + DMA32_512), 2689);
	/*
	 * Once more where huge pages are switched off later: by then the high marks, 2389
	 * and 16, or 13, 3018 and 955, count as not to be had.
	 */
	assert_int_equal(zone_min_free_kbytes(3840 + DMA32_2048 - 2389 - 16), 5640);
	assert_int_equal(zone_min_free_kbytes(3840 + DMA32_4096 + 239052 - 13 - 3018 - 955), 7977);
	/* floor of the square root of lowmem_kB * 16: just under and at a square */
	assert_int_equal(zone_min_free_kbytes(625 * 16 - 1), 799);
	assert_int_equal(zone_min_free_kbytes(625 * 16), 800);
	/* clamped to 128 .. 262144 */
	assert_int_equal(zone_min_free_kbytes(0), 128);
	assert_int_equal(zone_min_free_kbytes(256), 128);
	assert_int_equal(zone_min_free_kbytes(257), 128);
	assert_int_equal(zone_min_free_kbytes(261), 129);
	assert_int_equal(zone_min_free_kbytes(1UL << 30), 262144);
	assert_int_equal(zone_min_free_kbytes(1UL << 40), 262144);
}

/* HIGHMEM's min is its own 1/1024 within 32 .. 128; a larger scale widens the steps. */
static void test_marks_other(void **state)
{
	static const struct {
		unsigned long scale, managed;
		bool is_highmem;
		unsigned long mark[NR_WMARK];
	} marks[] = {
		{ 10, 1024, true, { 32, 33, 34 } },
		{ 10, 65536, true, { 64, 174, 284 } },
		{ 10, 1UL << 20, true, { 128, 1889, 3650 } },
		{ 10, 100000, false, { 672, 840, 1008 } },
		{ 100, 100000, false, { 672, 1672, 2672 } },
		{ 3000, 100000, false, { 672, 30672, 60672 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		unsigned long mark[NR_WMARK];

		zone_marks(2689, marks[i].scale, marks[i].managed, 100000, marks[i].is_highmem,
			   mark);
		assert_memory_equal(mark, marks[i].mark, sizeof(mark));
	}
}

/* A partial steal raises every mark by a pageblock, up to 1.5 times the high mark. */
static void test_boost(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	unsigned long high = zone->_watermark[WMARK_HIGH], most = high * 3 / 2;

	zone->_watermark[WMARK_HIGH] = 973; /* of 512 MiB */
	assert_true(zone_boost(zone));
	assert_int_equal(zone->watermark_boost, 512);
	assert_int_equal(zone_mark(zone, WMARK_MIN), zone->_watermark[WMARK_MIN] + 512);
	assert_int_equal(zone_mark(zone, WMARK_HIGH), 973 + 512);
	assert_true(zone_boost(zone));
	assert_int_equal(zone->watermark_boost, 1024);
	for (int i = 0; i < 3; i++) {
		assert_true(zone_boost(zone));
		assert_int_equal(zone->watermark_boost, 1459);
	}

	/* The cap is at least one pageblock. */
	zone->watermark_boost = 0;
	zone->_watermark[WMARK_HIGH] = 20;
	assert_true(zone_boost(zone));
	assert_int_equal(zone->watermark_boost, 512);
	zone->_watermark[WMARK_HIGH] = high;

	/* Setting marks takes it away; the factor 0 forbids it. */
	assert_int_equal(page_set_min_free_kbytes(rig.m, page_min_free_kbytes(rig.m)), 0);
	assert_int_equal(zone->watermark_boost, 0);
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	assert_false(zone_boost(zone));
	assert_int_equal(zone->watermark_boost, 0);
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 15000), 0);

	/* Neither has a zone of fewer than four pageblocks. */
	zone->managed_pages = 4 * 512 - 1;
	assert_false(zone_boost(zone));
	zone->managed_pages = rig_zone(&rig, 0, ZONE_DMA32)->spanned_pages;
	assert_true(zone_boost(zone));
	assert_in_range(zone->watermark_boost, 1, max(512UL, most));
	rig_down(&rig);
}

/* A zone that only zone_has() looks at: one free block of each given order and type. */
struct hand {
	struct zone zone;
	struct page page[4];
};

static void hand_init(struct hand *hand)
{
	memset(hand, 0, sizeof(*hand));
	buddy_init(&hand->zone.buddy, hand->page, 0, 0);
	hand->zone.buddy.max_order = 10;
}

static void hand_block(struct hand *hand, int i, unsigned int order, enum migratetype mt)
{
	struct free_area *area = &hand->zone.buddy.area[order];

	list_add(&hand->page[i].buddy_list, &area->list[mt]);
	area->nr_free++;
}

/* The least number of free frames that passes is @least. */
static void edge(const struct zone *zone, unsigned int order, unsigned int flags,
		 unsigned int highest, long least)
{
	assert_true(zone_has(zone, order, 1000, highest, flags, least));
	assert_false(zone_has(zone, order, 1000, highest, flags, least - 1));
}

static void test_has_edges(void **state)
{
	struct hand hand;
	struct zone *zone = &hand.zone;

	hand_init(&hand);
	hand_block(&hand, 0, 10, MIGRATE_MOVABLE);
	zone->lowmem_reserve[2] = 426;

	edge(zone, 0, 0, 1, 1001);
	edge(zone, 0, 0, 2, 1427);
	edge(zone, 3, 0, 1, 1008);
	edge(zone, 10, 0, 1, 2024);
	/* HIGH: half; with NON_BLOCK a quarter less again; alone that changes nothing. */
	edge(zone, 0, ALLOC_MIN_RESERVE, 1, 501);
	edge(zone, 0, ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK, 1, 376);
	edge(zone, 0, ALLOC_NON_BLOCK, 1, 1001);
	edge(zone, 0, ALLOC_OOM, 1, 501);
	edge(zone, 0, ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK, 2, 802);
	edge(zone, 2, ALLOC_MIN_RESERVE, 1, 504);

	/* The high-atomic reserve counts only for those who have a right to it. */
	zone->nr_reserved_highatomic = 512;
	edge(zone, 0, 0, 1, 1513);
	edge(zone, 0, ALLOC_MIN_RESERVE, 1, 501);
	edge(zone, 0, ALLOC_NON_BLOCK, 1, 1001);
	edge(zone, 0, ALLOC_HIGHATOMIC, 1, 1001);
	edge(zone, 2, 0, 1, 1516);
}

/* Above order 0 a block must be there, of a type that the request may have. */
static void test_has_block(void **state)
{
	struct hand hand;
	struct zone *zone = &hand.zone;
	const long plenty = 1 << 20;

	hand_init(&hand);
	assert_true(zone_has(zone, 0, 10, 1, 0, plenty));
	assert_false(zone_has(zone, 1, 10, 1, 0, plenty));

	hand_block(&hand, 0, 3, MIGRATE_RECLAIMABLE);
	assert_true(zone_has(zone, 1, 10, 1, 0, plenty));
	assert_true(zone_has(zone, 3, 10, 1, 0, plenty));
	assert_false(zone_has(zone, 4, 10, 1, 0, plenty));

	hand_block(&hand, 1, 5, MIGRATE_HIGHATOMIC);
	assert_false(zone_has(zone, 4, 10, 1, 0, plenty));
	assert_false(zone_has(zone, 4, 10, 1, ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK, plenty));
	assert_true(zone_has(zone, 4, 10, 1, ALLOC_HIGHATOMIC, plenty));
	assert_true(zone_has(zone, 5, 10, 1, ALLOC_OOM, plenty));
	assert_false(zone_has(zone, 6, 10, 1, ALLOC_HIGHATOMIC, plenty));

	hand_block(&hand, 2, 7, MIGRATE_ISOLATE);
	assert_false(zone_has(zone, 6, 10, 1, ALLOC_HIGHATOMIC, plenty));

	/* Virgin blocks are blocks of the largest order. */
	zone->buddy.virgin_end = 1024;
	zone->buddy.area[10].nr_free = 1;
	assert_true(zone_has(zone, 10, 10, 1, 0, plenty));
}

/* Only __GFP_ATOMIC at order 0 and the min mark looks past the boost. */
static void test_has_fast(void **state)
{
	struct hand hand;
	struct zone *zone = &hand.zone;

	hand_init(&hand);
	hand_block(&hand, 0, 10, MIGRATE_MOVABLE);
	zone->_watermark[WMARK_MIN] = 400;
	zone->watermark_boost = 600;

	zone->free_pages = 1001;
	assert_true(zone_has_fast(zone, 0, 1000, 1, WMARK_MIN, GFP_NOWAIT));
	zone->free_pages = 1000;
	assert_false(zone_has_fast(zone, 0, 1000, 1, WMARK_MIN, GFP_NOWAIT));
	assert_true(zone_has_fast(zone, 0, 1000, 1, WMARK_MIN, GFP_ATOMIC));
	assert_false(zone_has_fast(zone, 0, 1000, 1, WMARK_LOW, GFP_ATOMIC));
	assert_false(zone_has_fast(zone, 1, 1000, 1, WMARK_MIN, GFP_ATOMIC));
	zone->free_pages = 401;
	assert_true(zone_has_fast(zone, 0, 1000, 1, WMARK_MIN, GFP_ATOMIC));
	zone->free_pages = 400;
	assert_false(zone_has_fast(zone, 0, 1000, 1, WMARK_MIN, GFP_ATOMIC));
	zone->free_pages = 151;
	assert_true(zone_has_fast(zone, 0, 1000, 1, WMARK_MIN | ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK,
				  GFP_ATOMIC));
	zone->free_pages = 150;
	assert_false(zone_has_fast(zone, 0, 1000, 1,
				   WMARK_MIN | ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK, GFP_ATOMIC));
}

/* A CPU's difference is folded in when it passes the threshold, not before. */
static void test_count_free(void **state)
{
	struct pcp pcp[2] = { 0 };
	struct zone zone = { .free_pages = 1000, .stat_threshold = 6, .pcp = pcp, .nr_cpus = 2 };

	zone_count_free(&zone, 0, 6);
	zone_count_free(&zone, 1, -6);
	assert_int_equal(zone.free_pages, 1000);
	assert_int_equal(pcp[0].free_diff, 6);
	assert_int_equal(zone_free_exact(&zone), 1000);
	zone_count_free(&zone, 0, 1);
	assert_int_equal(zone.free_pages, 1007);
	assert_int_equal(pcp[0].free_diff, 0);
	zone_count_free(&zone, 1, -(1L << 18));
	assert_int_equal(zone.free_pages, 1007 - 6 - (1L << 18));
	assert_int_equal(zone_free_exact(&zone), zone.free_pages);
}

/* What Linux showed: 2 for DMA and 6 for a DMA32 of 512 MiB on one CPU; at most 125. */
static void test_threshold(void **state)
{
	struct rig rig = rig_up("mem=512M nr_cpus=1");

	assert_int_equal(rig_zone(&rig, 0, ZONE_DMA)->stat_threshold, 2);
	assert_int_equal(rig_zone(&rig, 0, ZONE_DMA32)->stat_threshold, 6);
	rig_down(&rig);
	rig = rig_up("mem=1G nr_cpus=4096");
	assert_int_equal(rig_zone(&rig, 0, ZONE_DMA32)->stat_threshold, 104);
	assert_int_equal(rig_zone(&rig, 0, ZONE_DMA)->stat_threshold, 26);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_pure),	cmocka_unit_test(test_table_machine),
		cmocka_unit_test(test_protection_high), cmocka_unit_test(test_min_free_kbytes),
		cmocka_unit_test(test_marks_other),	cmocka_unit_test(test_boost),
		cmocka_unit_test(test_has_edges),	cmocka_unit_test(test_has_block),
		cmocka_unit_test(test_has_fast),	cmocka_unit_test(test_count_free),
		cmocka_unit_test(test_threshold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
