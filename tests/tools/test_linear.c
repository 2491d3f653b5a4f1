/* SPDX-License-Identifier: MIT */
/*
 * Proves that the base of the linear map is found from pages and the objects that
 * follow them, in spite of pairs that have nothing to do with each other.
 */
#include "files.h"
#include "linear.h"

#define BASE 0xff21809200000000u

static void pair(struct linear *linear, uint64_t pfn, unsigned int order, uint64_t ptr)
{
	struct trace_event event = { .kind = TRACE_PAGE_ALLOC, .pfn = pfn, .order = order };

	linear_learn(linear, &event);
	event = (struct trace_event){ .kind = TRACE_ALLOC, .ptr = ptr };
	linear_learn(linear, &event);
}

static void test_base(void **state)
{
	struct linear linear = { 0 };
	uint64_t pfn;

	assert_false(linear_is_known(&linear));
	pair(&linear, 0x1000, 0, BASE + 0x1000040);
	assert_false(linear_is_known(&linear));	    /* one pair may be chance */
	pair(&linear, 0x2008, 3, BASE + 0x200a780); /* an object in the third page of eight */
	pair(&linear, 0x3000, 0, BASE + 0x7777000); /* a page that is not the object's */
	assert_true(linear_is_known(&linear));
	assert_int_equal(linear.base, BASE);
	assert_int_equal(linear.base_votes, 2);
	assert_int_equal(linear.nr_votes, 3);

	assert_true(linear_pfn(&linear, BASE + 0x5234, &pfn));
	assert_int_equal(pfn, 5);
	assert_false(linear_pfn(&linear, BASE - 1, &pfn));
	assert_false(linear_pfn(&linear, 0xffffffffc0000000u, &pfn)); /* the modules' area */
	linear_fini(&linear);
}

static void test_no_majority(void **state)
{
	struct linear linear = { 0 };

	for (uint64_t i = 1; i < 5; i++) {
		pair(&linear, 0x1000, 0, BASE + 0x1000000);
		pair(&linear, 0x1000, 0, BASE + 0x1000000 + (i << 20));
		pair(&linear, 0x1000, 0, BASE + 0x1000000 + (i << 32));
	}
	assert_false(linear_is_known(&linear));
	linear_fini(&linear);
}

static void test_one_page_one_vote(void **state)
{
	struct linear linear = { 0 };
	struct trace_event object = { .kind = TRACE_ALLOC, .ptr = BASE + 0x1000000 };

	pair(&linear, 0x1000, 0, BASE + 0x1000000);
	linear_learn(&linear, &object);
	assert_int_equal(linear.nr_votes, 1);
	linear_fini(&linear);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_no_majority),
		cmocka_unit_test(test_one_page_one_vote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
