/* SPDX-License-Identifier: MIT */
/*
 * Proves src/base/tables.h: what is measured is what is cut; small tables lie side by
 * side, large ones behind them from pages of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tables.h"

struct cut {
	char *small[3];
	char *large[2];
};

static struct cut cut(struct tables *tables)
{
	return (struct cut){
		.small = { table_cut(tables, 1), table_cut(tables, 0), table_cut(tables, 130) },
		.large = { table_cut_large(tables, 1), table_cut_large(tables, PAGE_SIZE) },
	};
}

static void test_measured(void **state)
{
	static char memory[3 * PAGE_SIZE] __attribute__((aligned(4096)));
	struct tables measured = tables_to_measure(), tables;
	struct cut got;

	cut(&measured);
	assert_int_equal(tables_bytes(&measured), sizeof(memory));
	tables = tables_at(&measured, (unsigned long)memory);
	got = cut(&tables);
	assert_ptr_equal(got.small[0], memory);
	assert_ptr_equal(got.small[2], memory + TABLE_ALIGN);
	assert_ptr_equal(got.large[0], memory + PAGE_SIZE);
	assert_ptr_equal(got.large[1], memory + 2 * PAGE_SIZE);
	assert_true(tables_ok(&tables));
	assert_int_equal(tables.small, tables.small_end);
	assert_int_equal(tables.large, tables.large_end);
	table_cut(&tables, 1);
	assert_false(tables_ok(&tables));
	tables = tables_at(&measured, (unsigned long)memory);
	cut(&tables);
	table_cut_large(&tables, 1);
	assert_false(tables_ok(&tables));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_measured) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
