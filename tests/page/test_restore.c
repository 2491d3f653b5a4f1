/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/restore.c: a layout that is put into a fresh machine has the state it was
 * saved with, list by list; what was held is held again, moves if it could move, is let go
 * of by releasing; and what cannot be is refused with one line and nothing changed.
 */
#include "fragments.h"

/* Zones that begin a block behind their node's first frames, as a state's has to. */
#define MACHINE "kalloc.nodes=28M,36M nr_cpus=1"
#define FRESH	"kalloc.nodes=24M,40M nr_cpus=1"

struct saved {
	struct kalloc_zone_state state;
	struct kalloc_fragment_block *blocks;
	unsigned long nr, max;
};

static void add_block(void *ctx, const struct kalloc_fragment_block *block)
{
	struct saved *saved = ctx;

	assert_true(saved->nr < saved->max);
	saved->blocks[saved->nr++] = *block;
}

static struct kalloc_zone_state export(void)
{
	struct kalloc_zone_state state = { .nid = 1, .zone = ZONE_DMA32 };

	assert_int_equal(kalloc_zone_export(&state), -ENOSPC);
	state.max_free = state.nr_free;
	state.max_pcp = state.nr_pcp;
	state.max_blocks = state.nr_blocks;
	state.free = calloc(state.nr_free + 1, sizeof(*state.free));
	state.pcp = calloc(state.nr_pcp + 1, sizeof(*state.pcp));
	state.blocks = calloc(state.nr_blocks + 1, sizeof(*state.blocks));
	assert_int_equal(kalloc_zone_export(&state), 0);
	return state;
}

static void state_free(struct kalloc_zone_state *state)
{
	free(state->free);
	free(state->pcp);
	free(state->blocks);
}

static void assert_same(const struct kalloc_zone_state *a, const struct kalloc_zone_state *b)
{
	assert_int_equal(a->start_pfn, b->start_pfn);
	assert_int_equal(a->nr_free_folded, b->nr_free_folded);
	assert_int_equal(a->nr_free_unfolded, b->nr_free_unfolded);
	assert_int_equal(a->watermark_boost, b->watermark_boost);
	assert_int_equal(a->pcp_count, b->pcp_count);
	assert_int_equal(a->nr_free, b->nr_free);
	assert_int_equal(a->nr_pcp, b->nr_pcp);
	assert_int_equal(a->nr_blocks, b->nr_blocks);
	for (unsigned long i = 0; i < a->nr_free; i++) {
		assert_int_equal(a->free[i].pfn, b->free[i].pfn);
		assert_int_equal(a->free[i].list, b->free[i].list);
		assert_int_equal(a->free[i].migratetype, b->free[i].migratetype);
	}
	for (unsigned long i = 0; i < a->nr_blocks; i++) {
		assert_int_equal(a->blocks[i].migratetype, b->blocks[i].migratetype);
		assert_int_equal(a->blocks[i].nr_movable, b->blocks[i].nr_movable);
	}
}

static struct saved save(struct kalloc_fragmentation *frag)
{
	struct saved saved = { .state = export(), .max = nr_held(frag) + 1 };

	saved.blocks = calloc(saved.max, sizeof(*saved.blocks));
	kalloc_fragment_visit(frag, add_block, &saved);
	return saved;
}

static void saved_free(struct saved *saved)
{
	state_free(&saved->state);
	free(saved->blocks);
}

/* Frames that @frag holds and free frames, as one number. */
static unsigned long long picture_of(struct kalloc_fragmentation *frag)
{
	struct kalloc_fragment_report report = measure(frag);
	unsigned long long sum = report.fingerprint;

	for (unsigned int order = 0; order <= report.max_order; order++)
		sum = sum * 31 + report.orders[order].nr_free;
	return sum;
}

