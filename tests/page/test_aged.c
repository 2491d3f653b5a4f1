/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/aged.c: requests are of the sizes and types of the mix in the proportion
 * of its weights, live as long as it says, and never hold more than the profile may; those
 * that find no block are counted; the same seed holds the same frames; and what is left is
 * released frame by frame.
 */
#include "fragments.h"

static unsigned long nr_began(const struct rig *rig)
{
	return (unsigned long)zone_free_exact(rig_zone(rig, 0, ZONE_DMA32));
}

static void test_limit(void **state)
{
	static const char *const fractions[] = { "0", "0.1", "0.5", "0.9" };

	for (size_t i = 0; i < ARRAY_SIZE(fractions); i += is_slow() ? 2 : 1) {
		struct rig rig = rig_up("mem=64M nr_cpus=1");
		unsigned long limit =
			(unsigned long)((double)nr_began(&rig) * strtod(fractions[i], NULL) + 0.5);
		struct kalloc_fragmentation *frag;
		char text[64];

		snprintf(text, sizeof(text), "aged seed=1 steps=30000 fraction=%s", fractions[i]);
		frag = apply(text);
		/* Full, up to one block. */
		assert_in_range(nr_held(frag), limit > 256 ? limit - 256 : 0, limit);
		assert_int_equal(rig_free(&rig), rig.nr_free - nr_held(frag));
		/* Blocks of 256 frames can be hard to find. */
		assert_in_range(measure(frag).nr_failed, limit ? 0 : 30000, limit ? 30 : 30000);
		kalloc_fragment_release(frag);
		rig_down(&rig);
	}
}

/* Blocks and frames that are held, by order and type. */
struct census {
	unsigned long blocks[11][MIGRATE_PCPTYPES];
};

static void count_block(void *ctx, const struct kalloc_fragment_block *block)
{
	struct census *census = ctx;

	census->blocks[block->order][block->migratetype]++;
}

static struct census census_of(struct kalloc_fragmentation *frag)
{
	struct census census = { 0 };

	kalloc_fragment_visit(frag, count_block, &census);
	return census;
}

/* Nothing ends: all that was asked for is there. */
static void test_mix(void **state)
{
	struct rig rig = rig_up("mem=144M nr_cpus=1");
	struct kalloc_fragmentation *frag =
		apply("aged seed=3 steps=4000 mix=0u:4,1m:2,2r:1,1:1 ratio=1:3");
	struct census census = census_of(frag);

	assert_in_range(census.blocks[0][MIGRATE_UNMOVABLE], 1900, 2100);
	assert_in_range(census.blocks[2][MIGRATE_RECLAIMABLE], 450, 550);
	/* By the ratio: three of four cannot move. Those that can are single frames. */
	assert_in_range(census.blocks[1][MIGRATE_UNMOVABLE], 330, 420);
	assert_in_range(census.blocks[0][MIGRATE_MOVABLE], 2 * (900 + 80), 2 * (1100 + 170));
	assert_int_equal(census.blocks[1][MIGRATE_MOVABLE], 0);
	assert_int_equal(measure(frag).nr_failed, 0);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* With lives of L requests on average, L blocks are alive at a time. */
static void test_lives(void **state)
{
	static const struct {
		const char *text;
		unsigned long least, most;
	} rows[] = {
		{ "aged seed=1 steps=20000 mix=0u:1:1", 1, 1 },
		{ "aged seed=1 steps=20000 mix=0u:1:100", 80, 120 },
		{ "aged seed=1 steps=20000 mix=0u:1:2000", 1800, 2200 },
		{ "aged seed=1 steps=20000 mix=0u:1:2000,0m:1:100", 950, 1150 },
		{ "aged seed=1 steps=50 mix=0u:1", 50, 50 },
		{ "aged seed=1 steps=0", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig rig = rig_up("mem=64M nr_cpus=1");
		struct kalloc_fragmentation *frag = apply(rows[i].text);

		if (nr_held(frag) < rows[i].least || nr_held(frag) > rows[i].most)
			fail_msg("%s: %lu held", rows[i].text, nr_held(frag));
		kalloc_fragment_release(frag);
		rig_down(&rig);
	}
}

/* Where room runs out, what has no life left to go by ends last and the oldest first. */
static void test_early_ends(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_fragmentation *frag =
		apply("aged seed=1 steps=60000 fraction=0.25 mix=0u:1:1000000000,1r:1");
	struct census census = census_of(frag);

	assert_true(census.blocks[0][MIGRATE_UNMOVABLE] < 10);
	assert_true(census.blocks[1][MIGRATE_RECLAIMABLE] > nr_began(&rig) / 16);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

static void test_failures(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1 kalloc.max_order=4");
	struct kalloc_fragmentation *frag = apply("aged seed=1 steps=1000 mix=5u:1,0u:1");

	/* A half is of an order that this machine does not have. */
	assert_in_range(measure(frag).nr_failed, 450, 550);
	assert_int_equal(nr_held(frag) + measure(frag).nr_failed, 1000);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* It stops at the min mark, as any request that is nothing special does. */
static void test_marks(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("aged seed=1 steps=40000 fraction=1 mix=0u:1");
	const struct zone *zone = frag->zone;

	assert_true(measure(frag).nr_failed > 10000);
	assert_in_range(zone_free_exact(frag->zone), zone->_watermark[WMARK_MIN] - 130,
			zone->_watermark[WMARK_MIN] + 130);
	assert_string_equal(said, "");
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* Ordinary requests fall back to other types' pageblocks, and some change their type. */
static void test_ordinary(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	unsigned long taken = 0, types[MIGRATE_TYPES] = { 0 };
	struct kalloc_fragmentation *frag;

	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
		taken += zone->pcp[cpu].flow.alloc_pages;
	frag = apply("aged seed=1 steps=20000");
	for (unsigned long pfn = zone->buddy.start_pfn; pfn < zone->buddy.end_pfn; pfn += 512)
		types[block_type(&zone->buddy, pfn)]++;
	assert_true(types[MIGRATE_UNMOVABLE] && types[MIGRATE_MOVABLE] &&
		    types[MIGRATE_RECLAIMABLE]);
	assert_true(zone->pcp[0].flow.alloc_pages >= taken + 20000);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),	 cmocka_unit_test(test_mix),
		cmocka_unit_test(test_lives),	 cmocka_unit_test(test_early_ends),
		cmocka_unit_test(test_failures), cmocka_unit_test(test_marks),
		cmocka_unit_test(test_ordinary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
