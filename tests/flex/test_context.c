/* SPDX-License-Identifier: MIT */
/*
 * Proves that flex arrays honour their caller's context, through kmalloc: filling a part
 * that is not there yet is reported in atomic context if it may sleep; reading, and
 * filling a part that is there, never is.
 */
#include "context_test.h"

#include <kalloc/flex_array.h>

#include "base.h"

static void test_reports(void **state)
{
	struct kalloc_machine *m = context_up("mem=32M nr_cpus=1");
	struct flex_array *fa = NULL;
	long element = 7;

	assert_int_equal(ATOMIC_REPORTS_OF(fa = flex_array_alloc(8, 100000, GFP_KERNEL)), 1);
	flex_array_free(fa);
	fa = flex_array_alloc(8, 100000, GFP_KERNEL);
	assert_int_equal(ATOMIC_REPORTS_OF(flex_array_put(fa, 0, &element, GFP_KERNEL)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(flex_array_put(fa, 1, &element, GFP_KERNEL)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(flex_array_put(fa, 50000, &element, GFP_ATOMIC)), 0);
	assert_int_equal(IRQ_REPORTS_OF(flex_array_put(fa, 90000, &element, GFP_NOFS)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(flex_array_get(fa, 90000)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(flex_array_prealloc(fa, 20000, 2000, GFP_KERNEL)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(flex_array_free(fa)), 0);
	context_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_reports) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
