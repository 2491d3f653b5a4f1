/* SPDX-License-Identifier: MIT */
/*
 * The tree's lib/genalloc.c over libkalloc: it keeps its books in vmalloc's memory, gives out
 * each piece of a chunk once, as each of its ways to choose says, and takes it back, whoever
 * else allocates; a chunk that cannot be added leaves the pool as it was.
 */
#include <linux/genalloc.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <kunit/test.h>

#include "below.h"
#include "threads.h"

#define ORDER  6 /* a piece is 64 bytes */
#define PIECE  (1UL << ORDER)
#define PIECES 256UL
#define BYTES  (PIECES * PIECE)

static struct gen_pool *pool;
static unsigned long memory;

static int pool_setup(struct kunit *test)
{
	memory = (unsigned long)vmalloc(BYTES);
	pool = gen_pool_create(ORDER, NUMA_NO_NODE);
	KUNIT_ASSERT_NOT_NULL(test, (void *)memory);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_ASSERT_EQ(test, gen_pool_add(pool, memory, BYTES, NUMA_NO_NODE), 0);
	return 0;
}

/* A pool with pieces left out stops here. */
static void pool_teardown(struct kunit *test)
{
	gen_pool_destroy(pool);
	vfree((void *)memory);
}

static void see_chunk(struct gen_pool *pool, struct gen_pool_chunk *chunk, void *data)
{
	*(struct gen_pool_chunk **)data = chunk;
}

static void books_are_in_vmalloc(struct kunit *test)
{
	struct gen_pool_chunk *chunk = NULL;

	gen_pool_for_each_chunk(pool, see_chunk, &chunk);
	KUNIT_ASSERT_NOT_NULL(test, chunk);
	KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(chunk));
	KUNIT_EXPECT_EQ(test, chunk->start_addr, memory);
	KUNIT_EXPECT_EQ(test, gen_pool_size(pool), BYTES);
	KUNIT_EXPECT_EQ(test, gen_pool_avail(pool), BYTES);
}

static void every_piece_is_given_once(struct kunit *test)
{
	unsigned long i, at;

	for (i = 0; i < PIECES; i++) {
		at = gen_pool_alloc(pool, PIECE);
		KUNIT_EXPECT_EQ(test, at, memory + i * PIECE);
		memset((void *)at, (int)i, PIECE);
	}
	KUNIT_EXPECT_EQ(test, gen_pool_alloc(pool, 1), 0ul);
	KUNIT_EXPECT_EQ(test, gen_pool_avail(pool), 0ul);
	for (i = 0; i < PIECES; i++) {
		KUNIT_EXPECT_EQ(test, *(u8 *)(memory + i * PIECE + PIECE - 1), (u8)i);
		gen_pool_free(pool, memory + i * PIECE, PIECE);
	}
	KUNIT_EXPECT_EQ(test, gen_pool_avail(pool), BYTES);
	KUNIT_EXPECT_EQ(test, gen_pool_alloc(pool, BYTES + 1), 0ul);
	at = gen_pool_alloc(pool, BYTES);
	KUNIT_EXPECT_EQ(test, at, memory);
	gen_pool_free(pool, at, BYTES);
}

/* Holes of 3, 1 and 2 pieces, in this order. */
static void each_way_finds_its_hole(struct kunit *test)
{
	struct genpool_data_align align = { .align = 4 * PIECE };
	struct genpool_data_fixed fixed = { .offset = 5 * PIECE };
	unsigned long all = gen_pool_alloc(pool, BYTES), at;

	gen_pool_free(pool, all + 5 * PIECE, 3 * PIECE);
	gen_pool_free(pool, all + 10 * PIECE, PIECE);
	gen_pool_free(pool, all + 12 * PIECE, 2 * PIECE);
	KUNIT_EXPECT_EQ(test, gen_pool_avail(pool), 6 * PIECE);

	at = gen_pool_alloc_algo(pool, 2 * PIECE, gen_pool_first_fit, NULL);
	KUNIT_EXPECT_EQ(test, at, all + 5 * PIECE);
	gen_pool_free(pool, at, 2 * PIECE);
	at = gen_pool_alloc_algo(pool, 2 * PIECE, gen_pool_best_fit, NULL);
	KUNIT_EXPECT_EQ(test, at, all + 12 * PIECE);
	gen_pool_free(pool, at, 2 * PIECE);
	at = gen_pool_alloc_algo(pool, PIECE, gen_pool_first_fit_align, &align);
	KUNIT_EXPECT_EQ(test, at, all + 12 * PIECE);
	gen_pool_free(pool, at, PIECE);
	at = gen_pool_alloc_algo(pool, 2 * PIECE, gen_pool_first_fit_order_align, NULL);
	KUNIT_EXPECT_EQ(test, at, all + 6 * PIECE);
	gen_pool_free(pool, at, 2 * PIECE);
	at = gen_pool_alloc_algo(pool, 3 * PIECE, gen_pool_fixed_alloc, &fixed);
	KUNIT_EXPECT_EQ(test, at, all + 5 * PIECE);
	KUNIT_EXPECT_EQ(test, gen_pool_alloc_algo(pool, PIECE, gen_pool_fixed_alloc, &fixed), 0ul);
	KUNIT_EXPECT_EQ(test, gen_pool_alloc(pool, 3 * PIECE), 0ul);
	gen_pool_free(pool, at, 3 * PIECE);

	KUNIT_EXPECT_EQ(test, gen_pool_alloc(pool, 3 * PIECE), all + 5 * PIECE);
	KUNIT_EXPECT_EQ(test, gen_pool_alloc(pool, PIECE), all + 10 * PIECE);
	KUNIT_EXPECT_EQ(test, gen_pool_alloc(pool, 2 * PIECE), all + 12 * PIECE);
	gen_pool_free(pool, all, BYTES);
}

