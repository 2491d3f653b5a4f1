/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/fragment.c: the index asked for is reached within 0.02 over orders,
 * targets and seeds, and every profile comes near what it expects; equal seeds hold equal
 * frames, also after compaction, and others do not; releasing restores the indices and
 * every frame; arguments out of range, and targets out of reach, are refused.
 */
#include "fragments.h"

/* A number that stands for which frames of the machine are free. */
static unsigned long fingerprint(const struct rig *rig)
{
	unsigned long hash = 0;
	struct zone *zone;

	for_each_zone(zone, rig->m->page) {
		if (!zone->managed_pages)
			continue;
		for (unsigned int order = 0; order <= zone->buddy.max_order; order++) {
			for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++) {
				const struct page *page;

				list_for_each_entry(page, &zone->buddy.area[order].list[mt],
						    buddy_list)
					hash += (pfn_of(rig->m, page) + 1) * 0x9e3779b97f4a7c15u ^
						order;
			}
		}
	}
	return hash;
}

/* --- profiles ----------------------------------------------------------- */

/*
 * Apply a target, compare what is reached, as the machine says it, and release it. The
 * zone is then as it was.
 */
static void reach(const struct rig *rig, unsigned int order, enum kalloc_fragment_index of,
		  double index, unsigned long seed)
{
	struct kalloc_fragment_report report;
	struct kalloc_fragmentation *frag;
	double reached;
	char text[128];

	snprintf(text, sizeof(text), "target order=%u index=%g of=%s seed=%lu ratio=1:1", order,
		 index, of == KALLOC_FRAGMENT_EXTFRAG ? "extfrag" : "unusable", seed);
	frag = apply(text);
	reached = of == KALLOC_FRAGMENT_EXTFRAG ? kalloc_extfrag_index(order)
						: kalloc_unusable_index(order);
	if (distance(reached, index) > 0.02)
		fail_msg("%s: %g", text, reached);
	report = measure(frag);
	assert_true(distance(report.level / 1000.0, index) < 0.001);
	assert_int_equal(report.level_order, order);
	if (of == KALLOC_FRAGMENT_EXTFRAG) {
		assert_int_equal(report.orders[order].extfrag, (int)(reached * 1000.0 + 0.5));
		assert_int_equal(report.orders[order].extfrag_target, (int)(index * 1000.0 + 0.5));
	} else {
		assert_int_equal(report.orders[order].unusable, (int)(reached * 1000.0 + 1e-9));
		assert_int_equal(report.orders[order].unusable_target, (int)(index * 1000.0 + 0.5));
	}
	assert_in_range(report.nr_held[MIGRATE_MOVABLE] - report.nr_held[MIGRATE_UNMOVABLE] + 1, 0,
			2);
	kalloc_fragment_release(frag);
	assert_int_equal(rig_free(rig), rig->nr_free);
}

/* 5 orders, 5 levels, 3 seeds; of both indices where they are defined. */
static void test_table(void **state)
{
	static const unsigned int orders[] = { 2, 4, 7, 9, 10 };
	static const double unusable[] = { 0.1, 0.3, 0.5, 0.75, 0.95 };
	/* The largest that order 2 has is 0.75, of single frames. */
	static const double extfrag[][5] = {
		{ 0.25, 0.5, 0.6, 0.7, 0.74 },	{ 0.25, 0.5, 0.6, 0.75, 0.9 },
		{ 0.25, 0.5, 0.7, 0.85, 0.97 }, { 0.25, 0.5, 0.7, 0.9, 0.99 },
		{ 0.3, 0.5, 0.75, 0.9, 0.99 },
	};
	static const unsigned long seeds[] = { 0, 1, 0xdeadbeef };
	struct rig rig = rig_up("mem=144M nr_cpus=1");

	for (size_t o = 0; o < ARRAY_SIZE(orders); o++) {
		for (size_t level = 0; level < ARRAY_SIZE(unusable); level += is_slow() ? 2 : 1) {
			for (size_t s = 0; s < (is_slow() ? 1 : ARRAY_SIZE(seeds)); s++) {
				reach(&rig, orders[o], KALLOC_FRAGMENT_UNUSABLE, unusable[level],
				      seeds[s]);
				reach(&rig, orders[o], KALLOC_FRAGMENT_EXTFRAG, extfrag[o][level],
				      seeds[s]);
			}
		}
	}
	rig_down(&rig);
}

