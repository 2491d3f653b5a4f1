/* SPDX-License-Identifier: MIT */
/*
 * Proves src/probe/owner.c: what is recorded of a block, by which door of the page
 * allocator it left; what becomes of the record when the block is freed, whole or in
 * part, split, or its contents move; that every frame in use is somebody's; and that
 * with page_owner=off there is nothing, and the same frames.
 */
#include <unistd.h>

#include <kalloc/context.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "page/follower.h"
#include "page/migrate.h"
#include "clock.h"
#include "records.h"

static struct rig rig;
static struct follower follower;

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=2 page_owner=on kalloc.daemons=step");
	follower_init(&follower);
	return 0;
}

static int down(void **state)
{
	follower_release(&follower);
	pages_drain(rig.m);
	records_check(rig.m);
	lists_check(&rig);
	rig_down(&rig);
	return 0;
}

/* A block, and where it was asked for: a return address in the test that calls this. */
static never_inline struct page *take(gfp_t gfp, unsigned int order, const void **from)
{
	struct page *page = alloc_pages(gfp, order);

	assert_non_null(page);
	*from = __builtin_return_address(0);
	return page;
}

static void test_set(void **state)
{
	for (unsigned int order = 0; order <= 10; order++) {
		gfp_t gfp = GFP_KERNEL | (order & 1 ? __GFP_COMP : 0);
		u64 before = clock_ns();
		const void *from;
		struct page *page = take(gfp, order, &from);
		struct owner_record record = record_of(page);

		assert_int_equal(record.order, order);
		assert_int_equal(record.gfp, gfp);
		assert_int_equal(record.pid, getpid());
		assert_int_equal(record.tgid, getpid());
		assert_string_equal(record.comm, "kalloc");
		assert_true(record.ts_ns >= before && record.ts_ns <= clock_ns());
		assert_int_equal(record.migrate_reason, OWNER_NOT_MIGRATED);
		assert_in_range(record.nr_stack, 3, STACK_DEPTH);
		assert_true(stack_has(&record, from));
		for (unsigned long i = 1; i < 1UL << order; i++)
			assert_false(has_record(page + i));
		records_check(rig.m);
		__free_pages(page, order);
		assert_false(has_record(page));
	}
}

/* The flags are those that the thread's scopes left, the name is the thread's. */
static void test_context(void **state)
{
	unsigned int scope = memalloc_noio_save();
	const void *from;
	struct page *page;

	strcpy(kalloc_task()->comm, "fifteen letters");
	page = take(GFP_KERNEL, 0, &from);
	memalloc_noio_restore(scope);
	kalloc_task()->comm[0] = '\0';
	assert_int_equal(record_of(page).gfp, GFP_NOIO);
	assert_string_equal(record_of(page).comm, "fifteen letters");
	__free_page(page);
}

/* A frame keeps the time at which it last came back, also one behind the first. */
static void test_freed(void **state)
{
	const void *from;
	struct page *block = take(GFP_KERNEL, 3, &from);
	unsigned long pfn = page_to_pfn(block) + 5;
	u64 before = clock_ns(), after;

	assert_int_equal(record_of(block).free_ts_ns, 0);
	__free_pages(block, 3);
	after = clock_ns();
	assert_ptr_equal(take(GFP_KERNEL, 3, &from), block);
	assert_in_range(record_of(block).free_ts_ns, before, after);

	before = clock_ns();
	__free_pages(block, 3);
	after = clock_ns();
	assert_int_equal(alloc_contig_range(pfn, pfn + 1, MIGRATE_MOVABLE, GFP_KERNEL), 0);
	assert_in_range(record_of(pfn_to_page(pfn)).free_ts_ns, before, after);
	free_contig_range(pfn, 1);
}

/* A block whose first frame is held stays; what is behind it goes, as in Linux. */
static void test_free_part(void **state)
{
	const void *from;
	struct page *block = take(GFP_KERNEL, 2, &from);

	get_page(block);
	__free_pages(block, 2);
	assert_int_equal(record_of(block).order, 2);
	put_page(block);
	assert_false(has_record(block));
}

