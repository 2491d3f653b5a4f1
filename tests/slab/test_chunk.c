/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/chunk.c: areas are apart, aligned, zero, and reused; the first chunk is
 * the caller's, and nothing is written to what is not taken.
 */
#include "rig.h"
#include "slab/chunk.h"

#define NR_AREAS (3 * CHUNK_AREAS)
#define BYTES	 192

static void test_areas(void **state)
{
	static char first[CHUNK_AREAS * BYTES] cacheline;
	struct chunk_pool pool;
	char *areas[NR_AREAS], *again;

	(void)state;
	chunk_init(&pool, BYTES, first);
	for (int i = 0; i < NR_AREAS; i++) {
		areas[i] = chunk_take(&pool);
		assert_non_null(areas[i]);
		assert_int_equal((unsigned long)areas[i] % 64, 0);
		for (int j = 0; j < BYTES; j++)
			assert_int_equal(areas[i][j], 0);
		memset(areas[i], i + 1, BYTES);
	}
	for (int i = 0; i < NR_AREAS; i++) {
		for (int j = 0; j < BYTES; j++)
			assert_int_equal((unsigned char)areas[i][j], i + 1);
	}
	assert_ptr_equal(areas[0], first);
	assert_ptr_equal(areas[CHUNK_AREAS - 1], first + sizeof(first) - BYTES);
	chunk_give(&pool, areas[5]);
	chunk_give(&pool, areas[100]);
	again = chunk_take(&pool);
	assert_ptr_equal(again, areas[100]);
	assert_int_equal(again[0], 0);
	assert_ptr_equal(chunk_take(&pool), areas[5]);
	chunk_fini(&pool);
	assert_null(pool.chunks);
}

static void test_untouched(void **state)
{
	static char first[CHUNK_AREAS * BYTES] cacheline;
	struct chunk_pool pool;

	(void)state;
	memset(first, 'x', sizeof(first));
	chunk_init(&pool, BYTES, first);
	for (int i = 0; i < 3; i++)
		assert_ptr_equal(chunk_take(&pool), first + i * BYTES);
	for (size_t i = 0; i < sizeof(first); i++)
		assert_int_equal(first[i], 'x');
	chunk_fini(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_untouched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
