/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints: a header of the tree's own creates them here. With CONFIG_TRACEPOINTS each
 * probe that is registered is called with what is traced, until it is not any more; without,
 * tracing is nothing and registering an error.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <kunit/test.h>

DECLARE_TRACE(kunit_bare, TP_PROTO(int number), TP_ARGS(number));
DEFINE_TRACE(kunit_bare, TP_PROTO(int number), TP_ARGS(number));

#define CREATE_TRACE_POINTS
#include <trace/events/initcall.h>

struct seen {
	unsigned int nr;
	initcall_t func;
	int ret;
};

static void finish_probe(void *data, initcall_t func, int ret)
{
	struct seen *seen = data;

	seen->nr++;
	seen->func = func;
	seen->ret = ret;
}

static int some_init(void)
{
	return 0;
}

#ifdef CONFIG_TRACEPOINTS
static void a_probe_is_called_while_it_is_registered(struct kunit *test)
{
	struct seen seen = { 0 };

	KUNIT_EXPECT_FALSE(test, trace_initcall_finish_enabled());
	trace_initcall_finish(some_init, 1);
	KUNIT_EXPECT_EQ(test, register_trace_initcall_finish(finish_probe, &seen), 0);
	KUNIT_EXPECT_TRUE(test, trace_initcall_finish_enabled());
	KUNIT_EXPECT_FALSE(test, trace_initcall_start_enabled());
	trace_initcall_start(some_init);
	KUNIT_EXPECT_EQ(test, seen.nr, 0u);
	trace_initcall_finish(some_init, -7);
	KUNIT_EXPECT_EQ(test, seen.nr, 1u);
	KUNIT_EXPECT_PTR_EQ(test, seen.func, (initcall_t)some_init);
	KUNIT_EXPECT_EQ(test, seen.ret, -7);
	KUNIT_EXPECT_EQ(test, unregister_trace_initcall_finish(finish_probe, &seen), 0);
	tracepoint_synchronize_unregister();
	KUNIT_EXPECT_FALSE(test, trace_initcall_finish_enabled());
	trace_initcall_finish(some_init, 2);
	KUNIT_EXPECT_EQ(test, seen.nr, 1u);
}

static void each_probe_has_its_data(struct kunit *test)
{
	struct seen seen[3] = { 0 };
	unsigned int i;

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, register_trace_initcall_finish(finish_probe, &seen[i]), 0);
	KUNIT_EXPECT_EQ(test, register_trace_initcall_finish(finish_probe, &seen[0]), -EEXIST);
	trace_initcall_finish(some_init, 1);
	KUNIT_EXPECT_EQ(test, unregister_trace_initcall_finish(finish_probe, &seen[1]), 0);
	trace_initcall_finish(some_init, 2);
	KUNIT_EXPECT_EQ(test, seen[0].nr, 2u);
	KUNIT_EXPECT_EQ(test, seen[1].nr, 1u);
	KUNIT_EXPECT_EQ(test, seen[2].ret, 2);
	unregister_trace_initcall_finish(finish_probe, &seen[0]);
	unregister_trace_initcall_finish(finish_probe, &seen[2]);
	tracepoint_synchronize_unregister();
}

static atomic_t sum;

static void bare_probe(void *data, int number)
{
	atomic_add(number, &sum);
}

static int trace_often(void *unused)
{
	int nr = 0;

	while (!kthread_should_stop()) {
		trace_kunit_bare(1);
		nr++;
	}
	return nr;
}

/* Probes come and go while others trace; what they are kept in is freed behind the readers. */
static void probes_change_under_who_traces(struct kunit *test)
{
	struct task_struct *task = kthread_run(trace_often, NULL, "trace_often");
	unsigned int i;
	long data[2];

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	for (i = 0; i < 50; i++) {
		KUNIT_EXPECT_EQ(test, register_trace_kunit_bare(bare_probe, &data[i % 2]), 0);
		KUNIT_EXPECT_EQ(test, register_trace_kunit_bare(bare_probe, &data[(i + 1) % 2]), 0);
		KUNIT_EXPECT_EQ(test, unregister_trace_kunit_bare(bare_probe, &data[i % 2]), 0);
		KUNIT_EXPECT_EQ(test, unregister_trace_kunit_bare(bare_probe, &data[(i + 1) % 2]),
				0);
	}
	tracepoint_synchronize_unregister();
	KUNIT_EXPECT_LE(test, atomic_read(&sum), 2 * kthread_stop(task));
	atomic_set(&sum, 0);
	KUNIT_EXPECT_EQ(test, register_trace_kunit_bare(bare_probe, NULL), 0);
	trace_kunit_bare(12);
	KUNIT_EXPECT_EQ(test, atomic_read(&sum), 12);
	unregister_trace_kunit_bare(bare_probe, NULL);
	tracepoint_synchronize_unregister();
}

static struct kunit_case tracepoint_cases[] = {
	KUNIT_CASE(a_probe_is_called_while_it_is_registered),
	KUNIT_CASE(each_probe_has_its_data),
	KUNIT_CASE(probes_change_under_who_traces),
	{},
};
#else
static void tracing_is_nothing(struct kunit *test)
{
	struct seen seen = { 0 };

	KUNIT_EXPECT_EQ(test, register_trace_initcall_finish(finish_probe, &seen), -ENOSYS);
	KUNIT_EXPECT_FALSE(test, trace_initcall_finish_enabled());
	trace_initcall_finish(some_init, 1);
	trace_kunit_bare(1);
	KUNIT_EXPECT_EQ(test, seen.nr, 0u);
	tracepoint_synchronize_unregister();
}

static struct kunit_case tracepoint_cases[] = {
	KUNIT_CASE(tracing_is_nothing),
	{},
};
#endif

static struct kunit_suite tracepoint_suite = {
	.name = "tracepoint",
	.test_cases = tracepoint_cases,
};
kunit_test_suite(tracepoint_suite);

MODULE_LICENSE("Dual MIT/GPL");
