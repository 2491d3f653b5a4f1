/* SPDX-License-Identifier: MIT */
/*
 * Proves that a zone's state can be read and put in place: what was put in is read back,
 * a machine goes on from it exactly as the one that it was read from, everything
 * inconsistent is refused with its reason and changes nothing, and what lies outside the
 * state's range is left to its owners.
 */
#include <kalloc/slab.h>
#include <kalloc/state.h>

#include "rig.h"

/* Node 1 begins a block before the zone of the tests, at frame 0x4400. */
#define CMDLINE "kalloc.nodes=64M,36M nr_cpus=2 kalloc.daemons=step"
#define START	0x4400UL
#define FRAMES	0x1ff0UL /* the last pageblock is not whole */

static struct kalloc_zone_state state_read(void)
{
	struct kalloc_zone_state state = { .nid = 1, .zone = ZONE_DMA32 };

	assert_int_equal(kalloc_zone_export(&state), -ENOSPC);
	state.max_free = state.nr_free;
	state.max_pcp = state.nr_pcp;
	state.max_blocks = state.nr_blocks;
	state.free = calloc(state.max_free + 1, sizeof(*state.free));
	state.pcp = calloc(state.max_pcp + 1, sizeof(*state.pcp));
	state.blocks = calloc(state.max_blocks, sizeof(*state.blocks));
	assert_int_equal(kalloc_zone_export(&state), 0);
	return state;
}

static void state_free(struct kalloc_zone_state *state)
{
	free(state->free);
	free(state->pcp);
	free(state->blocks);
}

static void assert_entries_equal(const struct kalloc_state_free *a, unsigned long nr_a,
				 const struct kalloc_state_free *b, unsigned long nr_b)
{
	assert_int_equal(nr_a, nr_b);
	for (unsigned long i = 0; i < nr_a; i++) {
		assert_int_equal(a[i].pfn, b[i].pfn);
		assert_int_equal(a[i].list, b[i].list);
		assert_int_equal(a[i].migratetype, b[i].migratetype);
	}
}

static void assert_states_equal(const struct kalloc_zone_state *a,
				const struct kalloc_zone_state *b)
{
	/* The numbers lie in a row, from the start to the CPU's factor. */
	assert_memory_equal(&a->start_pfn, &b->start_pfn,
			    (const char *)(&a->pcp_free_factor + 1) - (const char *)&a->start_pfn);
	assert_entries_equal(a->free, a->nr_free, b->free, b->nr_free);
	assert_entries_equal(a->pcp, a->nr_pcp, b->pcp, b->nr_pcp);
	assert_int_equal(a->nr_blocks, b->nr_blocks);
	for (unsigned long i = 0; i < a->nr_blocks; i++) {
		assert_int_equal(a->blocks[i].pfn, b->blocks[i].pfn);
		assert_int_equal(a->blocks[i].migratetype, b->blocks[i].migratetype);
		assert_int_equal(a->blocks[i].nr_movable, b->blocks[i].nr_movable);
	}
}

/* A small state that is consistent: one block and four frames free, two on the CPU. */
struct sample {
	struct kalloc_zone_state state;
	struct kalloc_state_free free[3];
	struct kalloc_state_free pcp[2];
	struct kalloc_state_block blocks[FRAMES / 512 + 1];
};

