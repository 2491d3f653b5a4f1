/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/map.c: reservations are aligned and fault, committed pieces are
 * zeroed memory, uncommitted ones fault again, and the budget of mappings is
 * taken whole or not at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "map.h"
#include "plat/child.h"
#include "ram.h"

#define BYTES (16 * PAGE_SIZE)

static void reservations_are_aligned(void **state)
{
	static const size_t sizes[] = { PAGE_SIZE, 3 * PAGE_SIZE, 1UL << 30 };

	for (size_t align = PAGE_SIZE; align <= 1UL << 32; align <<= 4) {
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			char *at = map_reserve(sizes[i], align);

			assert_non_null(at);
			assert_int_equal((unsigned long)at % align, 0);
			map_release(at, sizes[i]);
		}
	}
}

/* The place that was given back is the next one; what lies there is never replaced. */
static void reservations_come_back(void **state)
{
	const size_t bytes = 1UL << 30, align = 1UL << 32;
	char *first = map_reserve(bytes, align), *second = map_reserve(bytes, align), *third;

	assert_non_null(first);
	assert_non_null(second);
	assert_true(second + bytes <= first || first + bytes <= second);
	assert_int_equal(map_commit(second, PAGE_SIZE), 0);
	second[0] = 's';
	map_release(first, bytes);
	third = map_reserve(bytes, align);
	assert_non_null(third);
	assert_int_equal((unsigned long)third % align, 0);
	assert_int_equal(second[0], 's');
	map_release(third, bytes);
	assert_ptr_equal(map_reserve(bytes, align), third);
	map_release(third, bytes);
	map_release(second, bytes);
}

static void impossible_reservations_are_refused(void **state)
{
	assert_null(map_reserve(~0UL & PAGE_MASK, PAGE_SIZE));
	assert_null(map_reserve(1UL << 62, PAGE_SIZE));
	assert_null(map_alloc(1UL << 62));
}

static void pieces_fault_unless_committed(void **state)
{
	char *at = map_reserve(BYTES, PAGE_SIZE);

	assert_non_null(at);
	assert_true(child_faults_at(at));
	assert_true(child_faults_at(at + BYTES - 1));

	assert_int_equal(map_commit(at + PAGE_SIZE, 2 * PAGE_SIZE), 0);
	for (size_t i = 0; i < 2 * PAGE_SIZE; i++)
		assert_int_equal(at[PAGE_SIZE + i], 0);
	memset(at + PAGE_SIZE, 'x', 2 * PAGE_SIZE);
	assert_true(child_faults_at(at + PAGE_SIZE - 1));
	assert_false(child_faults_at(at + PAGE_SIZE));
	assert_true(child_faults_at(at + 3 * PAGE_SIZE));

	assert_int_equal(map_uncommit(at + PAGE_SIZE, PAGE_SIZE), 0);
	assert_true(child_faults_at(at + PAGE_SIZE));
	assert_int_equal(at[2 * PAGE_SIZE], 'x');

	/* Committed anew, it is zero again. */
	assert_int_equal(map_commit(at + PAGE_SIZE, PAGE_SIZE), 0);
	assert_int_equal(at[PAGE_SIZE], 0);
	map_release(at, BYTES);
}

/* Markers keep what lies behind them if that is a file, and one mapping one. */
static void guards_fault(bool is_private)
{
	struct ram ram;
	char *at = map_reserve(BYTES, PAGE_SIZE), kept = is_private ? 0 : 'x';
	int err;

	assert_int_equal(ram_create(&ram, BYTES, is_private), 0);
	assert_int_equal(ram_map(&ram, at, 0, BYTES), 0);
	memset(at, 'x', BYTES);
	err = map_guard(at + PAGE_SIZE, 3 * PAGE_SIZE);
	if (err == -EINVAL) /* Linux before 6.15, before 6.13 */
		assert_false(child_faults_at(at + PAGE_SIZE));
	if (!err) {
		assert_true(child_faults_at(at + PAGE_SIZE));
		assert_true(child_faults_at(at + 4 * PAGE_SIZE - 1));
		assert_false(child_faults_at(at + 4 * PAGE_SIZE));
		assert_int_equal(map_unguard(at + 2 * PAGE_SIZE, PAGE_SIZE), 0);
		assert_int_equal(at[2 * PAGE_SIZE], kept);
		assert_true(child_faults_at(at + PAGE_SIZE));
		assert_int_equal(map_unguard(at, BYTES), 0);
		assert_int_equal(at[PAGE_SIZE], kept);
		assert_int_equal(at[0], 'x');
	}
	assert_true(!err || err == -EINVAL);
	assert_true(map_guard(at + 1, PAGE_SIZE) < 0);
	map_release(at, BYTES);
	ram_destroy(&ram);
}

static void guards_of_a_file(void **state)
{
	guards_fault(false);
}

static void guards_of_private_memory(void **state)
{
	guards_fault(true);
}

static void tables_are_zeroed(void **state)
{
	char *at = map_alloc(BYTES);

	assert_non_null(at);
	for (size_t i = 0; i < BYTES; i++)
		assert_int_equal(at[i], 0);
	at[BYTES - 1] = 1;
	map_free(at, BYTES);
}

static void the_budget_leaves_half_to_the_program(void **state)
{
	assert_in_range(map_budget_left(), 1, 0x7fffffff);
}

static void the_budget_is_taken_whole_or_not_at_all(void **state)
{
	unsigned int was = map_budget_set(5);

	assert_true(map_budget_take(3));
	assert_int_equal(map_budget_left(), 2);
	assert_false(map_budget_take(3));
	assert_int_equal(map_budget_left(), 2);
	assert_true(map_budget_take(2));
	assert_int_equal(map_budget_left(), 0);
	assert_false(map_budget_take(1));
	assert_true(map_budget_take(0));
	map_budget_give(5);
	assert_true(map_budget_take(5));
	map_budget_give(5);
	assert_int_equal(map_budget_set(was), 5);
	assert_int_equal(map_budget_left(), was);
}

static void the_budget_is_low_below_a_quarter(void **state)
{
	unsigned int was = map_budget_left();

	assert_false(map_budget_is_low());
	map_budget_set(was / 4);
	assert_false(map_budget_is_low());
	assert_true(map_budget_take(1));
	assert_true(map_budget_is_low());
	map_budget_give(1);
	assert_false(map_budget_is_low());
	map_budget_set(was);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reservations_are_aligned),
		cmocka_unit_test(reservations_come_back),
		cmocka_unit_test(impossible_reservations_are_refused),
		cmocka_unit_test(pieces_fault_unless_committed),
		cmocka_unit_test(guards_of_a_file),
		cmocka_unit_test(guards_of_private_memory),
		cmocka_unit_test(tables_are_zeroed),
		cmocka_unit_test(the_budget_leaves_half_to_the_program),
		cmocka_unit_test(the_budget_is_taken_whole_or_not_at_all),
		cmocka_unit_test(the_budget_is_low_below_a_quarter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
