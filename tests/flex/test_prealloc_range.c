/* SPDX-License-Identifier: MIT */
/*
 * Proves flex_array_prealloc() as sources of 2.6.31 to 2.6.38 see it: the third
 * argument is the last element, itself included.
 */
#define KALLOC_LINUX_VERSION KERNEL_VERSION(2, 6, 38)

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/flex_array.h>
#include <kalloc/kalloc.h>

#include "base.h"

static int boot(void **state)
{
	*state = kalloc_boot("mem=64M nr_cpus=1");
	kalloc_enter(*state);
	return *state ? 0 : -1;
}

static int halt(void **state)
{
	kalloc_enter(NULL);
	kalloc_halt(*state);
	return 0;
}

/* 256 elements of 16 bytes a part. */
static const struct {
	unsigned int start, end;
	int err;
	unsigned int parts;
} cases[] = {
	{ 0, 0, 0, 1 },		 { 0, 255, 0, 1 },	  { 0, 256, 0, 2 },
	{ 255, 256, 0, 2 },	 { 256, 511, 0, 1 },	  { 0, 999, 0, 4 },
	{ 999, 999, 0, 1 },	 { 0, 1000, -ENOSPC, 0 }, { 1000, 1000, -ENOSPC, 0 },
	{ 1000, 5, -ENOSPC, 0 }, { 600, 5, 0, 0 },
};

static void the_third_argument_is_the_last_element(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct flex_array *fa = flex_array_alloc(16, 1000, GFP_KERNEL);
		unsigned int parts = 0;

		assert_non_null(fa);
		assert_int_equal(flex_array_prealloc(fa, cases[i].start, cases[i].end, GFP_KERNEL),
				 cases[i].err);
		for (size_t nr = 0; nr < FLEX_ARRAY_NR_BASE_PTRS; nr++)
			parts += fa->parts[nr] != NULL;
		assert_int_equal(parts, cases[i].parts);
		flex_array_free(fa);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_argument_is_the_last_element),
	};

	return cmocka_run_group_tests(tests, boot, halt);
}
