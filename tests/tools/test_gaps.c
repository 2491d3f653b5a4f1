/* SPDX-License-Identifier: MIT */
/*
 * Proves that a pause is found where most gaps overlap, that gaps ending before
 * the moment in question do not count, and that scattered gaps are no pause.
 */
#include "files.h"
#include "gaps.h"

struct row {
	struct gap gaps[4];
	uint64_t after;
	size_t agree;
	struct gap pause;
};

static const struct row rows[] = {
	{ { { 0, 0 } }, 0, 0, { 0, 0 } },
	{ { { 10, 20 } }, 0, 1, { 10, 20 } },
	{ { { 10, 30 }, { 20, 40 } }, 0, 2, { 20, 30 } },
	{ { { 10, 30 }, { 20, 40 }, { 22, 23 } }, 0, 3, { 22, 23 } },
	{ { { 1, 2 }, { 3, 4 }, { 20, 40 }, { 25, 50 } }, 10, 2, { 25, 40 } },
	{ { { 1, 2 }, { 3, 4 }, { 5, 6 } }, 0, 0, { 0, 0 } }, /* no two agree */
	{ { { 10, 20 }, { 20, 30 } }, 0, 0, { 0, 0 } },	      /* touching is not overlapping */
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gaps gaps = { 0 };
		struct gap pause = { 0 };

		for (size_t j = 0; j < 4 && rows[i].gaps[j].to; j++)
			gaps_add(&gaps, rows[i].gaps[j].from, rows[i].gaps[j].to);
		assert_int_equal(gaps_pause(&gaps, rows[i].after, &pause), rows[i].agree);
		if (rows[i].agree) {
			assert_int_equal(pause.from, rows[i].pause.from);
			assert_int_equal(pause.to, rows[i].pause.to);
		}
		gaps_fini(&gaps);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
