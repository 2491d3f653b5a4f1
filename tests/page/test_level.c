/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/level.c: a level that a load leaves, up or down, is come back to, by
 * pinning what became whole and by letting go of what is held alone; a zone near its level
 * is left alone; fillers do not pile up; a level that cannot be had is said so, and come as
 * near to as it can be.
 */
#include "fragments.h"

#include "base/rand.h"
#include "page/level.h"

#define MOST 4096

/* Blocks that somebody else has. */
struct user {
	struct page *page[MOST];
	unsigned int order[MOST], nr;
};

static struct user user;

static void user_take(unsigned int order, gfp_t gfp)
{
	struct page *page = alloc_pages(gfp | __GFP_DMA32 | __GFP_NOWARN | __GFP_NORETRY, order);

	assert_true(user.nr < MOST);
	if (!page)
		return;
	user.page[user.nr] = page;
	user.order[user.nr++] = order;
}

static void user_give(unsigned int at)
{
	__free_pages(user.page[at], user.order[at]);
	user.page[at] = user.page[--user.nr];
	user.order[at] = user.order[user.nr];
}

static void user_give_all(void)
{
	while (user.nr)
		user_give(user.nr - 1);
}

/* A load of mixed orders that rises and falls. Return: the farthest the index was off. */
static double run_load(struct kalloc_fragmentation *frag, unsigned int rounds)
{
	struct rand rand = { 7 };
	double farthest = 0;

	for (unsigned int round = 0; round < rounds; round++) {
		bool rising = round % 4 < 2;

		for (int step = 0; step < 2500; step++) {
			bool take = rand_below(&rand, 3) ? rising : !rising;

			if (take)
				user_take(rand_below(&rand, 6),
					  rand_below(&rand, 2) ? GFP_KERNEL : GFP_HIGHUSER_MOVABLE);
			else if (user.nr)
				user_give(rand_below(&rand, user.nr));
		}
		pages_drain(frag->zone->room->m);
		farthest = max(farthest, distance(level_now(frag), frag->level.index));
		if (kalloc_fragment_sustain(frag))
			fail_msg("round %u: %g, the level is %g", round, level_now(frag),
				 frag->level.index);
		assert_true(level_is_at(frag));
		assert_true(distance(level_now(frag), frag->level.index) <= 0.02);
		assert_true(holding_ok(frag));
	}
	return farthest;
}

static const char *const loads[] = {
	"target order=9 index=0.5",
	"target order=9 index=0.8 ratio=1:1",
	"target order=5 index=0.3",
	"target order=3 index=0.6 ratio=1:0",
	"target order=9 index=0.9 of=extfrag",
	"target order=9 index=0.8 of=extfrag ratio=1:1",
	"unmovable-scatter",
	"random fraction=0.1",
	"aged steps=5000 fraction=0.3",
};

static void test_under_load(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(loads); i += is_slow() ? 3 : 1) {
		struct rig rig = rig_up("mem=144M nr_cpus=1");
		struct kalloc_fragmentation *frag = apply(loads[i]);
		double farthest = run_load(frag, 16);

		/* Or it proves nothing. */
		if (farthest <= 0.02)
			fail_msg("%s: the load moved the index by %g only", loads[i], farthest);
		user_give_all();
		kalloc_fragment_release(frag);
		rig_down(&rig);
	}
}

