/* SPDX-License-Identifier: MIT */
/* Proves src/slab/chunk.c: areas are apart, aligned, zero, and reused. */
#include "rig.h"
#include "slab/chunk.h"

#define NR_AREAS (3 * CHUNK_AREAS)
#define BYTES	 192

static void test_areas(void **state)
{
	struct chunk_pool pool;
	char *areas[NR_AREAS], *again;

	(void)state;
	chunk_init(&pool, BYTES);
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
	chunk_give(&pool, areas[5]);
	chunk_give(&pool, areas[100]);
	again = chunk_take(&pool);
	assert_ptr_equal(again, areas[100]);
	assert_int_equal(again[0], 0);
	assert_ptr_equal(chunk_take(&pool), areas[5]);
	chunk_fini(&pool);
	assert_null(pool.chunks);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_areas) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
