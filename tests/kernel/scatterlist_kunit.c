/* SPDX-License-Identifier: MIT */
/*
 * The tree's lib/scatterlist.c over libkalloc: tables of any length are chains of pages, copies
 * go to each piece of memory and nowhere else, neighbours in memory become one entry, and what
 * cannot be had is given back whole.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/test.h>

#include "below.h"

#define PER_PAGE SG_MAX_SINGLE_ALLOC /* entries; the last one of a page leads to the next */
#define NR	 (2 * (PER_PAGE - 1) + 40)

static long frames;

static int frames_note(struct kunit *test)
{
	frames = frames_used();
	return 0;
}

static void frames_check(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, frames_used(), frames);
}

static void a_long_table_is_a_chain_of_pages(struct kunit *test)
{
	struct scatterlist *sg, *last = NULL;
	struct sg_table table;
	unsigned int i, nr_ends = 0;

	KUNIT_ASSERT_EQ(test, sg_alloc_table(&table, NR, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, table.orig_nents, NR);
	/* Two whole pages; what is left is kmalloc's. */
	KUNIT_EXPECT_EQ(test, frames_used() - frames, 2l);
	KUNIT_EXPECT_EQ(test, sg_nents(table.sgl), (int)NR);
	for_each_sg(table.sgl, sg, NR, i)
	{
		sg_set_buf(sg, table.sgl, i + 1);
		nr_ends += sg_is_last(sg);
		last = sg;
	}
	KUNIT_EXPECT_EQ(test, nr_ends, 1u);
	KUNIT_EXPECT_TRUE(test, sg_is_last(last));
	KUNIT_EXPECT_PTR_EQ(test, sg_last(table.sgl, NR), last);
	KUNIT_EXPECT_EQ(test, sg_nents_for_len(table.sgl, 10), 4);
	KUNIT_EXPECT_EQ(test, sg_nents_for_len(table.sgl, 11), 5);
	KUNIT_EXPECT_EQ(test, sg_nents_for_len(table.sgl, NR * (NR + 1) / 2 + 1), -EINVAL);
	sg_free_table(&table);
}

static void a_table_that_cannot_be_had_is_none(struct kunit *test)
{
	struct sg_table table;
	unsigned int nth, nr_failed = 0;
	int error;

	for (nth = 1;; nth++) {
		fail_begin(nth);
		error = sg_alloc_table(&table, NR, GFP_KERNEL);
		if (!fail_end())
			break;
		if (!error) { /* a smaller slab did */
			sg_free_table(&table);
			continue;
		}
		nr_failed++;
		KUNIT_EXPECT_EQ(test, error, -ENOMEM);
		frames_check(test);
	}
	KUNIT_EXPECT_EQ(test, error, 0);
	/* Two pages and an object, at least. */
	KUNIT_EXPECT_GE(test, nr_failed, 3u);
	sg_free_table(&table);
	KUNIT_EXPECT_EQ(test, sg_alloc_table(&table, 0, GFP_KERNEL), -EINVAL);
}

/* Pieces of different lengths at different places of their pages, each in a page of its own. */
#define PIECES 9

static struct page *pages[PIECES];

static unsigned int offset_of(unsigned int i)
{
	return i * 251 % 1000;
}

static unsigned int length_of(unsigned int i)
{
	return i * 397 % 2900 + 1;
}

/* Return: how many bytes they have. */
static size_t pieces_make(struct kunit *test, struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;
	size_t bytes = 0;

	KUNIT_ASSERT_EQ(test, sg_alloc_table(table, PIECES, GFP_KERNEL), 0);
	for_each_sg(table->sgl, sg, PIECES, i)
	{
		pages[i] = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
		memset(page_address(pages[i]), 0xee, PAGE_SIZE);
		sg_set_page(sg, pages[i], length_of(i), offset_of(i));
		bytes += length_of(i);
	}
	return bytes;
}

/* Byte @at of all pieces is its @at-th. Return: true if nothing else was written to. */
static bool pieces_hold(size_t first, size_t end)
{
	size_t at = 0, i, j;

	for (i = 0; i < PIECES; i++) {
		const u8 *page = page_address(pages[i]);

		for (j = 0; j < PAGE_SIZE; j++) {
			bool inside = j - offset_of(i) < length_of(i);
			u8 expected = 0xee;

			if (inside) {
				if (at >= first && at < end)
					expected = (u8)(at * 7);
				at++;
			}
			if (page[j] != expected)
				return false;
		}
	}
	return true;
}

static void pieces_free(struct sg_table *table)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++)
		__free_page(pages[i]);
	sg_free_table(table);
}

static void copies_go_to_the_pieces(struct kunit *test)
{
	struct sg_table table;
	size_t bytes = pieces_make(test, &table), i;
	u8 *buf = kmalloc(bytes, GFP_KERNEL), *back = kmalloc(bytes, GFP_KERNEL);

	for (i = 0; i < bytes; i++)
		buf[i] = (u8)(i * 7);
	KUNIT_EXPECT_EQ(test, sg_pcopy_from_buffer(table.sgl, PIECES, buf + 500, bytes, 500),
			bytes - 500);
	KUNIT_EXPECT_TRUE(test, pieces_hold(500, bytes));
	KUNIT_EXPECT_EQ(test, sg_copy_from_buffer(table.sgl, PIECES, buf, bytes + 100), bytes);
	KUNIT_EXPECT_TRUE(test, pieces_hold(0, bytes));
	KUNIT_EXPECT_EQ(test, sg_copy_to_buffer(table.sgl, PIECES, back, bytes), bytes);
	KUNIT_EXPECT_EQ(test, memcmp(buf, back, bytes), 0);
	KUNIT_EXPECT_EQ(test, sg_pcopy_to_buffer(table.sgl, PIECES, back, 1000, 777), (size_t)1000);
	KUNIT_EXPECT_EQ(test, memcmp(buf + 777, back, 1000), 0);
	KUNIT_EXPECT_EQ(test, sg_zero_buffer(table.sgl, PIECES, bytes, 0), bytes);
	sg_copy_to_buffer(table.sgl, PIECES, back, bytes);
	KUNIT_EXPECT_NULL(test, memchr_inv(back, 0, bytes));
	kfree(buf);
	kfree(back);
	pieces_free(&table);
}