static void sample_make(struct sample *sample)
{
	*sample = (struct sample){
		.state = {
			.nid = 1,
			.zone = ZONE_DMA32,
			.start_pfn = START,
			.spanned_pages = FRAMES,
			.managed_pages = FRAMES - 100,
			.mark_min = 10,
			.mark_low = 12,
			.mark_high = 15,
			.watermark_boost = 7,
			.lowmem_reserve = { [ZONE_MOVABLE] = 3 },
			.nr_reserved_highatomic = 512,
			.nr_free_folded = 1027,
			.nr_free_unfolded = 1,
			.stat_threshold = 9,
			.pcp_count = 9,
			.pcp_high = 60,
			.pcp_batch = 15,
			.pcp_free_factor = 2,
			.free = sample->free,
			.pcp = sample->pcp,
			.blocks = sample->blocks,
			.nr_free = 3,
			.nr_pcp = 2,
			.nr_blocks = FRAMES / 512 + 1,
		},
		.free = {
			{ START + 4, 1, MIGRATE_UNMOVABLE },
			{ START + 8, 1, MIGRATE_UNMOVABLE },
			{ START + 0x400, 10, MIGRATE_MOVABLE },
		},
		.pcp = {
			{ START + 1, 1, MIGRATE_HIGHATOMIC },
			{ START + 0x208, 9, MIGRATE_UNMOVABLE },
		},
	};
	for (unsigned long i = 0; i < sample->state.nr_blocks; i++)
		sample->blocks[i] =
			(struct kalloc_state_block){ START + i * 512, MIGRATE_MOVABLE, 0 };
	sample->blocks[0].migratetype = MIGRATE_UNMOVABLE;
	sample->blocks[1].migratetype = MIGRATE_HIGHATOMIC;
	sample->blocks[1].nr_movable = 504;
}

static struct zone *zone_under_test(struct kalloc_machine *m)
{
	return &m->page->nodes[1].zones[ZONE_DMA32];
}

static void test_what_goes_in_comes_out(void **state)
{
	struct rig rig = rig_up(CMDLINE);
	struct kalloc_zone_state out;
	struct zone *zone;
	struct sample sample;

	sample_make(&sample);
	zone = zone_under_test(rig.m);
	assert_int_not_equal(zone->stat_threshold, sample.state.stat_threshold);
	/* The other CPU holds frames and has something unfolded: it is forgotten. */
	kalloc_set_cpu(1);
	__free_page(alloc_pages_node(1, GFP_NOWAIT, 0));
	kalloc_set_cpu(0);
	assert_int_not_equal(zone->pcp[1].count, 0);
	zone->pcp[1].free_diff = 1;
	assert_int_equal(kalloc_zone_import(&sample.state), 0);
	out = state_read();
	assert_states_equal(&out, &sample.state);
	assert_true(buddy_ok(&zone->buddy));
	assert_true(pcp_ok(&zone->pcp[0]));
	assert_int_equal(zone_free_exact(zone), 1028);
	assert_int_equal(zone->pcp[1].count, 0);
	assert_int_equal(zone->lowmem_reserve[zone_ranks[ZONE_MOVABLE]], 3);

	/* The head of the CPU's list, and where it goes. */
	assert_int_equal(page_to_pfn(alloc_pages_node(1, GFP_NOWAIT | __GFP_MOVABLE, 0)),
			 START + 1);
	state_free(&out);
	kalloc_enter(NULL);
	kalloc_halt(rig.m);
	kalloc_set_console(NULL, NULL);
}

/* A fixed mix that takes and gives at every order; @pfns receives what came of it. */
static void play(unsigned long *pfns, unsigned int nr)
{
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE, __GFP_HIGH };
	struct page *live[64] = { NULL };
	unsigned int orders[64];
	unsigned int random = 1;

	for (unsigned int i = 0; i < nr; i++) {
		unsigned int at;

		random = random * 1103515245 + 12345;
		at = random >> 16 & 63;
		if (live[at]) {
			__free_pages(live[at], orders[at]);
			live[at] = NULL;
			pfns[i] = 1;
			continue;
		}
		orders[at] = (random >> 22 & 15) % 11;
		live[at] = alloc_pages_node(
			1, GFP_NOWAIT | __GFP_NOWARN | __GFP_THISNODE | types[random >> 28 & 3],
			orders[at]);
		pfns[i] = live[at] ? page_to_pfn(live[at]) : 0;
	}
	for (int at = 0; at < 64; at++) {
		if (live[at])
			__free_pages(live[at], orders[at]);
	}
}