/* The ends, and machines of other shapes. */
static void test_corners(void **state)
{
	static const char *const machines[] = {
		"mem=48M nr_cpus=1",
		"mem=80M nr_cpus=4 numa=fake=2",
		"mem=256M nr_cpus=1 kalloc.max_order=14",
		"mem=64M nr_cpus=1 kalloc.max_order=4",
		"mem=96M highmem=64M nr_cpus=1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		struct rig rig = rig_up(machines[i]);
		unsigned int order = (unsigned int)min(rig.m->params.max_order, 9UL);

		reach(&rig, order, KALLOC_FRAGMENT_UNUSABLE, 0.0, 1);
		reach(&rig, order, KALLOC_FRAGMENT_UNUSABLE, 1.0, 1);
		reach(&rig, 1, KALLOC_FRAGMENT_UNUSABLE, 0.5, 1);
		reach(&rig, order, KALLOC_FRAGMENT_EXTFRAG, 0.6, 1);
		rig_down(&rig);
	}
}

/* Memory that is fragmented already is brought down as well. */
static void test_down(void **state)
{
	struct rig rig = rig_up("mem=144M nr_cpus=1");
	struct kalloc_fragmentation *high = apply("target order=9 index=0.8"), *low;

	low = apply("target order=9 index=0.3");
	assert_true(distance(kalloc_unusable_index(9), 0.3) <= 0.02);
	kalloc_fragment_release(low);
	assert_true(distance(kalloc_unusable_index(9), 0.8) <= 0.02);
	kalloc_fragment_release(high);
	rig_down(&rig);
}

/* Frames that are held, and those that are free, after compaction too. */
struct picture {
	unsigned long long held;
	unsigned long free;
};

static struct picture picture_of(const char *text, bool compacted)
{
	struct rig rig = rig_up("mem=40M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply(text);
	struct picture picture;

	if (compacted)
		assert_true(kalloc_write("/proc/sys/vm/compact_memory", "1") > 0);
	picture.held = measure(frag).fingerprint;
	picture.free = fingerprint(&rig);
	kalloc_fragment_release(frag);
	rig_down(&rig);
	return picture;
}

static const char *const every_profile[] = {
	"checkerboard ratio=1:1",
	"random fraction=0.3 ratio=2:1",
	"unmovable-scatter fraction=0.5",
	"movable-only fraction=0.3",
	"aged steps=6000 fraction=0.6",
	"aged steps=6000 mix=0:5:100,3:1:1000,1m:2,2r:1 ratio=1:1",
	"target order=7 index=0.6 ratio=1:1",
	"target order=7 index=0.85 of=extfrag ratio=1:1",
};

static void test_equal_seeds(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(every_profile); i += is_slow() ? 2 : 1) {
		for (int compacted = is_slow(); compacted < 2; compacted++) {
			char with_seed[160];
			struct picture first, second, other;

			snprintf(with_seed, sizeof(with_seed), "%s seed=42", every_profile[i]);
			first = picture_of(with_seed, compacted);
			second = picture_of(with_seed, compacted);
			snprintf(with_seed, sizeof(with_seed), "%s seed=43", every_profile[i]);
			other = picture_of(with_seed, compacted);
			if (first.held != second.held || first.free != second.free)
				fail_msg("%s: other frames", every_profile[i]);
			if (first.held == other.held || first.free == other.free)
				fail_msg("%s: the seed makes no difference", every_profile[i]);
		}
	}
}

