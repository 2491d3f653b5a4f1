/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/barn.c: the last sheaf in is the first out; the limit stays while the
 * barn only fills, rises by as many as were turned away if it then runs out, up to the
 * most, and is what it was at first after the barn was cleared.
 */
#include "rig.h"
#include "slab/barn.h"

#define NR 64

static struct sheaf sheaves[NR];

static void check(const struct barn *barn, u32 nr, u32 limit)
{
	u32 length = 0;

	for (struct sheaf *sheaf = barn->full; sheaf; sheaf = sheaf->next)
		length++;
	assert_int_equal(length, nr);
	assert_int_equal(barn->nr, nr);
	assert_int_equal(barn->limit, limit);
	assert_true(barn->nr <= barn->limit && barn->limit <= barn->most);
}

/* Fill the barn, and have it turn @nr_away sheaves away. */
static void fill(struct barn *barn, u32 limit, u32 nr_away)
{
	for (u32 i = 0; i < limit; i++) {
		assert_true(barn_give(barn, &sheaves[i]));
		check(barn, i + 1, limit);
	}
	for (u32 i = 0; i < nr_away; i++)
		assert_false(barn_give(barn, &sheaves[limit]));
	check(barn, limit, limit);
}

static void drain(struct barn *barn, u32 nr, u32 limit)
{
	for (u32 i = nr; i-- > 0;) {
		assert_ptr_equal(barn_take(barn), &sheaves[i]);
		check(barn, i, limit);
	}
}

static void test_order(void **state)
{
	struct barn barn;

	(void)state;
	barn_init(&barn, NR);
	check(&barn, 0, BARN_FEW);
	assert_null(barn_take(&barn));
	for (int round = 0; round < 3; round++) {
		for (u32 i = 0; i < BARN_FEW; i++)
			assert_true(barn_give(&barn, &sheaves[i]));
		drain(&barn, BARN_FEW, BARN_FEW);
		/* It never turned one away, so running out says nothing. */
		assert_null(barn_take(&barn));
		check(&barn, 0, BARN_FEW);
	}
}

static void test_limit_rises(void **state)
{
	struct barn barn;

	(void)state;
	barn_init(&barn, 45);
	for (u32 limit = BARN_FEW; limit < 45; limit += 7) {
		u32 next = min(limit + 7, 45u);

		fill(&barn, limit, 7);
		drain(&barn, limit, limit);
		assert_null(barn_take(&barn));
		check(&barn, 0, next);
		/* Once for each time. */
		assert_null(barn_take(&barn));
		check(&barn, 0, next);
	}
	fill(&barn, 45, 1);
	drain(&barn, 45, 45);
	assert_null(barn_take(&barn));
	check(&barn, 0, 45);
}

static void test_few_are_always_allowed(void **state)
{
	struct barn barn;

	(void)state;
	barn_init(&barn, 0);
	fill(&barn, BARN_FEW, 10);
	drain(&barn, BARN_FEW, BARN_FEW);
	assert_null(barn_take(&barn));
	check(&barn, 0, BARN_FEW);
}

static void test_clear(void **state)
{
	struct barn barn;
	struct sheaf *chain;
	u32 nr = 0;

	(void)state;
	barn_init(&barn, NR);
	assert_null(barn_clear(&barn));
	fill(&barn, BARN_FEW, 10);
	drain(&barn, BARN_FEW, BARN_FEW);
	assert_null(barn_take(&barn));
	fill(&barn, BARN_FEW + 10, 1);
	for (chain = barn_clear(&barn); chain; chain = chain->next)
		assert_ptr_equal(chain, &sheaves[BARN_FEW + 10 - 1 - nr++]);
	assert_int_equal(nr, BARN_FEW + 10);
	check(&barn, 0, BARN_FEW);
	/* That it turned one away before is forgotten. */
	assert_null(barn_take(&barn));
	check(&barn, 0, BARN_FEW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_limit_rises),
		cmocka_unit_test(test_few_are_always_allowed),
		cmocka_unit_test(test_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