/*
 * One machine plays, is read, and plays on; a second one gets what was read and plays the
 * same. The first one's zone is narrowed before, so that it holds nothing of the machine's.
 */
static void test_machine_goes_on_alike(void **state)
{
	enum {
		NR = 3000
	};
	static unsigned long first[NR], second[NR];
	struct rig rig = rig_up(CMDLINE), other;
	struct kalloc_zone_state middle, end, other_end;
	struct sample sample;

	sample_make(&sample);
	assert_int_equal(kalloc_zone_import(&sample.state), 0);
	play(first, NR);
	middle = state_read();
	play(first, NR);
	end = state_read();

	other = rig_up(CMDLINE);
	assert_int_equal(kalloc_zone_import(&middle), 0);
	play(second, NR);
	other_end = state_read();
	assert_memory_equal(first, second, sizeof(first));
	assert_states_equal(&end, &other_end);

	state_free(&middle);
	state_free(&end);
	state_free(&other_end);
	kalloc_enter(NULL);
	kalloc_halt(other.m);
	kalloc_halt(rig.m);
	kalloc_set_console(NULL, NULL);
}

/* A zone that nobody touched: its virgin blocks are entries like others. */
static void test_virgin_zone(void **state)
{
	struct rig rig = rig_up("kalloc.nodes=64M,36M nr_cpus=1");
	struct kalloc_zone_state out = state_read();
	struct rig other;
	unsigned long pfn;

	assert_int_equal(out.start_pfn, START - 1024);
	assert_int_equal(out.free[out.nr_free - 1].pfn, START + 7 * 1024);
	assert_int_equal(out.free[out.nr_free - 1].list, 10);
	for (unsigned long i = 0; i < out.nr_free; i++) {
		if (out.free[i].pfn == START)
			break;
		assert_true(i + 1 < out.nr_free);
	}
	pfn = page_to_pfn(alloc_pages_node(1, GFP_NOWAIT | __GFP_MOVABLE, 10));
	other = rig_up("kalloc.nodes=60M,40M nr_cpus=1");
	assert_int_equal(kalloc_zone_import(&out), 0);
	assert_int_equal(page_to_pfn(alloc_pages_node(1, GFP_NOWAIT | __GFP_MOVABLE, 10)), pfn);
	state_free(&out);
	kalloc_enter(NULL);
	kalloc_halt(other.m);
	kalloc_halt(rig.m);
	kalloc_set_console(NULL, NULL);
}

struct refusal {
	void (*spoil)(struct sample *sample);
	const char *why;
};

#define SPOIL(name, ...)                                 \
	static void name(struct sample *s)               \
	{                                                \
		struct kalloc_zone_state *z = &s->state; \
                                                         \
		(void)z;                                 \
		__VA_ARGS__;                             \
	}

SPOIL(no_node, z->nid = 2)
SPOIL(no_zone, z->zone = ZONE_NORMAL)
SPOIL(no_cpu, z->cpu = 2)
SPOIL(before_zone, z->start_pfn = 0x3f00)
SPOIL(past_zone, z->spanned_pages = 0x2001)
SPOIL(no_frames, z->spanned_pages = 0)
SPOIL(too_many_managed, z->managed_pages = FRAMES + 1)
SPOIL(marks_descend, z->mark_low = 9)
SPOIL(too_much_reserved, z->nr_reserved_highatomic = FRAMES)
SPOIL(large_threshold, z->stat_threshold = 126)
SPOIL(past_threshold, z->nr_free_unfolded = -10)
SPOIL(no_batch, z->pcp_batch = 0)
SPOIL(large_factor, z->pcp_free_factor = 6)
SPOIL(block_missing, z->nr_blocks--)
SPOIL(block_twice, s->blocks[3].pfn = s->blocks[2].pfn)
SPOIL(block_too_many, z->spanned_pages -= 512, z->managed_pages -= 512)
SPOIL(block_type_bad, s->blocks[3].migratetype = MIGRATE_TYPES)
SPOIL(order_bad, s->free[0].list = 11)
SPOIL(type_bad, s->free[0].migratetype = MIGRATE_TYPES)
SPOIL(free_outside, s->free[0].pfn = START + FRAMES)
SPOIL(free_across_end, s->free[2].pfn = START + 0x1c00)
SPOIL(free_not_aligned, s->free[0].pfn = START + 5)
SPOIL(free_overlap, s->free[1].pfn = START + 4)
SPOIL(free_overlaps_pcp, s->pcp[0].pfn = START + 0x4ff)
SPOIL(free_count, z->nr_free_folded++)
SPOIL(list_bad, s->pcp[0].list = 14)
SPOIL(noted_bad, s->pcp[0].migratetype = MIGRATE_ISOLATE)
SPOIL(pcp_not_aligned, s->pcp[1].pfn += 4)
SPOIL(pcp_count_bad, z->pcp_count--)
SPOIL(not_merged, s->free[1].pfn = START + 6)
SPOIL(too_many_movable, s->blocks[1].nr_movable = 505)

