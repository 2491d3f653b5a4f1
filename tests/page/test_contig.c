/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/contig.c and isolate.c: that exactly the frames asked for are had,
 * free ones, virgin ones, and such as hold pages that can move; that whatever cannot be
 * had leaves everything as it was; and that isolated frames are neither counted free
 * nor handed out.
 */
#include "follower.h"

#include "page/contig.h"

static struct rig rig;
static struct zone *zone;
static struct follower owner;
static struct list_head held = { &held, &held };

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=2 kalloc.daemons=step");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	follower_init(&owner);
	return 0;
}

static int down(void **state)
{
	follower_release(&owner);
	rig_release(&held, 0);
	pages_drain(rig.m);
	lists_check(&rig);
	assert_int_equal(zone->nr_isolated_blocks, 0);
	for (unsigned int at = 0; at <= zone->buddy.max_order; at++)
		assert_int_equal(buddy_count(&zone->buddy, at, MIGRATE_ISOLATE), 0);
	rig_down(&rig);
	return 0;
}

static int alloc_range(unsigned long start, unsigned long nr)
{
	return alloc_contig_range(start, start + nr, MIGRATE_MOVABLE, GFP_KERNEL);
}

/* The range is had, its frames are single and ours; give it back. */
static void check_and_free(unsigned long start, unsigned long nr)
{
	unsigned long before = rig_free(&rig);

	for (unsigned long pfn = start; pfn < start + nr; pfn++) {
		struct page *page = pfn_to_page(pfn);

		assert_int_equal(page_count(page), 1);
		assert_false(frame_is_free(page));
		assert_int_equal(page_to_nid(page), 0);
		assert_ptr_equal(page_zone(page), zone);
		assert_null(page->mapping);
		memset(page_address(page), 0xee, PAGE_SIZE);
	}
	for (unsigned long pfn = ALIGN_DOWN(start, 512UL); pfn < start + nr; pfn += 512)
		assert_int_equal(block_type(&zone->buddy, pfn), MIGRATE_MOVABLE);
	free_contig_range(start, nr);
	pages_drain(rig.m);
	assert_int_equal(rig_free(&rig), before + nr);
}

