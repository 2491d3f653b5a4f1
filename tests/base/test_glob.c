/* SPDX-License-Identifier: MIT */
/* Proves src/base/glob.c: which names a pattern means, and that only its length counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "glob.h"

static const struct {
	const char *pattern;
	const char *name;
	bool matches;
} rows[] = {
	{ "kmalloc", "kmalloc", true },
	{ "kmalloc", "kmalloc_node", false },
	{ "kmalloc", "kmallo", false },
	{ "", "", true },
	{ "", "kfree", false },
	{ "*", "", true },
	{ "*", "kfree", true },
	{ "**", "kfree", true },
	{ "k*", "kfree", true },
	{ "k*", "mm_page_free", false },
	{ "*free", "mm_page_free", true },
	{ "*free", "mm_page_free_batched", false },
	{ "*_free*", "mm_page_free_batched", true },
	{ "mm_*_alloc", "mm_page_alloc", true },
	{ "mm_*_alloc", "mm_page_alloc_extfrag", false },
	{ "?free", "kfree", true },
	{ "?free", "free", false },
	{ "??", "ab", true },
	{ "a*b*c", "axbxbxc", true },
	{ "a*b*c", "axbxbx", false },
	{ "*ab", "aab", true },
	{ "*a?c", "aaabc", true },
	{ "a*?", "a", false },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (glob_matches(rows[i].pattern, strlen(rows[i].pattern), rows[i].name) !=
		    rows[i].matches)
			fail_msg("'%s' and '%s'", rows[i].pattern, rows[i].name);
	}
}

static void test_length(void **state)
{
	assert_true(glob_matches("kfree,kmalloc", 5, "kfree"));
	assert_false(glob_matches("kfree*", 5, "kfree_far"));
	assert_true(glob_matches("kfree*", 6, "kfree_far"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
