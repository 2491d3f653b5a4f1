/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/area.c on hand-built spaces: the lowest fitting hole is taken
 * at any alignment, neighbours that are free are one hole, look-up finds exactly
 * the bytes of an area, a full space refuses without changing anything, and a
 * random run agrees step by step with a page-by-page model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rand.h"
#include "vmap/area.h"

#define P	 PAGE_SIZE
#define START	 (100 * P)
#define NR_PAGES 64UL
#define END	 (START + NR_PAGES * P)

static void expect_at(struct areas *areas, struct vmap_area *area, unsigned long bytes,
		      unsigned long align, unsigned long at)
{
	assert_true(area_place(areas, area, bytes, align));
	assert_int_equal(area->va_start, at);
	assert_int_equal(area->va_end, at + bytes);
	assert_int_equal(area->state, AREA_BUSY);
	assert_true(area_ok(areas));
}

static void test_lowest_hole(void **state)
{
	struct vmap_area a, b, c, d, e;
	struct areas areas;

	area_init(&areas, START, END);
	assert_true(area_ok(&areas));
	assert_null(area_first(&areas));
	assert_int_equal(area_largest_hole(&areas), NR_PAGES * P);

	expect_at(&areas, &a, 2 * P, P, START);
	expect_at(&areas, &b, 3 * P, P, START + 2 * P);
	expect_at(&areas, &c, 1 * P, P, START + 5 * P);
	area_remove(&areas, &b);
	assert_true(area_ok(&areas));
	expect_at(&areas, &d, 4 * P, P, START + 6 * P); /* the hole of 3 is too small */
	expect_at(&areas, &e, 3 * P, P, START + 2 * P); /* and exact for this */
}

static void test_free_neighbours_are_one_hole(void **state)
{
	struct vmap_area area[4], big;
	struct areas areas;

	area_init(&areas, START, END);
	for (int i = 0; i < 4; i++)
		expect_at(&areas, &area[i], 16 * P, P, START + (unsigned long)i * 16 * P);
	assert_int_equal(area_largest_hole(&areas), 0);
	assert_false(area_place(&areas, &big, P, P));

	area_remove(&areas, &area[1]);
	assert_int_equal(area_largest_hole(&areas), 16 * P);
	area_remove(&areas, &area[2]);
	assert_int_equal(area_largest_hole(&areas), 32 * P);
	assert_false(area_place(&areas, &big, 33 * P, P));
	assert_true(area_ok(&areas));
	expect_at(&areas, &big, 32 * P, P, START + 16 * P);
	area_remove(&areas, &big);
	area_remove(&areas, &area[3]);
	area_remove(&areas, &area[0]);
	assert_int_equal(area_largest_hole(&areas), NR_PAGES * P);
}

static void test_alignment(void **state)
{
	struct vmap_area a, b, c, d, e;
	struct areas areas;

	area_init(&areas, START, END); /* START is 4 pages past a multiple of 32 */
	expect_at(&areas, &a, 2 * P, 8 * P, START + 4 * P);
	expect_at(&areas, &b, 16 * P, 32 * P, START + 28 * P);
	expect_at(&areas, &c, 4 * P, P, START); /* the hole that alignment left */
	expect_at(&areas, &d, 18 * P, P, START + 6 * P);
	/* 4 pages are free at 24, 20 at 44; only the second has a multiple of 16 with room. */
	expect_at(&areas, &e, 4 * P, 16 * P, START + 44 * P);
}

/* At a place of the caller's choice, if all of it is free. */
static void test_place_at(void **state)
{
	struct vmap_area a, b, c, d, e;
	struct areas areas;

	area_init(&areas, START, END);
	assert_true(area_place_at(&areas, &a, START + 10 * P, 5 * P));
	assert_int_equal(a.va_start, START + 10 * P);
	assert_int_equal(a.va_end, START + 15 * P);
	assert_int_equal(a.state, AREA_BUSY);
	assert_true(area_ok(&areas));
	for (unsigned long at = 8; at < 15; at++)
		assert_false(area_place_at(&areas, &b, START + at * P, 3 * P));
	assert_true(area_place_at(&areas, &b, START + 7 * P, 3 * P)); /* just below */
	assert_true(area_place_at(&areas, &c, START + 15 * P, P));    /* just above */
	assert_true(area_ok(&areas));
	assert_true(area_place_at(&areas, &d, END - P, P));
	assert_false(area_place_at(&areas, &e, END - P, P));
	assert_false(area_place_at(&areas, &e, END, P));
	assert_false(area_place_at(&areas, &e, END + P, P));
	assert_false(area_place_at(&areas, &e, END - 2 * P, 2 * P));
	assert_false(area_place_at(&areas, &e, START - P, P));
	assert_false(area_place_at(&areas, &e, START + 20 * P, ~0UL & PAGE_MASK));
	assert_true(area_place_at(&areas, &e, START, P));
	assert_true(area_ok(&areas));
	area_remove(&areas, &a);
	assert_true(area_ok(&areas));
	assert_true(area_place_at(&areas, &a, START + 10 * P, 5 * P));
	expect_at(&areas, &(struct vmap_area){ 0 }, 6 * P, P, START + P);
}