/* In free memory, virgin for the most part: any place, any size. */
static void test_free_memory(void **state)
{
	static const struct {
		unsigned long offset, nr;
	} rows[] = {
		{ 0x800, 1 },	 { 0x801, 1 },	 { 0x9ff, 2 },	   { 0x800, 512 }, { 0xa00, 512 },
		{ 0x700, 1024 }, { 0x123, 777 }, { 0x1000, 4096 }, { 0x2fff, 1 },  { 0x200, 3000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned long start = zone->zone_start_pfn + rows[i].offset % zone->spanned_pages;
		unsigned long before = rig_free(&rig);

		assert_int_equal(alloc_range(start, rows[i].nr), 0);
		assert_int_equal(rig_free(&rig), before - rows[i].nr);
		check_and_free(start, rows[i].nr);
	}
}

/* Free memory is as whole after it as before. */
static void test_restored(void **state)
{
	unsigned long nr[BUDDY_ORDERS];

	for (unsigned int at = 0; at <= zone->buddy.max_order; at++)
		nr[at] = zone->buddy.area[at].nr_free;
	assert_int_equal(alloc_range(zone->zone_start_pfn + 0x923, 1500), 0);
	check_and_free(zone->zone_start_pfn + 0x923, 1500);
	for (unsigned int at = 0; at <= zone->buddy.max_order; at++)
		assert_int_equal(zone->buddy.area[at].nr_free, nr[at]);
}

/* What is in the way moves, with its contents; nothing else does. */
static void test_moves(void **state)
{
	unsigned long start = zone->zone_start_pfn + 0x500, nr = 0x600, inside = 0;

	follower_fragment(&owner, zone, 8, KALLOC_PAGE_ANON, &held);
	for (unsigned long i = 0; i < owner.nr; i++)
		inside += page_to_pfn(owner.slot[i]) >= start &&
			  page_to_pfn(owner.slot[i]) < start + nr;
	assert_true(inside > 0);
	assert_int_equal(alloc_range(start, nr), 0);
	assert_int_equal(owner.nr_moved, inside);
	follower_check(&owner);
	lists_check(&rig);
	check_and_free(start, nr);
	follower_check(&owner);
}

/* One page that cannot move: nothing is had, nothing is lost, what moved has moved. */
static void test_busy(void **state)
{
	unsigned long start = zone->zone_start_pfn + 0x400, nr = 0x400, before;
	struct page *fixed = NULL;
	struct page *page;

	follower_fragment(NULL, zone, 8, KALLOC_PAGE_ANON, &held);
	list_for_each_entry(page, &held, lru) {
		if (page_to_pfn(page) == start + 0x301)
			fixed = page;
	}
	assert_non_null(fixed);
	before = rig_free(&rig);
	assert_int_equal(alloc_range(start, nr), -EBUSY);
	assert_int_equal(rig_free(&rig), before);
	/* Beside it there is room. */
	assert_int_equal(alloc_range(page_to_pfn(fixed) + 1, 7), 0);
	check_and_free(page_to_pfn(fixed) + 1, 7);
	assert_int_equal(alloc_range(page_to_pfn(fixed), 8), -EBUSY);
}

/* It looks movable, and is not: found out late, and undone. */
static void test_busy_late(void **state)
{
	unsigned long start = zone->zone_start_pfn + 0x400, before;

	follower_fragment(&owner, zone, 8, KALLOC_PAGE_CLEAN, &held);
	for (unsigned long i = 0; i < owner.nr; i++)
		get_page(owner.slot[i]);
	pages_drain(rig.m);
	before = rig_free(&rig);
	assert_int_equal(alloc_range(start, 512), -EBUSY);
	pages_drain(rig.m);
	assert_int_equal(rig_free(&rig), before);
	assert_int_equal(zone->nr_isolated_blocks, 0);
	assert_true(page_event(rig.m, PGMIGRATE_FAIL) > 0);
	for (unsigned long i = 0; i < owner.nr; i++)
		put_page(owner.slot[i]);
	follower_check(&owner);
	assert_int_equal(alloc_range(start, 512), 0);
	check_and_free(start, 512);
}

/* The pages could move, but there is nowhere to. */
static void test_no_memory(void **state)
{
	unsigned long start = zone->zone_start_pfn + 0x400;
	struct list_head taken = { &taken, &taken };
	int err;

	follower_fragment(&owner, zone, 2, KALLOC_PAGE_ANON, &held);
	rig_exhaust(&taken, __GFP_MOVABLE | __GFP_MEMALLOC, 0);
	err = alloc_contig_range(start + 1, start + 2, MIGRATE_MOVABLE, GFP_NOWAIT);
	assert_int_equal(err, -ENOMEM);
	follower_check(&owner);
	rig_release(&taken, 0);
	assert_int_equal(alloc_range(start + 1, 1), 0);
	check_and_free(start + 1, 1);
}

static void test_invalid(void **state)
{
	unsigned long start = zone->zone_start_pfn, end = start + zone->spanned_pages;
	unsigned long before = rig_free(&rig);
	static const struct {
		unsigned long start, end;
		unsigned int mt;
		int err;
	} rows[] = {
		{ 0x2000, 0x2000, MIGRATE_MOVABLE, -EINVAL },
		{ 0x2001, 0x2000, MIGRATE_MOVABLE, -EINVAL },
		{ 0x2000, 0x2001, MIGRATE_ISOLATE, -EINVAL },
		{ 0x2000, 0x2001, MIGRATE_HIGHATOMIC, -EINVAL },
		{ 0x0ff0, 0x1010, MIGRATE_MOVABLE, -EINVAL }, /* two zones */
		{ 0x00a0, 0x00b0, MIGRATE_MOVABLE, -EINVAL }, /* a hole */
		{ 0x0010, 0x0011, MIGRATE_MOVABLE, -EBUSY },  /* reserved */
		{ ~0UL - 5, ~0UL, MIGRATE_MOVABLE, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(alloc_contig_range(rows[i].start, rows[i].end, rows[i].mt,
						    GFP_KERNEL),
				 rows[i].err);
	assert_int_equal(alloc_contig_range(end - 1, end + 1, MIGRATE_MOVABLE, GFP_KERNEL),
			 -EINVAL);
	assert_int_equal(rig_free(&rig), before);
	assert_int_equal(alloc_range(0x100, 0x40), 0);
	free_contig_range(0x100, 0x40);
	pages_drain(rig.m);
	assert_int_equal(rig_free(&rig), before);
}

/* While isolated: not counted, not handed out, not isolated twice; freed frames stay. */
static void test_isolated(void **state)
{
	struct contig contig = { .zone = zone };
	struct page *page = alloc_page(GFP_KERNEL | __GFP_MOVABLE);
	struct page *cached = alloc_page(GFP_KERNEL | __GFP_MOVABLE);
	struct list_head taken = { &taken, &taken };
	struct page *at;
	long nr_free;

	contig.first = contig.start = ALIGN_DOWN(page_to_pfn(page), 1024UL);
	contig.last = contig.end = contig.first + 1024;
	__free_page(cached);
	contig.start = page_to_pfn(page) + 1; /* not what the page is in the way of */
	nr_free = zone_free_exact(zone);
	assert_int_equal(contig_isolate(&contig), 0);
	assert_int_equal(zone->nr_isolated_blocks, 2);
	assert_in_range(zone_free_exact(zone), nr_free - 1024, nr_free - 900);
	assert_int_equal(contig_isolate(&contig), -EBUSY);
	nr_free = zone_free_exact(zone);
	pages_drain(rig.m);
	__free_page(page);
	assert_int_equal(zone_free_exact(zone), nr_free);
	rig_exhaust(&taken, __GFP_MOVABLE | __GFP_MEMALLOC, 0);
	list_for_each_entry(at, &taken, lru)
		assert_false(page_to_pfn(at) >= contig.first && page_to_pfn(at) < contig.last);
	assert_int_equal(buddy_count(&zone->buddy, 10, MIGRATE_ISOLATE), 1);
	assert_true(buddy_ok(&zone->buddy));
	contig_restore(&contig, MIGRATE_MOVABLE);
	assert_int_equal(zone_free_exact(zone), 1024);
	rig_release(&taken, 0);
}

static void test_highatomic(void **state)
{
	unsigned long pfn = zone->zone_start_pfn + 0x400;

	block_set_type(&zone->buddy, pfn, MIGRATE_HIGHATOMIC);
	assert_int_equal(alloc_range(pfn, 1), -EBUSY);
	block_set_type(&zone->buddy, pfn, MIGRATE_UNMOVABLE);
	block_move_free(zone, pfn, MIGRATE_UNMOVABLE, NULL);
	assert_int_equal(alloc_range(pfn, 1), 0);
	check_and_free(pfn, 1);
}

static void test_pages(void **state)
{
	unsigned long nodes = 1;
	struct page *page, *other;

	follower_fragment(&owner, zone, 8, KALLOC_PAGE_CLEAN, &held);
	page = alloc_contig_pages(2048, GFP_KERNEL, 0, &nodes);
	assert_non_null(page);
	assert_int_equal(page_to_pfn(page) % 2048, 0);
	follower_check(&owner);
	other = alloc_contig_pages(600, GFP_KERNEL, NUMA_NO_NODE, NULL);
	assert_non_null(other);
	follower_check(&owner);
	assert_int_equal(said_count("still in use"), 0);
	get_page(other + 3);
	free_contig_range(page_to_pfn(other), 600);
	assert_int_equal(said_count("1 pages are still in use!"), 1);
	__free_page(other + 3);
	free_contig_range(page_to_pfn(page), 2048);
	nodes = 2;
	assert_null(alloc_contig_pages(1, GFP_KERNEL, 0, &nodes));
	assert_null(alloc_contig_pages(1UL << 30, GFP_KERNEL, 0, NULL));
	assert_null(alloc_contig_pages(0, GFP_KERNEL, 0, NULL));
}

/* --- several threads: ranges are had and given back among pages that come and go ----- */

static unsigned long nr_had;

static void *worker(void *arg)
{
	unsigned long id = (unsigned long)arg;

	kalloc_enter(rig.m);
	kalloc_set_cpu((int)id);
	for (int round = 0; round < (under_valgrind() ? 5 : 30); round++) {
		unsigned long start =
			zone->zone_start_pfn + 0x200 * ((id * 7 + (unsigned long)round) % 20);
		struct page *pages[64];

		for (int i = 0; i < 64; i++)
			pages[i] = alloc_page(GFP_NOWAIT | __GFP_MOVABLE | __GFP_NOWARN);
		for (int i = 0; i < 64; i++) {
			if (pages[i])
				__free_page(pages[i]);
		}
		if (alloc_range(start + id, 300))
			continue;
		__atomic_add_fetch(&nr_had, 1, __ATOMIC_RELAXED);
		free_contig_range(start + id, 300);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[4];

	follower_fragment(&owner, zone, 8, KALLOC_PAGE_ANON, &held);
	for (unsigned long i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, worker, (void *)i), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_true(nr_had > 0);
	assert_true(owner.nr_moved > 0);
	follower_check(&owner);
}

#define test(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_free_memory), test(test_restored),  test(test_moves),
		test(test_busy),	test(test_busy_late), test(test_no_memory),
		test(test_invalid),	test(test_isolated),  test(test_highatomic),
		test(test_pages),	test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
