/* SPDX-License-Identifier: MIT */
/* What kernel code relies on of the string functions, and a C library does not promise. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <kunit/test.h>

#define NR_LOOKS 20000000

struct key {
	u32 id, owner;
};

static struct key moving = { .owner = 7 };

/* Write now the first byte of what is looked for, now another. */
static int mover(void *unused)
{
	while (!kthread_should_stop()) {
		WRITE_ONCE(moving.id, 0x7fffffff);
		WRITE_ONCE(moving.id, 5);
	}
	return 0;
}

static void memory_that_changes_equals_nothing_that_it_never_was(struct kunit *test)
{
	const struct key key = { .id = 0xa9ff, .owner = 3 };
	struct task_struct *task = kthread_run(mover, NULL, "mover");
	size_t size = sizeof(key);
	int i, equal = 0;

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	for (i = 0; i < NR_LOOKS; i++) {
		OPTIMIZER_HIDE_VAR(size); /* or there is no call */
		equal += !memcmp(&moving, &key, size);
	}
	kthread_stop(task);
	KUNIT_EXPECT_EQ(test, equal, 0);
}

static void order_is_that_of_the_first_byte_that_differs(struct kunit *test)
{
	u8 a[19] = { 0 }, b[19] = { 0 };
	size_t size, at, n;

	for (size = 0; size <= sizeof(a); size++)
		for (at = 0; at < size; at++) {
			memset(b, 0, sizeof(b));
			b[at] = 0x80;
			if (at + 1 < sizeof(a))
				a[at + 1] = 0xff;
			n = size;
			OPTIMIZER_HIDE_VAR(n);
			KUNIT_EXPECT_LT(test, memcmp(a, b, n), 0);
			KUNIT_EXPECT_GT(test, memcmp(b, a, n), 0);
			n = at;
			OPTIMIZER_HIDE_VAR(n);
			KUNIT_EXPECT_EQ(test, memcmp(a, b, n), 0);
			memset(a, 0, sizeof(a));
		}
}

static struct kunit_case string_cases[] = {
	KUNIT_CASE(memory_that_changes_equals_nothing_that_it_never_was),
	KUNIT_CASE(order_is_that_of_the_first_byte_that_differs),
	{},
};

static struct kunit_suite string_suite = {
	.name = "string",
	.test_cases = string_cases,
};
kunit_test_suite(string_suite);

MODULE_LICENSE("Dual MIT/GPL");