static const struct refusal refusals[] = {
	{ no_node, "node 2, zone 1, CPU 0: there is none" },
	{ no_zone, "node 1, zone 2, CPU 0: there is none" },
	{ no_cpu, "CPU 2: there is none" },
	{ before_zone, "from 3f00: the zone has 4000 to 6400" },
	{ past_zone, "8193 frames from 4400: the zone has 4000 to 6400" },
	{ no_frames, "0 frames from 4400" },
	{ too_many_managed, "8177 frames managed of 8176" },
	{ marks_descend, "marks 10, 9, 15 do not ascend" },
	{ too_much_reserved, "8176 frames reserved of 8076" },
	{ large_threshold, "threshold 126: at most 125" },
	{ past_threshold, "-10 free frames unfolded, the threshold is 9" },
	{ no_batch, "batch 0" },
	{ large_factor, "free factor 6: at most 5" },
	{ block_missing, "pageblock 6200 is missing" },
	{ block_twice, "pageblock 4800: 4a00 was next" },
	{ block_too_many, "pageblock 6200: past the zone's end" },
	{ block_type_bad, "pageblock 4a00: type 5" },
	{ order_bad, "block 4404: no free list of order 11, type 0" },
	{ type_bad, "block 4404: no free list of order 1, type 5" },
	{ free_outside, "block 63f0 of order 1: outside the zone" },
	{ free_across_end, "block 6000 of order 10: outside the zone" },
	{ free_not_aligned, "block 4405: not aligned to order 1" },
	{ free_overlap, "block 4404 of order 1: frame 4404 is free twice" },
	{ free_overlaps_pcp, "block 48ff of order 0: frame 48ff is free twice" },
	{ free_count, "1028 frames on free lists, counted as 1029" },
	{ list_bad, "block 4401: no per-CPU list 14, type 3" },
	{ noted_bad, "block 4401: no per-CPU list 1, type 4" },
	{ pcp_not_aligned, "block 460c: not aligned to order 3" },
	{ pcp_count_bad, "9 frames on per-CPU lists, counted as 8" },
	{ not_merged, "block 4404 of order 1: its buddy is free, too" },
	{ too_many_movable, "pageblock 4600: 505 frames movable, 504 in use" },
};

static void test_refusals(void **state)
{
	struct rig rig = rig_up(CMDLINE);
	struct kalloc_zone_state before = state_read(), after;
	struct sample sample;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		sample_make(&sample);
		refusals[i].spoil(&sample);
		said_clear();
		assert_int_equal(kalloc_zone_import(&sample.state), -EINVAL);
		if (!strstr(said, refusals[i].why))
			fail_msg("'%s' expected, said: %s", refusals[i].why, said);
		assert_int_equal(said_count("\n"), 1);
	}
	after = state_read();
	assert_states_equal(&before, &after);
	state_free(&before);
	state_free(&after);
	rig_down(&rig);
}

