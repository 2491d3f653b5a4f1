/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/inspect.c: the runs that a visitor is shown tile every zone
 * exactly, and what they say agrees with the zones' own lists and counts; and each frame in
 * use tells who asked for it.
 */
#include <kalloc/inspect.h>
#include <kalloc/reclaim.h>

#include "rig.h"

struct seen {
	struct kalloc_machine *m;
	const struct zone *zone; /* being walked */
	unsigned long next;	 /* pfn expected */
	unsigned long nr_zones;
	unsigned long state[MAX_NR_ZONES][5];		/* frames */
	unsigned long free[MAX_NR_ZONES][BUDDY_ORDERS]; /* blocks */
	unsigned long free_of[MIGRATE_TYPES];		/* frames */
};

static unsigned long zone_end(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

static void see(void *ctx, const struct kalloc_block *block)
{
	struct seen *seen = ctx;
	const struct zone *zone = &seen->m->page->nodes[block->node].zones[block->zone];

	if (zone != seen->zone) {
		if (seen->zone)
			assert_int_equal(seen->next, zone_end(seen->zone));
		seen->zone = zone;
		seen->next = zone->zone_start_pfn;
		seen->nr_zones++;
	}
	assert_int_equal(block->pfn, seen->next);
	seen->next += 1UL << block->order;
	assert_in_range(seen->next, 0, zone_end(zone));
	assert_int_equal(block->migratetype, block_type(&zone->buddy, block->pfn));
	assert_in_range(block->state, 0, 4);
	seen->state[block->zone][block->state] += 1UL << block->order;
	if (block->state == KALLOC_FRAMES_FREE) {
		seen->free[block->zone][block->order]++;
		seen->free_of[block->migratetype] += 1UL << block->order;
	}
}

/* Walk the current machine, of one node, and compare it with its zones. */
static struct seen walk(const struct rig *rig)
{
	struct seen seen = { .m = rig->m };
	unsigned long nr_zones = 0;

	kalloc_inspect_frames(see, &seen);
	assert_non_null(seen.zone);
	assert_int_equal(seen.next, zone_end(seen.zone));
	for (int type = 0; type < MAX_NR_ZONES && rig->m->page->layout.nr_nodes == 1; type++) {
		struct zone *zone = rig_zone(rig, 0, (enum zone_type)type);
		unsigned long on_cpus = 0, *state = seen.state[type];

		if (!zone->managed_pages)
			continue;
		nr_zones++;
		for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
			on_cpus += zone->pcp[cpu].count;
		assert_int_equal(state[KALLOC_FRAMES_FREE], zone_free_exact(zone));
		assert_int_equal(state[KALLOC_FRAMES_PCP], on_cpus);
		assert_int_equal(state[KALLOC_FRAMES_HOLE],
				 zone->spanned_pages - zone->managed_pages);
		assert_int_equal(state[KALLOC_FRAMES_FREE] + state[KALLOC_FRAMES_PCP] +
					 state[KALLOC_FRAMES_USED] + state[KALLOC_FRAMES_SLAB],
				 zone->managed_pages);
		for (unsigned int order = 0; order < BUDDY_ORDERS; order++)
			assert_int_equal(seen.free[type][order], zone->buddy.area[order].nr_free);
	}
	if (nr_zones)
		assert_int_equal(seen.nr_zones, nr_zones);
	return seen;
}

static void test_tiles(void **state)
{
	static const char *const cmdlines[] = {
		"mem=4M nr_cpus=1",
		"mem=16M nr_cpus=1",
		"mem=77M nr_cpus=1",
		"mem=64M highmem=16M movablecore=8M nr_cpus=2",
		"mem=64M nr_cpus=1 kalloc.max_order=4",
		"mem=2G nr_cpus=1 kalloc.max_order=18",
		"mem=4G nr_cpus=1",
		"mem=4G highmem=2G nr_cpus=1",
		"mem=128M numa=fake=3 nr_cpus=1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		struct rig rig = rig_up(cmdlines[i]);
		struct page *page = alloc_pages(GFP_KERNEL, 0);

		walk(&rig);
		__free_page(page);
		walk(&rig);
		rig_down(&rig);
	}
}

/* Each way to use frames is seen as what it is. */
static void test_states(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct seen before = walk(&rig), after;
	struct page *plain = alloc_pages(GFP_KERNEL, 5);
	struct page *compound = alloc_pages(GFP_KERNEL | __GFP_COMP, 6);
	struct page *slab = alloc_pages(GFP_KERNEL | __GFP_COMP, 4), *single;

	page_set_slab(slab);
	after = walk(&rig);
	assert_int_equal(after.state[ZONE_DMA32][KALLOC_FRAMES_USED],
			 before.state[ZONE_DMA32][KALLOC_FRAMES_USED] + 32 + 64);
	assert_int_equal(after.state[ZONE_DMA32][KALLOC_FRAMES_SLAB],
			 before.state[ZONE_DMA32][KALLOC_FRAMES_SLAB] + 16);
	page_clear_slab(slab);
	__free_pages(slab, 4);
	__free_pages(compound, 6);
	__free_pages(plain, 5);

	single = alloc_page(GFP_KERNEL | __GFP_MOVABLE);
	plain = alloc_pages(GFP_KERNEL | __GFP_MOVABLE, 3);
	__free_page(single);
	__free_pages(plain, 3);
	after = walk(&rig);
	assert_true(after.state[ZONE_DMA32][KALLOC_FRAMES_PCP] >= 9);
	pages_drain(rig.m);
	after = walk(&rig);
	assert_int_equal(after.state[ZONE_DMA32][KALLOC_FRAMES_PCP], 0);
	rig_down(&rig);
}

static void see_uses(void *ctx, const struct kalloc_block *block)
{
	unsigned long *frames = ctx;

	if (block->state == KALLOC_FRAMES_USED)
		frames[block->use] += 1UL << block->order;
	else
		assert_int_equal(block->use, KALLOC_USE_PLAIN);
}

/* What reclaim and compaction may do with frames in use is seen. */
static void test_uses(void **state)
{
	static const struct movable_operations nobody = { 0 };
	static const struct kalloc_mapping_ops no_ops = { 0 };
	struct kalloc_mapping owner = { .ops = &no_ops };
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct page *file = alloc_page(GFP_KERNEL), *anon = alloc_page(GFP_KERNEL);
	struct page *other = alloc_page(GFP_KERNEL);
	struct page *movable = alloc_page(GFP_KERNEL), *plain = alloc_pages(GFP_KERNEL, 3);
	unsigned long frames[4] = { 0 }, before[4] = { 0 };

	kalloc_inspect_frames(see_uses, before);
	kalloc_lru_add(file, &owner, KALLOC_PAGE_CLEAN);
	kalloc_lru_add(other, &owner, KALLOC_PAGE_DIRTY);
	kalloc_lru_add(anon, &owner, KALLOC_PAGE_ANON);
	__SetPageMovable(movable, &nobody);
	kalloc_inspect_frames(see_uses, frames);
	assert_int_equal(frames[KALLOC_USE_FILE], 2);
	assert_int_equal(frames[KALLOC_USE_ANON], 1);
	assert_int_equal(frames[KALLOC_USE_MOVABLE], 1);
	assert_int_equal(frames[KALLOC_USE_PLAIN], before[KALLOC_USE_PLAIN] - 4);

	__ClearPageMovable(movable);
	assert_true(kalloc_lru_remove(file));
	assert_true(kalloc_lru_remove(other));
	assert_true(kalloc_lru_remove(anon));
	__free_page(file);
	__free_page(other);
	__free_page(anon);
	__free_page(movable);
	__free_pages(plain, 3);
	rig_down(&rig);
}

/* After thousands of seeded steps it still adds up, and types are those of the lists. */
static void test_after_use(void **state)
{
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE };
	struct rig rig = rig_up("mem=24M nr_cpus=1");
	struct page *pages[512] = { NULL };
	unsigned int orders[512];
	unsigned long random = 1;
	struct seen seen;

	for (int step = 0; step < 4000; step++) {
		unsigned int i;

		random = random * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned int)(random >> 33) % 512;
		if (pages[i]) {
			__free_pages(pages[i], orders[i]);
			pages[i] = NULL;
		} else {
			orders[i] = (unsigned int)(random >> 50) % 6;
			pages[i] = alloc_pages(GFP_NOWAIT | __GFP_NOWARN | types[i % 3], orders[i]);
		}
		if (step % 500 == 0)
			walk(&rig);
	}
	seen = walk(&rig);
	assert_true(seen.free_of[MIGRATE_UNMOVABLE] + seen.free_of[MIGRATE_RECLAIMABLE] > 0);
	for (unsigned int i = 0; i < 512; i++) {
		if (pages[i])
			__free_pages(pages[i], orders[i]);
	}
	rig_down(&rig);
}