static void test_absurd_sizes(void **state)
{
	struct vmap_area a;
	struct areas areas;

	area_init(&areas, START, END);
	assert_false(area_place(&areas, &a, NR_PAGES * P + P, P));
	assert_false(area_place(&areas, &a, ~0UL & PAGE_MASK, P));
	assert_false(area_place(&areas, &a, P, 1UL << 62));
	assert_false(area_place(&areas, &a, NR_PAGES * P, 32 * P));
	assert_true(area_ok(&areas));
	expect_at(&areas, &a, NR_PAGES * P, P, START);
}

static void test_find(void **state)
{
	struct vmap_area a, b;
	struct areas areas;

	area_init(&areas, START, END);
	expect_at(&areas, &a, 2 * P, P, START);
	expect_at(&areas, &b, 2 * P, 8 * P, START + 4 * P);
	assert_null(area_find(&areas, START - 1));
	assert_ptr_equal(area_find(&areas, START), &a);
	assert_ptr_equal(area_find(&areas, START + 2 * P - 1), &a);
	assert_null(area_find(&areas, START + 2 * P));
	assert_null(area_find(&areas, START + 4 * P - 1));
	assert_ptr_equal(area_find(&areas, START + 4 * P), &b);
	assert_null(area_find(&areas, START + 6 * P));
	assert_null(area_find(&areas, END));
	assert_ptr_equal(area_first(&areas), &a);
	assert_ptr_equal(area_next(&areas, &a), &b);
	assert_null(area_next(&areas, &b));
}

static void test_walk_notices_damage(void **state)
{
	struct vmap_area a, b;
	struct areas areas;

	area_init(&areas, START, END);
	expect_at(&areas, &a, 2 * P, P, START);
	expect_at(&areas, &b, 2 * P, P, START + 2 * P);
	a.va_end += P; /* overlaps */
	assert_false(area_ok(&areas));
	a.va_end -= 2 * P; /* a hole that nobody knows */
	assert_false(area_ok(&areas));
	a.va_end += P;
	assert_true(area_ok(&areas));
	b.subtree_max_size++;
	assert_false(area_ok(&areas));
}

/* The model: one byte per page. Return: index of the lowest fit, or -1. */
static long model_fit(const bool *used, unsigned long nr, unsigned long align_pages)
{
	for (unsigned long at = 0; at + nr <= NR_PAGES; at++) {
		unsigned long i = 0;

		if ((START / P + at) % align_pages)
			continue;
		while (i < nr && !used[at + i])
			i++;
		if (i == nr)
			return (long)at;
	}
	return -1;
}

static void test_random_against_model(void **state)
{
	bool used[NR_PAGES] = { 0 };
	struct vmap_area slots[24];
	bool in[24] = { 0 };
	struct rand rand = { .state = 7 };
	struct areas areas;

	area_init(&areas, START, END);
	for (int step = 0; step < 20000; step++) {
		unsigned int s = rand_below(&rand, 24), other = rand_below(&rand, 24);
		unsigned long nr = 1 + rand_below(&rand, 9);
		unsigned long align = 1UL << rand_below(&rand, 5);
		long at;

		if (in[s] && !in[other]) {
			area_replace(&areas, &slots[s], &slots[other]);
			assert_ptr_equal(area_find(&areas, slots[other].va_start), &slots[other]);
			in[s] = false;
			in[other] = true;
		} else if (in[s]) {
			memset(used + (slots[s].va_start - START) / P, 0,
			       area_bytes(&slots[s]) / P);
			area_remove(&areas, &slots[s]);
			in[s] = false;
		} else {
			at = model_fit(used, nr, align);
			in[s] = area_place(&areas, &slots[s], nr * P, align * P);
			assert_int_equal(in[s], at >= 0);
			if (in[s]) {
				assert_int_equal(slots[s].va_start, START + (unsigned long)at * P);
				memset(used + at, 1, nr);
			}
		}
		assert_true(area_ok(&areas));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lowest_hole),
		cmocka_unit_test(test_free_neighbours_are_one_hole),
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_place_at),
		cmocka_unit_test(test_absurd_sizes),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_walk_notices_damage),
		cmocka_unit_test(test_random_against_model),
	};

	return cmocka_run_group_tests_name("area", tests, NULL, NULL);
}