static void test_split(void **state)
{
	const void *from;
	struct page *block = take(GFP_KERNEL, 4, &from);
	struct owner_record whole = record_of(block);

	split_page(block, 4);
	for (int i = 0; i < 16; i++) {
		struct owner_record record = record_of(block + i);

		assert_int_equal(record.order, 0);
		assert_int_equal(record.gfp, whole.gfp);
		assert_int_equal(record.ts_ns, whole.ts_ns);
		assert_int_equal(record.nr_stack, whole.nr_stack);
		assert_memory_equal(record.stack, whole.stack, sizeof(whole.stack));
	}
	records_check(rig.m);
	for (int i = 0; i < 16; i++) {
		__free_page(block + i);
		assert_false(has_record(block + i));
		assert_true(i == 15 || has_record(block + i + 1));
	}

	/* Whole again, the frames have not forgotten that they came back one by one. */
	pages_drain(rig.m);
	assert_ptr_equal(take(GFP_KERNEL, 4, &from), block);
	split_page(block, 4);
	for (int i = 1; i < 16; i++)
		assert_true(record_of(block + i).free_ts_ns > record_of(block + i - 1).free_ts_ns);
	for (int i = 0; i < 16; i++)
		__free_page(block + i);
}

/* The other doors: exact sizes, bulk, ranges. */
static void test_doors(void **state)
{
	struct page *array[7] = { NULL }, *range;
	char *exact = alloc_pages_exact(5 * PAGE_SIZE, GFP_KERNEL);
	unsigned long pfn = rig.m->page->layout.max_pfn - 777;

	for (int i = 0; i < 5; i++)
		assert_int_equal(record_of(virt_to_page(exact + i * PAGE_SIZE)).order, 0);
	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 7, array), 7);
	assert_int_equal(record_of(array[6]).gfp, GFP_KERNEL);
	assert_int_equal(alloc_contig_range(pfn, pfn + 700, MIGRATE_MOVABLE, GFP_KERNEL), 0);
	range = pfn_to_page(pfn);
	assert_int_equal(record_of(range + 699).gfp, __GFP_MOVABLE);
	assert_int_equal(record_of(range + 699).order, 0);
	records_check(rig.m);

	free_contig_range(pfn, 700);
	for (int i = 0; i < 7; i++)
		__free_page(array[i]);
	free_pages_exact(exact, 5 * PAGE_SIZE);
}

/* What the layers above hold is recorded like anything else. */
static void test_layers(void **state)
{
	struct kalloc_machine *m = kalloc_boot("mem=64M nr_cpus=2 numa=fake=2 page_owner=on");
	void *objects[300], *area;

	kalloc_enter(m);
	for (unsigned int i = 0; i < ARRAY_SIZE(objects); i++)
		objects[i] = kmalloc(64UL << i % 9, GFP_KERNEL);
	area = vmalloc(100 * PAGE_SIZE);
	records_check(m);
	vfree(area);
	for (unsigned int i = 0; i < ARRAY_SIZE(objects); i += 2)
		kfree(objects[i]);
	records_check(m);
	kalloc_enter(rig.m);
	kalloc_halt(m);
}

static struct page *page_taken_by(const char *name)
{
	const void *from;
	struct page *page;

	strcpy(kalloc_task()->comm, name);
	page = take(GFP_HIGHUSER_MOVABLE, 0, &from);
	kalloc_task()->comm[0] = '\0';
	return page;
}

/* Compaction moves a page on the LRU lists, and its record goes with it. */
static void test_compaction(void **state)
{
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct list_head held = { &held, &held };
	unsigned long nr_moved = 0;

	strcpy(kalloc_task()->comm, "follower");
	follower_fragment(&follower, zone, 2, KALLOC_PAGE_CLEAN, &held);
	kalloc_task()->comm[0] = '\0';
	assert_int_equal(follower_compact(rig.m, GFP_KERNEL, 8, COMPACT_PRIO_MIN), COMPACT_SUCCESS);
	assert_true(follower.nr_moved > 0);
	for (unsigned long i = 0; i < follower.nr; i++) {
		struct owner_record record = record_of(follower.slot[i]);

		assert_string_equal(record.comm, "follower");
		assert_int_equal(record.order, 0);
		if (record.migrate_reason == OWNER_NOT_MIGRATED)
			continue;
		assert_int_equal(record.migrate_reason, MR_COMPACTION);
		assert_int_equal(record.free_ts_ns, record.ts_ns);
		nr_moved++;
	}
	assert_int_equal(nr_moved, follower.nr_moved);
	pages_drain(rig.m);
	records_check(rig.m);
	rig_release(&held, 0);
}

