/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/free.c and frame.c: who frees what when references are dropped in
 * any order, and that a frame freed twice or in a bad state is reported in the
 * kernel's words and left out of use for good.
 */
#include "rig.h"

#include <kalloc/context.h>

#include "text.h"

static struct rig rig;
static unsigned long lost; /* frames that the test spoilt */

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=1");
	lost = 0;
	return 0;
}

static int down(void **state)
{
	rig_down_lost(&rig, lost);
	return 0;
}

static unsigned long nr_used(void)
{
	return rig.nr_free - rig_free(&rig);
}

/* Somebody else still holds the head of a plain block: the tails go at once. */
static void test_extra_reference(void **state)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	get_page(page);
	assert_int_equal(page_count(page), 2);
	__free_pages(page, 2);
	assert_int_equal(page_count(page), 1);
	assert_int_equal(nr_used(), 1);
	pages_drain(rig.m);
	assert_true(frame_is_free(page + 1));
	assert_true(frame_is_free(page + 2));
	assert_false(frame_is_free(page));
	put_page(page);
	assert_int_equal(nr_used(), 0);
}

/* The same with a compound block: it stays whole until the last reference goes. */
static void test_extra_reference_compound(void **state)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	get_page(page + 5);
	__free_pages(page, 3);
	assert_int_equal(nr_used(), 8);
	assert_int_equal(compound_order(page), 3);
	put_page(page + 7);
	assert_int_equal(nr_used(), 0);
	assert_string_equal(said, "");
	assert_false(PageCompound(page));
}

static void test_get_page_of_free(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	for (int i = 0; i < 2; i++) {
		get_page(page);
		assert_int_equal(page_count(page), 0);
		assert_int_equal(said_count("cut here"), 1);
	}
}

static void test_split_refused(void **state)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 1);

	split_page(page, 1);
	assert_int_equal(said_count("cut here"), 1);
	assert_int_equal(page[1]._refcount.counter, 0);
	__free_pages(page, 1);
	split_page(page, 1);
	assert_int_equal(said_count("cut here"), 2);
}

/* A block whose frames are held one by one is in use: it is not freed as a block. */
static void test_frames_in_use(void **state)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);

	split_page(page, 3);
	__free_pages(page, 3);
	assert_int_equal(said_count("nonzero _refcount"), 7);
	assert_ptr_not_equal(alloc_pages(GFP_KERNEL, 3), page);
	lost = 16; /* the block, and the one just taken */
}

static void test_order_too_large(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);

	split_page(page, 40);
	assert_int_equal(said_count("split_page() of order 40"), 1);
	free_pages(16, 0);
	assert_int_equal(said_count("memory of no machine"), 1);
	kunmap_local(NULL);
	assert_int_equal(said_count("memory of no machine"), 2);
	__free_pages(page, 30);
	assert_int_equal(said_count("a block of order 30 is freed, the largest is 10"), 1);
	lost = 1;
}

/*
 * As in Linux, a double free of a frame on the per-CPU list is not seen; one that
 * has gone back to the zone is reported when it is next handed out.
 */
static void test_double_free_silent(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	__free_page(page);
	assert_int_equal(page_count(page), -1);
	assert_ptr_equal(alloc_page(GFP_KERNEL), page);
	assert_int_equal(page_count(page), 1);
	assert_string_equal(said, "");
	__free_page(page);
}

static void double_free_reported(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order), *next;
	char expect[128];

	said_clear();
	__free_pages(page, order);
	pages_drain(rig.m);
	page->_refcount.counter--;
	assert_string_equal(said, "");
	next = alloc_pages(GFP_KERNEL, order);
	for (int i = 0; i < 3000 && !said[0]; i++) {
		__free_pages(next, order);
		next = alloc_pages(GFP_KERNEL, order);
		pages_drain(rig.m);
	}
	snprintf(expect, sizeof(expect), "BUG: Bad page state in process kalloc  pfn:%05lx\n",
		 page_to_pfn(page));
	assert_int_equal(said_count(expect), 1);
	assert_int_equal(said_count("BUG: Bad page state"), 1);
	assert_int_equal(said_count("page dumped because: nonzero _refcount\n"), 1);
	assert_int_equal(said_count(" refcount:-1 mapcount:0 mapping:0000000000000000 index:"), 1);
	assert_ptr_not_equal(next, page);
	lost += 1UL << order;
	assert_int_equal(nr_used(), lost + (1UL << order));
	__free_pages(next, order);
}

static void test_double_free(void **state)
{
	double_free_reported(0);
	double_free_reported(2);
	double_free_reported(5);
}

