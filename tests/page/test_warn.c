/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/warn.c: the report of a failed request has the kernel's first line
 * and true numbers, is held back by __GFP_NOWARN, and comes at most once in ten
 * seconds, with a count of those held back.
 */
#include "rig.h"
#include "text.h"

/* What the report must say about a zone, counted here from its lists. */
static void zone_expect(struct text *text, struct zone *zone)
{
	unsigned long total = 0;

	text_add(text, "Node %d %s: ", zone->nid, zone->name);
	for (unsigned int order = 0; order <= 10; order++) {
		unsigned long nr[MIGRATE_TYPES], sum = 0;

		for (int mt = 0; mt < MIGRATE_TYPES; mt++)
			sum += nr[mt] = buddy_count(&zone->buddy, order, (enum migratetype)mt);
		total += sum << order;
		text_add(text, "%lu*%ukB ", sum, 4u << order);
		if (sum)
			text_add(text, "(%s%s%s) ", nr[MIGRATE_UNMOVABLE] ? "U" : "",
				 nr[MIGRATE_MOVABLE] ? "M" : "",
				 nr[MIGRATE_RECLAIMABLE] ? "E" : "");
	}
	text_add(text, "= %lukB\n", total * 4);
}

static void test_text(void **state)
{
	struct rig rig = rig_up("mem=20M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);
	struct zone *dma = rig_zone(&rig, 0, ZONE_DMA), *dma32 = rig_zone(&rig, 0, ZONE_DMA32);
	struct zone *zones[] = { dma, dma32 };
	char expect[8192];
	struct text text = text_on(expect, sizeof(expect));

	rig_exhaust(&taken, GFP_ATOMIC, 0);
	assert_string_equal(said, "");
	assert_null(alloc_page(GFP_ATOMIC));
	text_add(&text, "kalloc: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC), "
			"nodemask=(null),cpuset=/,mems_allowed=0\nMem-Info:\n");
	for (size_t i = 0; i < 2; i++)
		text_add(&text,
			 "Node 0 %s free:%ldkB boost:%lukB min:%lukB low:%lukB high:%lukB "
			 "reserved_highatomic:%luKB present:%lukB managed:%lukB free_pcp:%ukB\n",
			 zones[i]->name, zones[i]->free_pages * 4, zones[i]->watermark_boost * 4,
			 zone_mark(zones[i], WMARK_MIN) * 4, zone_mark(zones[i], WMARK_LOW) * 4,
			 zone_mark(zones[i], WMARK_HIGH) * 4, zones[i]->nr_reserved_highatomic * 4,
			 zones[i]->present_pages * 4, zones[i]->managed_pages * 4,
			 zones[i]->pcp->count * 4);
	zone_expect(&text, dma);
	zone_expect(&text, dma32);
	assert_string_equal(said, expect);
	rig_release(&taken, 0);
	rig_down(&rig);
}

/* The first line for other requests, and on a machine of several nodes. */
static void test_first_line(void **state)
{
	static const struct {
		const char *cmdline;
		gfp_t gfp;
		unsigned int order;
		const char *line;
	} rows[] = {
		{ "mem=8M nr_cpus=1", GFP_KERNEL | __GFP_NORETRY | __GFP_COMP, 10,
		  "kalloc: page allocation failure: order:10, "
		  "mode:0x50cc0(GFP_KERNEL|__GFP_NORETRY|__GFP_COMP), "
		  "nodemask=(null),cpuset=/,mems_allowed=0\n" },
		{ "mem=8M nr_cpus=1", GFP_NOWAIT, 10,
		  "kalloc: page allocation failure: order:10, mode:0x800(GFP_NOWAIT), "
		  "nodemask=(null),cpuset=/,mems_allowed=0\n" },
		{ "mem=8M nr_cpus=1", 0, 10,
		  "kalloc: page allocation failure: order:10, mode:0x0(), "
		  "nodemask=(null),cpuset=/,mems_allowed=0\n" },
		{ "mem=16M numa=fake=2 nr_cpus=1", GFP_NOWAIT, 10,
		  "kalloc: page allocation failure: order:10, mode:0x800(GFP_NOWAIT), "
		  "nodemask=(null),cpuset=/,mems_allowed=0-1\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig rig = rig_up(rows[i].cmdline);
		struct list_head taken = LIST_INIT(taken);

		rig_exhaust(&taken, GFP_NOWAIT, 10);
		assert_null(alloc_pages(rows[i].gfp, rows[i].order));
		assert_memory_equal(said, rows[i].line, strlen(rows[i].line));
		rig_release(&taken, 10);
		rig_down(&rig);
	}
}

static void test_rate(void **state)
{
	struct rig rig = rig_up("mem=8M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);

	rig_exhaust(&taken, GFP_NOWAIT, 10);
	assert_string_equal(said, "");
	for (int i = 0; i < 4; i++)
		assert_null(alloc_pages(GFP_NOWAIT, 10));
	assert_int_equal(said_count("page allocation failure"), 1);
	assert_int_equal(said_count("callbacks suppressed"), 0);

	/* As if ten seconds had gone by. */
	rig.m->page->warn_limit.begin_ms -= 10001;
	said_clear();
	assert_null(alloc_pages(GFP_NOWAIT, 10));
	assert_memory_equal(said, "warn_alloc: 3 callbacks suppressed\nkalloc: page allocation",
			    58);
	rig_release(&taken, 10);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_first_line),
		cmocka_unit_test(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