static void an_iterator_maps_each_piece(struct kunit *test)
{
	struct sg_mapping_iter miter;
	struct sg_table table;
	size_t bytes = pieces_make(test, &table), seen = 0;
	unsigned int i = 0;

	sg_miter_start(&miter, table.sgl, PIECES, SG_MITER_FROM_SG);
	while (sg_miter_next(&miter)) {
		KUNIT_EXPECT_PTR_EQ(test, miter.page, pages[i]);
		KUNIT_EXPECT_PTR_EQ(test, miter.addr, page_address(pages[i]) + offset_of(i));
		KUNIT_EXPECT_EQ(test, miter.length, (size_t)length_of(i));
		seen += miter.length;
		i++;
	}
	sg_miter_stop(&miter);
	KUNIT_EXPECT_EQ(test, i, (unsigned int)PIECES);
	KUNIT_EXPECT_EQ(test, seen, bytes);
	/* From the middle of the fourth piece on. */
	sg_miter_start(&miter, table.sgl, PIECES, SG_MITER_FROM_SG);
	KUNIT_EXPECT_TRUE(test,
			  sg_miter_skip(&miter, length_of(0) + length_of(1) + length_of(2) + 9));
	KUNIT_EXPECT_TRUE(test, sg_miter_next(&miter));
	KUNIT_EXPECT_PTR_EQ(test, miter.addr, page_address(pages[3]) + offset_of(3) + 9);
	sg_miter_stop(&miter);
	pieces_free(&table);
}

static void neighbours_become_one_entry(struct kunit *test)
{
	struct page *block = alloc_pages(GFP_KERNEL, 3), *given[8];
	struct sg_table table;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, block);
	for (i = 0; i < 8; i++)
		given[i] = block + i;
	KUNIT_ASSERT_EQ(test,
			sg_alloc_table_from_pages(&table, given, 8, 100, 7 * PAGE_SIZE, GFP_KERNEL),
			0);
	KUNIT_EXPECT_EQ(test, table.nents, 1u);
	KUNIT_EXPECT_EQ(test, table.sgl->offset, 100u);
	KUNIT_EXPECT_EQ(test, (unsigned long)table.sgl->length, 7 * PAGE_SIZE);
	sg_free_table(&table);
	/* 0 1 2, 5 6 7, 3 4 */
	for (i = 3; i < 8; i++)
		given[i] = block + (i < 6 ? i + 2 : i - 3);
	KUNIT_ASSERT_EQ(
		test, sg_alloc_table_from_pages(&table, given, 8, 0, 8 * PAGE_SIZE, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, table.nents, 3u);
	sg_free_table(&table);
	/* No entry is longer than it may be. */
	KUNIT_ASSERT_EQ(test,
			sg_alloc_table_from_pages_segment(&table, given, 8, 0, 8 * PAGE_SIZE,
							  2 * PAGE_SIZE, GFP_KERNEL),
			0);
	KUNIT_EXPECT_EQ(test, table.nents, 5u);
	sg_free_table(&table);
	__free_pages(block, 3);
}

static void a_list_brings_its_pages(struct kunit *test)
{
	unsigned int nth, nr, nr_failed = 0;
	struct scatterlist *list;

	list = sgl_alloc_order(10 * PAGE_SIZE, 2, false, GFP_KERNEL, &nr);
	KUNIT_ASSERT_NOT_NULL(test, list);
	KUNIT_EXPECT_EQ(test, nr, 3u);
	KUNIT_EXPECT_EQ(test, frames_used() - frames, 12l);
	sgl_free_order(list, 2);
	frames_check(test);
	for (nth = 1;; nth++) {
		fail_begin(nth);
		list = sgl_alloc(10 * PAGE_SIZE - 1, GFP_KERNEL, &nr);
		if (!fail_end())
			break;
		if (list)
			sgl_free(list); /* the same */
		else
			nr_failed++;
		frames_check(test);
	}
	KUNIT_EXPECT_GE(test, nr_failed, 10u);
	KUNIT_ASSERT_NOT_NULL(test, list);
	KUNIT_EXPECT_EQ(test, nr, 10u);
	KUNIT_EXPECT_EQ(test, frames_used() - frames, 10l);
	sgl_free(list);
}

static struct kunit_case scatterlist_cases[] = {
	KUNIT_CASE(a_long_table_is_a_chain_of_pages),
	KUNIT_CASE(a_table_that_cannot_be_had_is_none),
	KUNIT_CASE(copies_go_to_the_pieces),
	KUNIT_CASE(an_iterator_maps_each_piece),
	KUNIT_CASE(neighbours_become_one_entry),
	KUNIT_CASE(a_list_brings_its_pages),
	{},
};

static struct kunit_suite scatterlist_suite = {
	.name = "scatterlist",
	.init = frames_note,
	.exit = frames_check,
	.test_cases = scatterlist_cases,
};
kunit_test_suite(scatterlist_suite);

MODULE_LICENSE("Dual MIT/GPL");