static never_inline struct page *take_block(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order);

	/* Not the last call, which would not be on the stack. */
	assert_non_null(page);
	return page;
}

/* Whether a return address of @entries leads into take_block(). */
static bool has_taker(const unsigned long *entries, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		if (entries[i] - (unsigned long)take_block < 512)
			return true;
	}
	return false;
}

static void test_page_stack(void **state)
{
	struct rig rig = rig_up("mem=16M nr_cpus=1 page_owner=on");
	unsigned long entries[16];
	struct page *page = take_block(3);

	for (int i = 0; i < 8; i++)
		assert_true(has_taker(entries, kalloc_page_stack(page + i, entries, 16)));
	assert_int_equal(kalloc_page_stack(page, entries, 1), 1);
	assert_int_equal(kalloc_page_stack(page, entries, 0), 0);
	split_page(page, 3);
	__free_page(page + 5);
	assert_int_equal(kalloc_page_stack(page + 5, entries, 16), 0);
	assert_true(has_taker(entries, kalloc_page_stack(page + 6, entries, 16)));
	for (int i = 0; i < 8; i++) {
		if (i != 5)
			__free_page(page + i);
	}
	assert_int_equal(kalloc_page_stack(page, entries, 16), 0);
	rig_down(&rig);

	rig = rig_up("mem=16M nr_cpus=1");
	page = take_block(0);
	assert_int_equal(kalloc_page_stack(page, entries, 16), 0);
	__free_page(page);
	rig_down(&rig);
	assert_int_equal(kalloc_page_stack((struct page *)entries, entries, 16), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tiles),	   cmocka_unit_test(test_states),
		cmocka_unit_test(test_uses),	   cmocka_unit_test(test_after_use),
		cmocka_unit_test(test_page_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