/* What a freed frame must not have, and what a frame that is handed out must not. */
static void test_bad_state(void **state)
{
	struct page *page;

	page = alloc_page(GFP_KERNEL);
	page->mapping = (struct address_space *)0xdead0000UL;
	__free_page(page);
	assert_int_equal(said_count("BUG: Bad page state"), 1);
	assert_int_equal(said_count(" mapping:00000000dead0000 index:"), 1);
	assert_int_equal(said_count("\ninvalid mapping:00000000dead0000\nflags: 0x"), 1);
	assert_int_equal(said_count("page dumped because: non-NULL mapping\n"), 1);
	lost++;
	assert_int_equal(nr_used(), lost);

	page = alloc_pages(GFP_KERNEL, 2);
	page->flags |= PG_SLAB;
	said_clear();
	__free_pages(page, 2);
	assert_int_equal(said_count("(slab|node=0|zone=1|lastcpupid=0x1fffff)\nraw: "), 1);
	assert_int_equal(said_count("page dumped because: PAGE_FLAGS_CHECK_AT_FREE flag(s) set\n"),
			 1);
	lost += 4;
	assert_int_equal(nr_used(), lost);

	page = alloc_page(GFP_KERNEL);
	page->_mapcount.counter = 0;
	said_clear();
	__free_page(page);
	assert_int_equal(said_count("mapcount:1 "), 1);
	assert_int_equal(said_count("page dumped because: nonzero mapcount\n"), 1);
	lost++;
	assert_int_equal(nr_used(), lost);
}

/* A frame written to after it was freed, found when it is handed out. */
static void test_bad_when_new(void **state)
{
	static const struct {
		unsigned long flags;
		struct address_space *mapping;
		const char *reason;
	} rows[] = {
		{ PG_SLAB, NULL, "page dumped because: PAGE_FLAGS_CHECK_AT_PREP flag(s) set\n" },
		{ 0, (struct address_space *)8, "page dumped because: non-NULL mapping\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct page *page = alloc_pages(GFP_KERNEL, 4), *next;

		said_clear();
		__free_pages(page, 4);
		page->flags |= rows[i].flags;
		page->mapping = rows[i].mapping;
		next = alloc_pages(GFP_KERNEL, 4);
		assert_ptr_not_equal(next, page);
		assert_int_equal(said_count(rows[i].reason), 1);
		lost += 16;
		__free_pages(next, 4);
	}
}

/* The report's lines, field by field. */
static void test_report_text(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long pfn = page_to_pfn(page);
	char expect[512];

	page->mapping = (struct address_space *)0xdead0000UL;
	page->index = 0x17;
	page->private = 0x2a;
	strcpy(kalloc_task()->comm, "insmod");
	__free_page(page);
	kalloc_task()->comm[0] = '\0';
	snprintf(expect, sizeof(expect),
		 "BUG: Bad page state in process insmod  pfn:%05lx\n"
		 "page:%016lx refcount:0 mapcount:0 mapping:00000000dead0000 index:0x17 pfn:0x%lx\n"
		 "invalid mapping:00000000dead0000\n"
		 "flags: 0xfffffc0000000(node=0|zone=1|lastcpupid=0x1fffff)\n"
		 "raw: 000fffffc0000000 %016lx %016lx 00000000dead0000\n"
		 "raw: 0000000000000017 000000000000002a 00000000ffffffff 0000000000000000\n"
		 "page dumped because: non-NULL mapping\n",
		 pfn, (unsigned long)page, pfn, (unsigned long)page->lru.next,
		 (unsigned long)page->lru.prev);
	assert_string_equal(said, expect);
	lost++;
}

/* Page flags by name, in the kernel's order; none at all; each node and zone. */
static void test_flags_text(void **state)
{
	static const struct {
		unsigned long flags;
		const char *shown;
	} rows[] = {
		{ 0x000fffffc0000000, "0xfffffc0000000(node=0|zone=1|lastcpupid=0x1fffff)" },
		{ 0x000fffffc0000200, "0xfffffc0000200(slab|node=0|zone=1|lastcpupid=0x1fffff)" },
		{ 0x000fffffc0010200,
		  "0xfffffc0010200(slab|head|node=0|zone=1|lastcpupid=0x1fffff)" },
		{ 0x0017ffffc008003a, "0x17ffffc008003a(referenced|dirty|lru|active|swapbacked|"
				      "node=0|zone=2|lastcpupid=0x1fffff)" },
		{ 0x00c0000000000000, "0xc0000000000000(node=3|zone=0|lastcpupid=0x0)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char buf[128];
		struct text text = text_on(buf, sizeof(buf));

		page_flags_show(&text, rows[i].flags);
		assert_string_equal(buf, rows[i].shown);
	}
}

#define test_on_rig(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_on_rig(test_extra_reference),    test_on_rig(test_extra_reference_compound),
		test_on_rig(test_get_page_of_free),   test_on_rig(test_split_refused),
		test_on_rig(test_frames_in_use),      test_on_rig(test_order_too_large),
		test_on_rig(test_double_free_silent), test_on_rig(test_double_free),
		test_on_rig(test_bad_state),	      test_on_rig(test_bad_when_new),
		test_on_rig(test_report_text),	      test_on_rig(test_flags_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