/* Profiles that say what to expect: both indices, at every order. */
static void test_expected(void **state)
{
	static const struct {
		const char *text;
		int slack; /* thousandths */
	} rows[] = {
		{ "checkerboard", 1 },	       { "checkerboard order=4", 2 },
		{ "random fraction=0.3", 12 }, { "random fraction=0.01", 25 },
		{ "unmovable-scatter", 5 },    { "movable-only fraction=0.5", 12 },
		{ "random fraction=0", 40 },   { "unmovable-scatter fraction=0.25", 60 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig rig = rig_up("mem=272M nr_cpus=1");
		struct kalloc_fragmentation *frag = apply(rows[i].text);
		struct kalloc_fragment_report report = measure(frag);

		for (unsigned int order = 0; order <= report.max_order; order++) {
			const struct kalloc_fragment_order *at = &report.orders[order];
			bool alike = (at->extfrag == -1000) == (at->extfrag_target == -1000);

			if (distance(at->unusable, at->unusable_target) > rows[i].slack ||
			    (alike && distance(at->extfrag, at->extfrag_target) > rows[i].slack))
				fail_msg("%s at order %u: %d for %d, %d for %d", rows[i].text,
					 order, at->unusable, at->unusable_target, at->extfrag,
					 at->extfrag_target);
			/* A last block by chance is the only way to differ. */
			if (!alike)
				assert_true(at->unusable >= 990);
		}
		kalloc_fragment_release(frag);
		rig_down(&rig);
	}
}

static void test_report(void **state)
{
	struct rig rig = rig_up("mem=80M nr_cpus=1 numa=fake=2");
	struct kalloc_fragmentation *frag = apply("random fraction=0.25 node=1 ratio=1:3");
	struct kalloc_fragment_report report = measure(frag);
	const struct zone *zone = rig_zone(&rig, 1, ZONE_DMA32);
	unsigned long nr = 0;

	assert_int_equal(report.nid, 1);
	assert_int_equal(report.zone, ZONE_DMA32);
	assert_int_equal(report.max_order, 10);
	assert_int_equal(report.nr_managed, zone->managed_pages);
	assert_int_equal(report.nr_free, zone_free_exact(frag->zone));
	for (unsigned int order = 0; order <= 10; order++)
		nr += report.orders[order].nr_free << order;
	assert_int_equal(nr, report.nr_free);
	assert_in_range(report.nr_held[MIGRATE_UNMOVABLE], 3 * report.nr_held[MIGRATE_MOVABLE],
			3 * report.nr_held[MIGRATE_MOVABLE] + 3);
	kalloc_fragment_release(frag);
	kalloc_fragment_release(NULL);
	rig_down(&rig);
}

/* Several at a time, released in any order. */
static void test_several(void **state)
{
	struct rig rig = rig_up("mem=80M nr_cpus=1");
	struct kalloc_fragmentation *a = apply("random fraction=0.1 zone=DMA32");
	struct kalloc_fragmentation *b = apply("checkerboard zone=DMA ratio=1:1");
	struct kalloc_fragmentation *c = apply("unmovable-scatter");

	assert_ptr_equal(a->zone, rig_zone(&rig, 0, ZONE_DMA32));
	assert_ptr_equal(b->zone, rig_zone(&rig, 0, ZONE_DMA));
	assert_ptr_equal(c->zone, rig_zone(&rig, 0, ZONE_DMA32));
	assert_int_equal(rig_free(&rig) + nr_held(a) + nr_held(b) + nr_held(c), rig.nr_free);
	kalloc_fragment(3, 0.9, 1);
	kalloc_fragment_release(b);
	kalloc_fragment_release(c);
	kalloc_defragment();
	assert_true(holding_ok(a));
	kalloc_fragment_release(a);
	rig_down(&rig);
}

static const struct {
	const char *machine, *text;
	int err;
	const char *message;
} refusals[] = {
	{ "mem=64M nr_cpus=1", "random node=1", -EINVAL, "this machine has no such zone" },
	{ "mem=64M nr_cpus=1", "random zone=Normal", -EINVAL, "this machine has no such zone" },
	{ "mem=64M nr_cpus=1", "target order=11 index=0.5", -EINVAL,
	  "order=11: the machine's largest is 10" },
	{ "mem=64M nr_cpus=1 kalloc.max_order=4", "checkerboard order=5", -EINVAL,
	  "order=5: the machine's largest is 4" },
	{ "mem=96M movablecore=64M nr_cpus=1", "random", -EINVAL,
	  "zone Movable holds only what can move: ratio=1:0, or another zone" },
	{ "mem=96M movablecore=64M nr_cpus=1", "unmovable-scatter zone=Movable", -EINVAL,
	  "zone Movable holds only" },
	{ "mem=96M movablecore=64M nr_cpus=1", "aged", -EINVAL, "zone Movable holds only" },
	{ "mem=96M movablecore=64M nr_cpus=1", "aged mix=0:1 ratio=1:1", -EINVAL,
	  "zone Movable holds only" },
	/* Between the last block of the order and none. */
	{ "mem=24M nr_cpus=1", "target order=10 index=0.7 zone=DMA32", -ERANGE,
	  "index=0.7 at order 10 cannot be had of what is free in zone DMA32: 0.498" },
	{ "mem=64M nr_cpus=1", "target order=3 index=0.95 of=extfrag", -ERANGE,
	  "index=0.95 at order 3 cannot be had of what is free in zone DMA32: 0.874" },
	{ "mem=64M nr_cpus=1", "target order=1 index=0.1 of=extfrag", -ERANGE,
	  "index=0.1 at order 1 cannot be had" },
};

static void test_refusals(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct rig rig = rig_up(refusals[i].machine);
		struct kalloc_fragment_profile profile = profile_of(refusals[i].text);
		struct kalloc_fragmentation *frag = NULL;
		unsigned long before = fingerprint(&rig);
		int err = kalloc_fragment_apply(&profile, &frag);

		if (err != refusals[i].err || !strstr(said, refusals[i].message) ||
		    said_count("\n") != 1)
			fail_msg("%s: %d, '%s' expected, said: %s", refusals[i].text, err,
				 refusals[i].message, said);
		assert_null(frag);
		assert_int_equal(fingerprint(&rig), before);
		assert_true(list_empty(&rig.m->page->fragmentations));
		rig_down(&rig);
	}
}

