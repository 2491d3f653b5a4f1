/* SPDX-License-Identifier: MIT */
/*
 * Proves that the hash table keeps what it is given through growth and through
 * removals in any order: checked against an array after each step.
 */
#include "files.h"
#include "table.h"

#define KEYS 512

static void test_against_model(void **state)
{
	uint64_t model[KEYS] = { 0 }, seed = 1;
	struct table table = { 0 };
	size_t taken = 0;

	for (unsigned int step = 1; step < 20000; step++) {
		struct table_slot *slot;
		unsigned int i;
		uint64_t key;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned int)(seed >> 33) % KEYS;
		key = 0xffff888000000000u + i * 64u; /* like object addresses */
		slot = table_find(&table, key);
		assert_int_equal(slot ? slot->value : 0, model[i]);
		if (slot && seed >> 62) {
			table_drop(&table, slot);
			model[i] = 0;
			taken--;
		} else {
			taken += !slot;
			table_put(&table, key)->value = step;
			model[i] = step;
		}
		assert_int_equal(table.nr_taken, taken);
	}
	for (unsigned int i = 0; i < KEYS; i++) {
		struct table_slot *slot = table_find(&table, 0xffff888000000000u + i * 64u);

		assert_int_equal(slot ? slot->value : 0, model[i]);
	}
	table_fini(&table);
}

static void test_empty(void **state)
{
	struct table table = { 0 };

	assert_null(table_find(&table, 1));
	table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