static void test_round_trip(void **state)
{
	static const char *const texts[] = {
		"checkerboard ratio=1:1 node=1",
		"random fraction=0.3 ratio=2:1 node=1",
		"unmovable-scatter node=1",
		"movable-only fraction=0.4 node=1",
		"target order=7 index=0.6 ratio=1:1 node=1",
		"aged steps=30000 node=1", /* no block stays unused: compaction steps over those */
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i += is_slow() ? 2 : 1) {
		struct rig rig = rig_up(MACHINE), fresh;
		struct kalloc_fragment_profile profile = profile_of(texts[i]);
		struct kalloc_fragmentation *frag = apply(texts[i]), *again = NULL;
		struct kalloc_fragment_report before = measure(frag), after;
		struct saved saved = save(frag);
		unsigned long long compacted;
		struct kalloc_zone_state restored;

		/* What compaction makes of it here ... */
		kalloc_write("/proc/sys/vm/compact_memory", "1");
		compacted = picture_of(frag);
		kalloc_fragment_release(frag);
		rig_down(&rig);

		fresh = rig_up(FRESH);
		if (kalloc_fragment_restore(&saved.state, saved.blocks, saved.nr, &profile, &again))
			fail_msg("%s: %s", texts[i], said);
		assert_true(holding_ok(again));
		restored = export();
		assert_same(&saved.state, &restored);
		after = measure(again);
		assert_memory_equal(after.orders, before.orders, sizeof(after.orders));
		assert_true(after.fingerprint == before.fingerprint);
		assert_int_equal(after.level_order, before.level_order);
		assert_int_equal(after.level, before.level);

		/* ... it makes of it there. */
		kalloc_write("/proc/sys/vm/compact_memory", "1");
		assert_true(picture_of(again) == compacted);

		assert_int_equal(kalloc_fragment_sustain(again), 0);
		kalloc_fragment_release(again);
		rig_free(&fresh);
		kalloc_enter(NULL);
		kalloc_halt(fresh.m);
		state_free(&restored);
		saved_free(&saved);
	}
}

/* The machines give the same frames from there on. */
static void test_goes_on_alike(void **state)
{
	struct rig rig = rig_up(MACHINE);
	struct kalloc_fragmentation *frag = apply("random fraction=0.2 ratio=1:1 node=1 seed=6");
	struct saved saved = save(frag);
	unsigned long pfns[200];

	for (unsigned int i = 0; i < ARRAY_SIZE(pfns); i++) {
		struct page *page = alloc_pages_node(1, GFP_NOWAIT | __GFP_THISNODE, i % 3);

		pfns[i] = page_to_pfn(page);
	}
	kalloc_enter(NULL);
	kalloc_halt(rig.m);

	rig = rig_up(FRESH);
	assert_int_equal(kalloc_fragment_restore(&saved.state, saved.blocks, saved.nr, NULL, &frag),
			 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(pfns); i++) {
		struct page *page = alloc_pages_node(1, GFP_NOWAIT | __GFP_THISNODE, i % 3);

		assert_int_equal(page_to_pfn(page), pfns[i]);
	}
	/* Without a profile there are no targets. */
	assert_int_equal(measure(frag).orders[3].unusable_target, KALLOC_FRAGMENT_NO_TARGET);
	kalloc_enter(NULL);
	kalloc_halt(rig.m);
	saved_free(&saved);
}

/* Two frames of @saved that are held side by side, the first even. */
static unsigned long find_pair(const struct saved *saved)
{
	for (unsigned long i = 0; i < saved->nr; i++) {
		for (unsigned long j = 0; saved->blocks[i].pfn % 2 == 0 && j < saved->nr; j++) {
			if (saved->blocks[j].pfn == saved->blocks[i].pfn + 1)
				return saved->blocks[i].pfn;
		}
	}
	fail();
	return 0;
}

