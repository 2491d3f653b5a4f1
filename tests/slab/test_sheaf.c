/* SPDX-License-Identifier: MIT */
/* Proves src/slab/sheaf.c: sheaves are empty, distinct and used again, the last one first. */
#include "rig.h"
#include "slab/sheaf.h"

#define NR 200 /* more than one mapping's */

static void test_pool(void **state)
{
	size_t bytes = chunk_first_bytes(sizeof(struct sheaf));
	void *first = map_alloc(bytes);
	struct sheaf *sheaves[NR];
	struct sheaf_pool pool;

	(void)state;
	sheaf_pool_init(&pool, first);
	assert_null(pool.empty);
	for (unsigned int i = 0; i < NR; i++) {
		sheaves[i] = sheaf_take(&pool);
		assert_non_null(sheaves[i]);
		assert_int_equal((unsigned long)sheaves[i] % 64, 0);
		assert_int_equal(sheaves[i]->nr, 0);
		memset(sheaves[i], (int)i, sizeof(*sheaves[i]));
	}
	for (unsigned int i = 0; i < NR; i++) {
		assert_int_equal(sheaves[i]->nr & 0xff, i);
		assert_int_equal((unsigned long)sheaves[i]->slots[SHEAF_SLOTS - 1] & 0xff, i);
		sheaf_give(&pool, sheaves[i]);
	}
	for (unsigned int i = NR; i-- > 0;)
		assert_ptr_equal(sheaf_take(&pool), sheaves[i]);
	assert_null(pool.empty);
	sheaf_pool_fini(&pool);
	map_free(first, bytes);
}

static void test_slots(void **state)
{
	struct sheaf sheaf;

	(void)state;
	assert_ptr_equal(sheaf_of(sheaf.slots), &sheaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
