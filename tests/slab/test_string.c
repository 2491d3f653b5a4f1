/* SPDX-License-Identifier: MIT */
/* Proves src/slab/string.c: copies and printed strings, in memory of the right size. */
#include "rig.h"

static void check(char *text, const char *expected, size_t usable)
{
	assert_non_null(text);
	assert_string_equal(text, expected);
	assert_int_equal(ksize(text), usable);
	kfree(text);
}

static void test_copies(void **state)
{
	static const char hello[] = "hello world";

	(void)state;
	check(kstrdup("", GFP_KERNEL), "", 8);
	check(kstrdup(hello, GFP_KERNEL), hello, 16);
	check(kstrndup(hello, 5, GFP_KERNEL), "hello", 8);
	check(kstrndup(hello, 100, GFP_KERNEL), hello, 16);
	check(kstrndup(hello, 0, GFP_KERNEL), "", 8);
	check(kmemdup_nul(hello, 7, GFP_KERNEL), "hello w", 8);
	check(kmemdup(hello, sizeof(hello), GFP_KERNEL), hello, 16);
	assert_ptr_equal(kmemdup(hello, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_null(kstrdup(NULL, GFP_KERNEL));
	assert_null(kstrndup(NULL, 5, GFP_KERNEL));
	assert_null(kmemdup_nul(NULL, 5, GFP_KERNEL));
}

static void test_print(void **state)
{
	char *text;

	(void)state;
	check(kasprintf(GFP_KERNEL, "%s-%d", "kmalloc", 96), "kmalloc-96", 16);
	check(kasprintf(GFP_KERNEL, "%s", ""), "", 8);
	text = kasprintf(GFP_KERNEL, "%9000d", 7);
	assert_int_equal(strlen(text), 9000);
	assert_int_equal(text[8999], '7');
	assert_int_equal(ksize(text), 16384);
	kfree(text);
}

static void test_no_memory(void **state)
{
	char *big = kmalloc(3 << 20, GFP_KERNEL);

	(void)state;
	memset(big, 'x', 3 << 20);
	assert_null(kmemdup(big, 5 << 20, GFP_KERNEL | __GFP_NOWARN));
	assert_null(kmemdup_nul(big, SIZE_MAX, GFP_KERNEL | __GFP_NOWARN));
	assert_null(kasprintf(GFP_KERNEL | __GFP_NOWARN, "%5000000d", 7));
	kfree(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_copies),
		rig_test(test_print),
		rig_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