/* A struct that is not valid is not applied. */
static void test_invalid(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_fragment_profile profile = profile_of("random");
	struct kalloc_fragmentation *frag = NULL;

	profile.fraction = 2.0;
	assert_int_equal(kalloc_fragment_apply(&profile, &frag), -EINVAL);
	assert_non_null(strstr(said, "fraction 2: must be 0 to 1"));
	assert_null(frag);
	rig_down(&rig);
}

static void test_zone_movable(void **state)
{
	static const char *const texts[] = { "movable-only", "random ratio=1:0",
					     "target order=5 index=0.5 ratio=1:0",
					     "aged steps=1000 mix=0m:3,1:1 ratio=1:0" };
	struct rig rig = rig_up("mem=96M movablecore=64M nr_cpus=1");

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct kalloc_fragmentation *frag = apply(texts[i]);

		assert_int_equal(frag->zone->type, ZONE_MOVABLE);
		assert_int_equal(nr_held(frag), frag->nr_held[MIGRATE_MOVABLE]);
		kalloc_fragment_release(frag);
	}
	rig_down(&rig);
}

/* Nothing is left: unusable as a whole, and no request would fail for fragmentation. */
static void test_nothing_left(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_fragmentation *frag = apply("random fraction=1");

	assert_int_equal(measure(frag).nr_free, 0);
	for (unsigned int order = 0; order <= 10; order++) {
		assert_true(distance(kalloc_unusable_index(order), 1.0) < 1e-9);
		assert_true(distance(kalloc_extfrag_index(order), 0.0) < 1e-9);
	}
	kalloc_fragment_release(frag);
	assert_true(distance(kalloc_extfrag_index(9), -1.0) < 1e-9);
	rig_down(&rig);
}

