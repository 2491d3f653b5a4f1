/* SPDX-License-Identifier: MIT */
/* A suite of KUnit's that cannot begin: none of its cases runs, and none fails. */
#include <linux/errno.h>
#include <kunit/test.h>

static int suite_begin(struct kunit_suite *suite)
{
	return -EIO;
}

static void never(struct kunit *test)
{
}

static struct kunit_case cases[] = {
	KUNIT_CASE(never),
	{},
};

static struct kunit_suite suite = {
	.name = "suite",
	.suite_init = suite_begin,
	.test_cases = cases,
};
kunit_test_suite(suite);
MODULE_LICENSE("Dual MIT/GPL");