/* What others make whole is pinned, what they take is let go of. */
static void test_both_ways(void **state)
{
	struct rig rig = rig_up("mem=144M nr_cpus=1");
	struct kalloc_fragmentation *frag;
	unsigned long nr, more;

	for (int i = 0; i < 20; i++)
		user_take(10, GFP_KERNEL);
	frag = apply("target order=9 index=0.5 seed=4");
	nr = nr_held(frag);

	user_give_all();
	assert_true(level_now(frag) < 0.35);
	assert_int_equal(kalloc_fragment_sustain(frag), 0);
	more = nr_held(frag);
	assert_true(more > nr + 10);

	for (int i = 0; i < 10; i++)
		user_take(10, GFP_KERNEL);
	assert_true(level_now(frag) > 0.6);
	assert_int_equal(kalloc_fragment_sustain(frag), 0);
	assert_true(nr_held(frag) < more);
	/* Let go of, not filled against: what is held is pins. */
	assert_in_range(nr_held(frag), nr, more - 5);
	user_give_all();
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* Whoever else keeps a unit from being whole, nothing is let go of there. */
static void test_shared_units(void **state)
{
	struct rig rig = rig_up("mem=144M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("target order=9 index=1 seed=4");
	unsigned long nr = nr_held(frag);
	struct list_head taken = LIST_INIT(taken);
	struct page *page, *next;

	/* One frame in every unit is somebody's: of each 256, the first. */
	rig_exhaust(&taken, GFP_HIGHUSER_MOVABLE | __GFP_MEMALLOC, 0);
	list_for_each_entry_safe(page, next, &taken, lru) {
		if (page_zone(page) == frag->zone && page_to_pfn(page) % 256 == 0)
			continue;
		list_del(&page->lru);
		__free_page(page);
	}
	pages_drain(rig.m);
	frag->level.index = 0.5;
	assert_int_equal(kalloc_fragment_sustain(frag), -ERANGE);
	assert_int_equal(nr_held(frag), nr);
	assert_true(level_now(frag) >= 1.0);

	rig_release(&taken, 0);
	pages_drain(rig.m);
	assert_int_equal(kalloc_fragment_sustain(frag), 0);
	assert_true(nr_held(frag) < nr);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

static void test_left_alone(void **state)
{
	struct rig rig = rig_up("mem=144M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("target order=9 index=0.5 ratio=1:1");
	unsigned long long before = measure(frag).fingerprint;

	user_take(0, GFP_KERNEL);
	user_take(3, GFP_KERNEL);
	assert_int_equal(kalloc_fragment_sustain(frag), 0);
	assert_true(measure(frag).fingerprint == before);
	user_give_all();
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* A small zone at a large order has to be filled for: anew each time, not more and more. */
static void test_fillers(void **state)
{
	struct rig rig = rig_up("mem=80M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("target order=10 index=0.53");
	unsigned long first = nr_held(frag);

	assert_true(first > 100);
	for (int i = 0; i < 20; i++) {
		user_take(9, GFP_KERNEL);
		user_take(10, GFP_KERNEL);
		kalloc_fragment_sustain(frag);
		user_give_all();
		assert_int_equal(kalloc_fragment_sustain(frag), 0);
		assert_true(nr_held(frag) < 2 * first + 1024);
	}
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* To let go of units takes a bit for each frame; without it everything stays as it is. */
static void test_no_memory(void **state)
{
	struct kalloc_fragmentation *frag;
	struct rlimit before;
	unsigned long nr;
	struct rig rig;
	int err;

	if (is_slow())
		skip();
	rig = rig_up("mem=3G nr_cpus=1");
	frag = apply("target order=10 index=0.1");
	nr = nr_held(frag);
	frag->level.index = 0.02;
	before = host_gives(PAGE_SIZE);
	err = kalloc_fragment_sustain(frag);
	host_gives_again(before);
	assert_int_equal(err, -ENOMEM);
	assert_int_equal(nr_held(frag), nr);
	assert_int_equal(kalloc_fragment_sustain(frag), 0);
	assert_true(nr_held(frag) < nr);
	kalloc_fragment_release(frag);
	rig_down(&rig);
}

/* The level of a profile without an index: where it is nearest to one half. */
static void test_level_of(void **state)
{
	static const struct {
		const char *text;
		unsigned int order;
		double least, most;
	} rows[] = {
		{ "checkerboard", 1, 1.0, 1.0 },	   { "checkerboard order=4", 5, 1.0, 1.0 },
		{ "unmovable-scatter", 8, 0.48, 0.52 },	   { "random fraction=0.5", 1, 0.48, 0.52 },
		{ "random fraction=0.01", 7, 0.70, 0.74 }, /* 1 - 0.99^127 */
		{ "random fraction=0", 10, 0.0, 0.1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig rig = rig_up("mem=144M nr_cpus=1");
		struct kalloc_fragmentation *frag = apply(rows[i].text);
		struct kalloc_fragment_report report = measure(frag);

		assert_int_equal(report.level_of, KALLOC_FRAGMENT_UNUSABLE);
		if (report.level_order != rows[i].order)
			fail_msg("%s: order %u", rows[i].text, report.level_order);
		assert_in_range(report.level, (int)(rows[i].least * 1000),
				(int)(rows[i].most * 1000));
		kalloc_fragment_release(frag);
		rig_down(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_under_load),   cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_shared_units), cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_fillers),	     cmocka_unit_test(test_level_of),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