/* What is refused is not there afterwards, and the zone is what it was. */
static void test_refused(void **state)
{
	struct rig rig = rig_up(MACHINE);
	struct kalloc_fragmentation *frag = apply("random fraction=0.3 ratio=1:1 node=1 seed=6");
	struct saved saved = save(frag);
	struct kalloc_fragment_profile bad = { .kind = KALLOC_FRAGMENT_KINDS };
	const struct kalloc_fragment_block first = saved.blocks[0];
	struct kalloc_zone_state before, after;
	unsigned long free_pfn = saved.state.free[0].pfn;
	struct {
		struct kalloc_fragment_block block;
		const char *message;
	} rows[] = {
		{ { .pfn = free_pfn }, "not in use in the zone" },
		{ { .pfn = saved.blocks[1].pfn }, "held twice" },
		{ { .pfn = 0x100 }, "block 100 of order 0" },
		{ { .pfn = saved.state.start_pfn + saved.state.spanned_pages }, "not in use" },
		{ { .pfn = first.pfn, .order = 11 }, "of order 11" },
		{ { .pfn = first.pfn, .order = 200 }, "of order 200" },
		{ { .pfn = first.pfn & ~1UL, .order = 1, .migratetype = MIGRATE_MOVABLE },
		  "type 1: " },
		{ { .pfn = first.pfn | 1, .order = 1 }, "of order 1" },
		{ { .pfn = first.pfn, .migratetype = MIGRATE_HIGHATOMIC }, "type 3: " },
	};

	kalloc_fragment_release(frag);
	rig_down(&rig);
	rig = rig_up(FRESH);
	before = export();
	frag = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		said_clear();
		saved.blocks[0] = rows[i].block;
		assert_int_equal(kalloc_fragment_restore(&saved.state, saved.blocks, saved.nr, NULL,
							 &frag),
				 -EINVAL);
		if (!strstr(said, rows[i].message) || said_count("\n") != 1)
			fail_msg("row %zu: '%s' expected, said: %s", i, rows[i].message, said);
	}
	/* Only single frames can move. */
	saved.blocks[0] = (struct kalloc_fragment_block){ find_pair(&saved), 1, MIGRATE_MOVABLE };
	said_clear();
	assert_int_equal(kalloc_fragment_restore(&saved.state, saved.blocks, 1, NULL, &frag),
			 -EINVAL);
	assert_non_null(strstr(said, "of order 1, type 1: "));

	saved.blocks[0] = first;
	said_clear();
	assert_int_equal(kalloc_fragment_restore(&saved.state, saved.blocks, saved.nr, &bad, &frag),
			 -EINVAL);
	assert_non_null(strstr(said, "kind 6: there is none"));
	bad = profile_of("target order=11 index=0.5");
	assert_int_equal(kalloc_fragment_restore(&saved.state, saved.blocks, saved.nr, &bad, &frag),
			 -EINVAL);
	assert_non_null(strstr(said, "order=11: the machine's largest is 10"));

	/* What the import refuses. */
	saved.state.nid = 7;
	assert_int_equal(kalloc_fragment_restore(&saved.state, saved.blocks, saved.nr, NULL, &frag),
			 -EINVAL);
	assert_non_null(strstr(said, "node 7, zone 1: there is none"));
	saved.state.nid = 1;
	saved.state.mark_low = saved.state.mark_high + 1;
	assert_int_equal(kalloc_fragment_restore(&saved.state, saved.blocks, saved.nr, NULL, &frag),
			 -EINVAL);
	assert_non_null(strstr(said, "do not ascend"));
	assert_null(frag);
	assert_true(list_empty(&rig.m->page->fragmentations));
	after = export();
	assert_same(&before, &after);
	state_free(&before);
	state_free(&after);
	saved_free(&saved);
	rig_down(&rig);
}

static void test_no_memory(void **state)
{
	struct kalloc_fragmentation *frag = NULL;
	struct kalloc_zone_state state_now;
	struct rlimit before;
	struct rig rig;
	int err;

	if (is_slow())
		skip();
	rig = rig_up(MACHINE);
	state_now = export();
	before = host_gives(PAGE_SIZE);
	err = kalloc_fragment_restore(&state_now, NULL, 0, NULL, &frag);
	host_gives_again(before);
	assert_int_equal(err, -ENOMEM);
	assert_string_equal(said, "kalloc: fragment: no memory for the record of what is held\n");
	assert_null(frag);
	state_free(&state_now);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_goes_on_alike),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