/* So does alloc_contig_range(), for a reason of its own. */
static void test_contig_range(void **state)
{
	struct page *page = page_taken_by("tenant");
	unsigned long pfn = page_to_pfn(page);
	struct owner_record before = record_of(page), after;

	follower_add(&follower, page, KALLOC_PAGE_CLEAN);
	assert_int_equal(alloc_contig_range(pfn, pfn + 1, MIGRATE_MOVABLE, GFP_KERNEL), 0);
	assert_ptr_not_equal(follower.slot[0], page);
	after = record_of(follower.slot[0]);
	assert_string_equal(after.comm, "tenant");
	assert_int_equal(after.gfp, before.gfp);
	assert_int_equal(after.ts_ns, before.ts_ns);
	assert_int_equal(after.migrate_reason, MR_CONTIG_RANGE);
	assert_string_equal(record_of(page).comm, "kalloc");
	free_contig_range(pfn, 1);
}

/* --- a page that its owner moves ---------------------------------------------- */

static struct page *moved_to;

static bool mover_isolate(struct page *page, isolate_mode_t mode)
{
	return true;
}

static int mover_migrate(struct page *to, struct page *from, enum migrate_mode mode)
{
	get_page(to);
	__SetPageMovable(to, (const struct movable_operations *)from->private);
	__ClearPageMovable(from);
	moved_to = to;
	put_page(from);
	return 0;
}

static void mover_put_back(struct page *page)
{
}

/* Only the reason is recorded, as in Linux: the frame is whose it was. */
static void test_movable(void **state)
{
	static const struct movable_operations ops = {
		.isolate_page = mover_isolate,
		.migrate_page = mover_migrate,
		.putback_page = mover_put_back,
	};
	struct page *page = page_taken_by("mover");
	unsigned long pfn = page_to_pfn(page);

	page->private = (unsigned long)&ops;
	__SetPageMovable(page, &ops);
	assert_int_equal(alloc_contig_range(pfn, pfn + 1, MIGRATE_MOVABLE, GFP_KERNEL), 0);
	assert_non_null(moved_to);
	assert_string_equal(record_of(moved_to).comm, "kalloc");
	assert_int_equal(record_of(moved_to).migrate_reason, MR_CONTIG_RANGE);
	__ClearPageMovable(moved_to);
	__free_page(moved_to);
	free_contig_range(pfn, 1);
}

static void test_no_frame(void **state)
{
	struct owner_record record;

	assert_false(owner_read(rig.m, 0, &record));
	assert_false(owner_read(rig.m, rig.m->page->layout.max_pfn, &record));
	assert_false(owner_read(rig.m, ~0UL, &record));
}

/* Off: no table, and each request gets the frame that it gets when it is on. */
static void test_off(void **state)
{
	struct rig off;
	unsigned long pfn[64];

	for (unsigned int i = 0; i < 64; i++)
		pfn[i] = page_to_pfn(alloc_pages(GFP_KERNEL, i % 5));

	off = rig_up("mem=64M nr_cpus=2 page_owner=off kalloc.daemons=step");
	assert_null(off.m->owners);
	for (unsigned int i = 0; i < 64; i++) {
		struct page *page = alloc_pages(GFP_KERNEL, i % 5);

		assert_int_equal(page_to_pfn(page), pfn[i]);
		assert_false(has_record(page));
	}
	for (unsigned int i = 0; i < 64; i++)
		__free_pages(pfn_to_page(pfn[i]), i % 5);
	pages_drain(off.m);
	rig_down(&off);

	kalloc_enter(rig.m);
	for (unsigned int i = 0; i < 64; i++)
		__free_pages(pfn_to_page(pfn[i]), i % 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_set),	      TEST(test_context),    TEST(test_freed),
		TEST(test_free_part), TEST(test_split),	     TEST(test_doors),
		TEST(test_layers),    TEST(test_compaction), TEST(test_contig_range),
		TEST(test_movable),   TEST(test_no_frame),   TEST(test_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
