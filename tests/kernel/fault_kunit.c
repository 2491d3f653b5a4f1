/* SPDX-License-Identifier: MIT */
/*
 * <linux/fault-inject.h>: an attribute of a program's own says when something is to fail, by
 * what it is set up with and by its files in debugfs.
 */
#include <linux/debugfs.h>
#include <linux/fault-inject.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/version.h>
#include <kunit/test.h>

static DECLARE_FAULT_ATTR(fail_kunit);

static void attribute_reset(void)
{
	fail_kunit = (struct fault_attr)FAULT_ATTR_INITIALIZER;
	fail_kunit.verbose = 0; /* or each failure is told */
}

/* Return: how many of @nr requests of @size fail. */
static unsigned int fails(unsigned int nr, ssize_t size)
{
	unsigned int i, nr_failed = 0;

	for (i = 0; i < nr; i++)
		nr_failed += should_fail(&fail_kunit, size);
	return nr_failed;
}

static void nothing_fails_at_first(struct kunit *test)
{
	attribute_reset();
	KUNIT_EXPECT_EQ(test, fails(100, 1), 0u);
}

static void a_string_sets_it_up(struct kunit *test)
{
	char always[] = "1,100,0,-1", thrice[] = "1,100,0,3", third[] = "3,100,0,-1",
	     space[] = "1,100,50,-1", half[] = "1,50,0,-1", wrong[] = "1,2";

	attribute_reset();
	KUNIT_EXPECT_EQ(test, setup_fault_attr(&fail_kunit, wrong), 0);
	KUNIT_EXPECT_EQ(test, setup_fault_attr(&fail_kunit, always), 1);
	KUNIT_EXPECT_EQ(test, fails(100, 1), 100u);
	setup_fault_attr(&fail_kunit, thrice);
	KUNIT_EXPECT_EQ(test, fails(100, 1), 3u);
	setup_fault_attr(&fail_kunit, third);
	KUNIT_EXPECT_EQ(test, fails(99, 1), 33u);
	/* As long as there is more room than is asked for. */
	setup_fault_attr(&fail_kunit, space);
	KUNIT_EXPECT_EQ(test, fails(4, 10), 0u);
	KUNIT_EXPECT_EQ(test, fails(5, 10), 5u);
	/* By chance, of a sequence that is the same in each run. */
	setup_fault_attr(&fail_kunit, half);
	KUNIT_EXPECT_GT(test, fails(1000, 1), 300u);
	KUNIT_EXPECT_LT(test, fails(1000, 1), 700u);
}

static void only_tasks_that_are_told_to_fail(struct kunit *test)
{
	char always[] = "1,100,0,-1";

	attribute_reset();
	setup_fault_attr(&fail_kunit, always);
	fail_kunit.task_filter = true;
	KUNIT_EXPECT_EQ(test, fails(10, 1), 0u);
	current->make_it_fail = 1;
	KUNIT_EXPECT_EQ(test, fails(10, 1), 10u);
	current->make_it_fail = 0;
}

static void write_file(struct kunit *test, const char *path, const char *text)
{
	struct file *file = filp_open(path, O_WRONLY, 0);
	loff_t pos = 0;

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(file), "%s", path);
	KUNIT_EXPECT_EQ(test, kernel_write(file, text, strlen(text), &pos), (ssize_t)strlen(text));
	filp_close(file, NULL);
}

#define F "/sys/kernel/debug/fail_kunit/"

static void files_set_it_up(struct kunit *test)
{
	struct dentry *dir;

	attribute_reset();
	dir = fault_create_debugfs_attr("fail_kunit", NULL, &fail_kunit);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dir));
	write_file(test, F "probability", "100");
	write_file(test, F "interval", "2");
	write_file(test, F "times", "4");
	KUNIT_EXPECT_EQ(test, fail_kunit.probability, 100ul);
	KUNIT_EXPECT_EQ(test, fails(100, 1), 4u);
	KUNIT_EXPECT_EQ(test, atomic_read(&fail_kunit.times), 0);
	write_file(test, F "times", "-1");
	write_file(test, F "task-filter", "Y");
	KUNIT_EXPECT_EQ(test, fails(100, 1), 0u);
	debugfs_remove(dir);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	dput(fail_kunit.dname); /* which nobody gives back by itself */
#endif
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE(nothing_fails_at_first),
	KUNIT_CASE(a_string_sets_it_up),
	KUNIT_CASE(only_tasks_that_are_told_to_fail),
	KUNIT_CASE(files_set_it_up),
	{},
};

static struct kunit_suite fault_suite = {
	.name = "fault",
	.test_cases = fault_cases,
};
kunit_test_suite(fault_suite);

MODULE_LICENSE("Dual MIT/GPL");