/* A device sees the pages of a chunk at their physical address. */
static void devices_see_the_same_memory(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 1);
	unsigned long second = (unsigned long)page_address(page);
	static int owner;
	dma_addr_t dma;
	void *found, *at;

	KUNIT_ASSERT_NOT_NULL(test, page);
	memset((void *)second, 0xff, 2 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test,
			gen_pool_add_owner(pool, second, page_to_phys(page), 2 * PAGE_SIZE,
					   NUMA_NO_NODE, &owner),
			0);
	KUNIT_EXPECT_EQ(test, gen_pool_size(pool), BYTES + 2 * PAGE_SIZE);
	at = gen_pool_dma_zalloc(pool, PAGE_SIZE, &dma);
	KUNIT_EXPECT_PTR_EQ(test, at, (void *)second);
	KUNIT_EXPECT_EQ(test, dma, (dma_addr_t)page_to_phys(page));
	KUNIT_EXPECT_NULL(test, memchr_inv(at, 0, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, gen_pool_virt_to_phys(pool, second + PAGE_SIZE + 5),
			(phys_addr_t)page_to_phys(page) + PAGE_SIZE + 5);
	KUNIT_EXPECT_TRUE(test, gen_pool_has_addr(pool, second + PAGE_SIZE, PAGE_SIZE));
	KUNIT_EXPECT_FALSE(test, gen_pool_has_addr(pool, second + PAGE_SIZE, PAGE_SIZE + 1));
	KUNIT_EXPECT_EQ(test, gen_pool_alloc_owner(pool, PAGE_SIZE, &found), second + PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, found, (void *)&owner);
	gen_pool_free_owner(pool, second + PAGE_SIZE, PAGE_SIZE, &found);
	KUNIT_EXPECT_PTR_EQ(test, found, (void *)&owner);
	gen_pool_free(pool, second, PAGE_SIZE);
	gen_pool_destroy(pool);
	__free_pages(page, 1);
	pool = gen_pool_create(ORDER, NUMA_NO_NODE);
}

static void failure_leaves_the_pool_alone(struct kunit *test)
{
	unsigned int nth, failed = 0;
	int error;

	fail_begin(1);
	KUNIT_EXPECT_NULL(test, gen_pool_create(ORDER, NUMA_NO_NODE));
	KUNIT_EXPECT_TRUE(test, fail_end());
	for (nth = 1;; nth++) {
		fail_begin(nth);
		error = gen_pool_add(pool, memory + BYTES, 1UL << 20, NUMA_NO_NODE);
		if (!fail_end() || !error)
			break;
		failed++;
		KUNIT_EXPECT_EQ(test, error, -ENOMEM);
		KUNIT_EXPECT_EQ(test, gen_pool_size(pool), BYTES);
	}
	KUNIT_EXPECT_EQ(test, error, 0);
	KUNIT_EXPECT_EQ(test, gen_pool_size(pool), BYTES + (1UL << 20));
	KUNIT_EXPECT_GE(test, failed, 1u);
}

#define NR_TURNS 20000
#define NR_HELD	 8

static atomic_t nr_clashes, nr_given;

/* Pieces of up to three, each marked by who holds it. */
static void hold_and_give_back(unsigned int nr)
{
	unsigned long held[NR_HELD] = {}, bytes[NR_HELD] = {};
	int turn, i;

	for (turn = 0; turn < NR_TURNS; turn++) {
		i = turn % NR_HELD;
		if (held[i]) {
			if (*(unsigned long *)held[i] != nr * NR_HELD + i)
				atomic_inc(&nr_clashes);
			gen_pool_free(pool, held[i], bytes[i]);
		}
		bytes[i] = (turn % 3 + 1) * PIECE;
		held[i] = gen_pool_alloc(pool, bytes[i]);
		if (held[i]) {
			*(unsigned long *)held[i] = nr * NR_HELD + i;
			atomic_inc(&nr_given);
		}
	}
	for (i = 0; i < NR_HELD; i++)
		if (held[i])
			gen_pool_free(pool, held[i], bytes[i]);
}

static void threads_share_no_piece(struct kunit *test)
{
	threads_run(test, hold_and_give_back);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_clashes), 0);
	/* What all of them hold fits. */
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_given), NR_THREADS * NR_TURNS);
	KUNIT_EXPECT_EQ(test, gen_pool_avail(pool), BYTES);
}

static struct kunit_case genalloc_cases[] = {
	KUNIT_CASE(books_are_in_vmalloc),
	KUNIT_CASE(every_piece_is_given_once),
	KUNIT_CASE(each_way_finds_its_hole),
	KUNIT_CASE(devices_see_the_same_memory),
	KUNIT_CASE(failure_leaves_the_pool_alone),
	KUNIT_CASE(threads_share_no_piece),
	{},
};

static struct kunit_suite genalloc_suite = {
	.name = "genalloc",
	.init = pool_setup,
	.exit = pool_teardown,
	.test_cases = genalloc_cases,
};
kunit_test_suite(genalloc_suite);

MODULE_LICENSE("Dual MIT/GPL");