/* Bytes of the record that a profile makes on a machine. */
static unsigned long record_of(const struct rig *rig)
{
	return ALIGN_UP(sizeof(struct kalloc_fragmentation) +
				pages_total(rig->m) * sizeof(struct held),
			PAGE_SIZE);
}

/* No memory of the host's for the record, or for what a profile needs besides. */
static void test_no_memory(void **state)
{
	static const struct {
		const char *text;
		bool has_record;
		int err;
	} rows[] = {
		{ "random fraction=0", false, -ENOMEM },
		{ "random fraction=0", true, 0 },
		{ "unmovable-scatter", true, -ENOMEM },
		{ "aged", true, -ENOMEM },
	};
	struct rig rig;

	if (is_slow())
		skip();
	rig = rig_up("mem=3G nr_cpus=1");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kalloc_fragment_profile profile = profile_of(rows[i].text);
		struct kalloc_fragmentation *frag = NULL;
		struct rlimit before;
		int err;

		said_clear();
		before = host_gives(rows[i].has_record ? record_of(&rig) : PAGE_SIZE);
		err = kalloc_fragment_apply(&profile, &frag);
		host_gives_again(before);
		assert_int_equal(err, rows[i].err);
		assert_string_equal(said, err ? "kalloc: fragment: no memory for the record of "
						"what is held\n"
					      : "");
		kalloc_fragment_release(frag);
		assert_true(list_empty(&rig.m->page->fragmentations));
	}
	rig_down(&rig);
}

static void test_no_memory_for_short(void **state)
{
	struct rlimit before;
	struct rig rig;
	double index;

	if (is_slow())
		skip();
	rig = rig_up("mem=3G nr_cpus=1");
	before = host_gives(PAGE_SIZE);
	index = kalloc_fragment(9, 0.5, 1);
	host_gives_again(before);
	assert_true(index == -ENOMEM);
	kalloc_defragment();
	rig_down(&rig);
}

/* --- kalloc_fragment() --------------------------------------------------- */

static void test_targets(void **state)
{
	static const unsigned int orders[] = { 1, 2, 3, 5, 8, 9, 10 };
	static const double targets[] = { 0.1, 0.25, 0.5, 0.75, 0.9, 1.0 };
	static const unsigned long seeds[] = { 0, 1, 0xdeadbeef };

	for (size_t o = 0; o < ARRAY_SIZE(orders); o++) {
		/* Large orders need many blocks for a share to be near the target. */
		struct rig rig = rig_up(orders[o] < 8 ? "mem=48M nr_cpus=1" : "mem=768M nr_cpus=1");

		for (size_t t = 0; t < ARRAY_SIZE(targets); t++) {
			size_t s = (o + t) % ARRAY_SIZE(seeds);
			double before = kalloc_unusable_index(orders[o]);
			double index = kalloc_fragment(orders[o], targets[t], seeds[s]);

			assert_true(before < 0.1);
			assert_true(distance(index, targets[t]) <= 0.02);
			assert_true(distance(index, kalloc_unusable_index(orders[o])) < 1e-9);
			rig_free(&rig);
			kalloc_defragment();
			assert_int_equal(rig_free(&rig), rig.nr_free);
			assert_true(distance(before, kalloc_unusable_index(orders[o])) < 1e-9);
		}
		rig_down(&rig);
	}
}

