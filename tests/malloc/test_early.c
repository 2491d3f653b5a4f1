/* SPDX-License-Identifier: MIT */
/*
 * Proves src/malloc/early.c: blocks are zero, aligned, apart from each other and known by
 * their address; and when there is no room left, the next one is refused and none is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "early.h"

#define NR 64

static void test_blocks(void **state)
{
	static const size_t aligns[] = { 1, 16, 64, 4096 };
	unsigned char *blocks[NR];

	for (size_t i = 0; i < NR; i++) {
		size_t align = aligns[i % 4];

		blocks[i] = early_alloc(i * 7, align);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % (align < 16 ? 16 : align), 0);
		assert_int_equal(early_size(blocks[i]), i * 7);
		assert_true(early_has(blocks[i]));
		for (size_t at = 0; at < i * 7; at++)
			assert_int_equal(blocks[i][at], 0);
		memset(blocks[i], (int)i + 1, i * 7);
	}
	for (size_t i = 0; i < NR; i++) {
		for (size_t at = 0; at < i * 7; at++)
			assert_int_equal(blocks[i][at], i + 1);
		assert_true(i == 0 || blocks[i] != blocks[i - 1]);
		assert_int_equal(early_size(blocks[i]), i * 7);
	}
}

static void test_addresses(void **state)
{
	int elsewhere;

	assert_false(early_has(NULL));
	assert_false(early_has(&elsewhere));
	assert_false(early_has((void *)((uintptr_t)early_memory - 1)));
	assert_true(early_has(early_memory + EARLY_BYTES - 1));
	assert_false(early_has(early_memory + EARLY_BYTES));
}

static void test_full(void **state)
{
	void *p;

	assert_null(early_alloc(EARLY_BYTES, 1));
	assert_null(early_alloc(SIZE_MAX, 1));
	assert_null(early_alloc(1, EARLY_BYTES * 2));
	assert_null(early_alloc(1, SIZE_MAX / 2 + 1));
	while ((p = early_alloc(1000, 1)) != NULL)
		assert_true((char *)p + 1000 <= early_memory + EARLY_BYTES);
	assert_non_null(early_alloc(1, 1));
	while (early_alloc(1, 1))
		;
	assert_null(early_alloc(0, 4096));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests_name("early", tests, NULL, NULL);
}