static void test_export_refusals(void **state)
{
	struct rig rig = rig_up(CMDLINE);
	struct kalloc_zone_state no_node = { .nid = -1, .zone = ZONE_DMA32 };
	struct kalloc_zone_state no_zone = { .nid = 1, .zone = ZONE_DMA };
	struct kalloc_zone_state no_cpu = { .nid = 1, .zone = ZONE_DMA32, .cpu = 2 };

	assert_int_equal(kalloc_zone_export(&no_node), -EINVAL);
	assert_int_equal(kalloc_zone_export(&no_zone), -EINVAL);
	assert_int_equal(kalloc_zone_export(&no_cpu), -EINVAL);
	rig_down(&rig);
}

/* One frame in use is enough, also one before the range in the same largest block. */
static void test_busy(void **state)
{
	struct rig rig = rig_up(CMDLINE);
	struct kalloc_zone_state before, after;
	struct list_head others = LIST_INIT(others);
	struct page *block;
	struct sample sample;

	sample_make(&sample);
	for (;;) {
		block = alloc_pages_node(1, GFP_NOWAIT | __GFP_MOVABLE, 10);
		if (page_to_pfn(block) == START)
			break;
		list_add(&block->lru, &others);
	}
	rig_release(&others, 10);
	before = state_read();
	said_clear();
	assert_int_equal(kalloc_zone_import(&sample.state), -EBUSY);
	assert_non_null(strstr(said, "frame 4400 of the zone is in use"));
	after = state_read();
	assert_states_equal(&before, &after);
	__free_pages(block, 10);
	assert_int_equal(kalloc_zone_import(&sample.state), 0);

	state_free(&before);
	state_free(&after);
	kalloc_enter(NULL);
	kalloc_halt(rig.m);
	kalloc_set_console(NULL, NULL);
}

/* What lies before the range keeps its owner, and giving it back does not bring it in. */
static void test_outside_is_left_alone(void **state)
{
	struct rig rig = rig_up(CMDLINE);
	struct page *page = alloc_pages_node(1, GFP_NOWAIT, 0), *got;
	char *object = kmalloc_node(64, GFP_NOWAIT, 1);
	struct sample sample;

	assert_in_range(page_to_pfn(page), START - 1024, START - 1);
	strcpy(object, "still here");
	sample_make(&sample);
	assert_int_equal(kalloc_zone_import(&sample.state), 0);
	assert_int_equal(page_count(page), 2);
	__free_pages(page, 0);
	assert_int_equal(page_count(page), 1);
	assert_string_equal(object, "still here");
	kfree(object);
	while ((got = alloc_pages_node(1, GFP_NOWAIT | __GFP_NOWARN | __GFP_THISNODE, 0)))
		assert_in_range(page_to_pfn(got), START, START + FRAMES - 1);

	kalloc_enter(NULL);
	kalloc_halt(rig.m);
	kalloc_set_console(NULL, NULL);
}

/* Nobody has the frames that the state says are movable: they stay where they are. */
static void test_compaction(void **state)
{
	struct rig rig = rig_up(CMDLINE);
	struct kalloc_zone_state out;
	struct sample sample;

	sample_make(&sample);
	sample.blocks[6].nr_movable = 20;
	assert_int_equal(kalloc_zone_import(&sample.state), 0);
	assert_int_equal(kalloc_write("/proc/sys/vm/compact_memory", "1"), 1);
	assert_true(lru_ok(&rig.m->page->nodes[1].lru));
	out = state_read();
	assert_int_equal(out.blocks[6].nr_movable, sample.blocks[6].nr_movable);
	state_free(&out);

	kalloc_enter(NULL);
	kalloc_halt(rig.m);
	kalloc_set_console(NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_goes_in_comes_out),
		cmocka_unit_test(test_machine_goes_on_alike),
		cmocka_unit_test(test_virgin_zone),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_export_refusals),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_outside_is_left_alone),
		cmocka_unit_test(test_compaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