static void test_seeds(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	unsigned long first, other;

	kalloc_fragment(4, 0.6, 42);
	first = fingerprint(&rig);
	rig_down_lost(&rig, rig.nr_free - rig_free(&rig));

	/* The same on another machine; another seed differs. */
	rig = rig_up("mem=64M nr_cpus=1");
	kalloc_fragment(4, 0.6, 42);
	assert_int_equal(fingerprint(&rig), first);
	rig_down_lost(&rig, rig.nr_free - rig_free(&rig));

	rig = rig_up("mem=64M nr_cpus=1");
	kalloc_fragment(4, 0.6, 43);
	other = fingerprint(&rig);
	assert_int_not_equal(other, first);
	kalloc_defragment();
	rig_down(&rig);
}

/* It means what it says: at index 1 no such block is to be had, yet memory is. */
static void test_effect(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct page *page;

	assert_true(distance(kalloc_fragment(9, 1.0, 7), 1.0) < 1e-9);
	assert_true(rig_free(&rig) > rig.nr_free * 9 / 10);
	for (unsigned int order = 0; order <= 8; order++) {
		page = alloc_pages(GFP_KERNEL, order);
		assert_ptr_equal(page_zone(page), rig_zone(&rig, 0, ZONE_DMA32));
		__free_pages(page, order);
	}
	page = alloc_pages(GFP_KERNEL, 9);
	assert_true(!page || page_zone(page) != rig_zone(&rig, 0, ZONE_DMA32));
	if (page)
		__free_pages(page, 9);
	kalloc_defragment();
	page = alloc_pages(GFP_KERNEL, 9);
	assert_ptr_equal(page_zone(page), rig_zone(&rig, 0, ZONE_DMA32));
	__free_pages(page, 9);
	rig_down(&rig);
}

/* Called again it goes on from there, and never back. */
static void test_again(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	assert_true(distance(kalloc_fragment(5, 0.3, 1), 0.3) <= 0.02);
	assert_true(distance(kalloc_fragment(5, 0.7, 2), 0.7) <= 0.02);
	assert_true(distance(kalloc_fragment(5, 0.2, 3), 0.7) <= 0.02);
	assert_true(kalloc_unusable_index(0) < 1e-9);
	assert_true(kalloc_unusable_index(1) < kalloc_unusable_index(5));
	assert_true(kalloc_unusable_index(5) < kalloc_unusable_index(9));
	kalloc_defragment();
	kalloc_defragment();
	rig_down(&rig);
}

/* Frames that somebody uses stay what they are. */
static void test_among_used(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct page *pages[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = alloc_pages(GFP_KERNEL, i % 4);
		memset(page_address(pages[i]), (int)i, PAGE_SIZE);
	}
	kalloc_fragment(6, 0.8, 5);
	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		assert_int_equal(page_count(pages[i]), 1);
		assert_int_equal(*(unsigned char *)page_address(pages[i]), i);
		__free_pages(pages[i], i % 4);
	}
	kalloc_defragment();
	rig_down(&rig);
}

static void test_refused(void **state)
{
	static const struct {
		unsigned int order;
		double target;
	} rows[] = {
		{ 0, 0.5 }, { 11, 0.5 }, { 64, 0.5 }, { 5, -0.01 }, { 5, 1.01 }, { 5, 0.0 / 0.0 },
	};
	struct rig rig = rig_up("mem=64M nr_cpus=1");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_true(kalloc_fragment(rows[i].order, rows[i].target, 1) == -EINVAL);
	assert_true(kalloc_unusable_index(11) == -EINVAL);
	assert_true(kalloc_extfrag_index(11) == -EINVAL);
	assert_int_equal(rig_free(&rig), rig.nr_free);

	/* Nothing to do is not refused. */
	assert_true(distance(kalloc_fragment(3, 0.0, 1), kalloc_unusable_index(3)) < 1e-9);
	assert_int_equal(rig_free(&rig), rig.nr_free);
	kalloc_defragment();
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_corners),
		cmocka_unit_test(test_down),
		cmocka_unit_test(test_equal_seeds),
		cmocka_unit_test(test_expected),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_zone_movable),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_no_memory_for_short),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_effect),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_among_used),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
