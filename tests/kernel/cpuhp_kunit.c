/* SPDX-License-Identifier: MIT */
/* What is to be done for each CPU is done for each of them, once, or undone. */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <kunit/test.h>

#define STATE CPUHP_MM_ZS_PREPARE

static int nr_up[NR_CPUS];
static unsigned int fails_at = NR_CPUS;

static int up(unsigned int cpu)
{
	if (cpu == fails_at)
		return -ENOMEM;
	nr_up[cpu]++;
	return 0;
}

static int down(unsigned int cpu)
{
	nr_up[cpu]--;
	return 0;
}

/* Every CPU is up @nr times. */
static void expect_up(struct kunit *test, int nr)
{
	unsigned int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		KUNIT_EXPECT_EQ(test, nr_up[cpu], nr);
}

static void each_cpu_comes_up_once(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(STATE, "test", up, down), 0);
	expect_up(test, 1);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(STATE, "test", up, down), -EBUSY);
	expect_up(test, 1);
	cpuhp_remove_state(STATE);
	expect_up(test, 0);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state_nocalls(STATE, "test", up, down), 0);
	expect_up(test, 0);
	cpuhp_remove_state_nocalls(STATE);
	expect_up(test, 0);
	/* Either may be missing. */
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(STATE, "test", NULL, down), 0);
	expect_up(test, 0);
	cpuhp_remove_state_nocalls(STATE);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(STATE, "test", up, NULL), 0);
	cpuhp_remove_state(STATE);
	expect_up(test, 1);
	memset(nr_up, 0, sizeof(nr_up));
}

static void what_fails_is_undone(struct kunit *test)
{
	for (fails_at = 0; fails_at < NR_CPUS; fails_at += 21) {
		KUNIT_EXPECT_EQ(test, cpuhp_setup_state(STATE, "test", up, down), -ENOMEM);
		expect_up(test, 0);
	}
	fails_at = NR_CPUS;
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(STATE, "test", up, down), 0);
	cpuhp_remove_state(STATE);
	expect_up(test, 0);
}

static void numbers_are_given_out(struct kunit *test)
{
	static const enum cpuhp_state any[] = { CPUHP_AP_ONLINE_DYN, CPUHP_BP_PREPARE_DYN };
	unsigned int i;
	int first, second, at, nr = 0;

	for (i = 0; i < ARRAY_SIZE(any); i++) {
		first = cpuhp_setup_state(any[i], "first", up, down);
		second = cpuhp_setup_state(any[i], "second", up, down);
		KUNIT_EXPECT_GE(test, first, (int)any[i]);
		KUNIT_EXPECT_GT(test, second, first);
		expect_up(test, 2);
		cpuhp_remove_state(first);
		expect_up(test, 1);
		cpuhp_remove_state(second);
		expect_up(test, 0);
	}
	/* Until there are none. */
	while ((at = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "more", up, down)) > 0)
		nr++;
	KUNIT_EXPECT_EQ(test, at, -ENOSPC);
	KUNIT_EXPECT_EQ(test, nr, CPUHP_BP_PREPARE_DYN_END - CPUHP_BP_PREPARE_DYN + 1);
	while (nr--)
		cpuhp_remove_state(CPUHP_BP_PREPARE_DYN + nr);
	expect_up(test, 0);
}

static struct kunit_case cpuhp_cases[] = {
	KUNIT_CASE(each_cpu_comes_up_once),
	KUNIT_CASE(what_fails_is_undone),
	KUNIT_CASE(numbers_are_given_out),
	{},
};

static struct kunit_suite cpuhp_suite = {
	.name = "cpuhp",
	.test_cases = cpuhp_cases,
};
kunit_test_suite(cpuhp_suite);

MODULE_LICENSE("Dual MIT/GPL");
