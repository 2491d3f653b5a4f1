// SPDX-License-Identifier: MIT
/*
 * Atomic sections that do not end, or end twice: each is told once, by a warning, and who
 * runs after that in the same task, or on the same CPU, is not in one.
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <kunit/test.h>

static DEFINE_SPINLOCK(lock);
static struct completion done;
static bool is_leaving;	  /* the next callback leaves a section that it is in */
static int count, cpu;	  /* of the last one, when it began */
static bool has_irqs_off; /* the same */

static void context_note(void)
{
	count = preempt_count();
	has_irqs_off = irqs_disabled();
	cpu = raw_smp_processor_id();
}

static void leave(void)
{
	context_note();
	if (is_leaving) {
		preempt_disable();
		local_irq_disable();
	}
	complete(&done);
}

/* What is run twice is run in the same context, and its CPU can be called. */
static void twice(struct kunit *test, void (*run)(void))
{
	int first_count;
	bool first_irqs_off;

	init_completion(&done);
	is_leaving = true;
	run();
	wait_for_completion(&done);
	first_count = count;
	first_irqs_off = has_irqs_off;
	is_leaving = false;
	run();
	wait_for_completion(&done);
	KUNIT_EXPECT_EQ(test, count, first_count);
	KUNIT_EXPECT_EQ(test, has_irqs_off, first_irqs_off);
}

static void nothing(void *unused)
{
}

static void timer_leave(struct timer_list *timer)
{
	leave();
}

static DEFINE_TIMER(timer, timer_leave);

static void timer_run(void)
{
	mod_timer(&timer, jiffies);
}

/* Two warnings: the count, and the interrupts. */
static void a_timer_leaves_no_section(struct kunit *test)
{
	twice(test, timer_run);
	KUNIT_EXPECT_EQ(test, timer_delete_sync(&timer), 0);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, nothing, NULL, 1), 0);
}

static struct hrtimer hrtimer;

static enum hrtimer_restart hrtimer_leave(struct hrtimer *unused)
{
	leave();
	return HRTIMER_NORESTART;
}

static void hrtimer_run(void)
{
	hrtimer_start(&hrtimer, 0, HRTIMER_MODE_REL);
}

/* One warning, as interrupts are off anyway. */
static void an_hrtimer_leaves_no_section(struct kunit *test)
{
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = hrtimer_leave;
	twice(test, hrtimer_run);
	hrtimer_cancel(&hrtimer);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, nothing, NULL, 1), 0);
}

static void work_leave(struct work_struct *work)
{
	leave();
}

static DECLARE_WORK(work, work_leave);

static void work_run(void)
{
	schedule_work(&work);
}

/* One warning. */
static void work_leaves_no_section(struct kunit *test)
{
	twice(test, work_run);
	flush_work(&work);
	KUNIT_EXPECT_EQ(test, count, 0);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, nothing, NULL, 1), 0);
}

static int thread_leave(void *unused)
{
	context_note();
	spin_lock_irq(&lock);
	return 0;
}

/* One warning. */
static void a_thread_ends_in_no_section(struct kunit *test)
{
	struct task_struct *task = kthread_create(thread_leave, NULL, "leaver");

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	get_task_struct(task);
	wake_up_process(task);
	while (!READ_ONCE(task->exit_state) && READ_ONCE(task->__state) != TASK_DEAD)
		yield();
	kthread_stop(task);
	put_task_struct(task);
	KUNIT_EXPECT_TRUE(test, spin_is_locked(&lock));
	spin_lock_init(&lock);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, nothing, NULL, 1), 0);
}

static void count_expect(struct kunit *test, int wanted)
{
	KUNIT_EXPECT_EQ(test, preempt_count(), wanted);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* One warning for all of them. */
static void a_section_ends_once(struct kunit *test)
{
	preempt_enable();
	count_expect(test, 0);
	spin_unlock(&lock);
	count_expect(test, 0);
	local_bh_enable();
	count_expect(test, 0);
	local_bh_disable();
	preempt_enable();
	count = preempt_count();
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, count, (int)SOFTIRQ_DISABLE_OFFSET);
	spin_lock(&lock);
	spin_unlock(&lock);
	count_expect(test, 0);
	cpu = raw_smp_processor_id();
	KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, nothing, NULL, 1), 0);
}

/* Not even in sections of other kinds, whose marks stand in the same word. */
static void a_section_in_others_ends(struct kunit *test)
{
	unsigned int i;

	non_block_start();
	for (i = 0; i < 40; i++)
		rcu_read_lock();
	preempt_disable();
	preempt_disable();
	preempt_enable();
	count_expect(test, PREEMPT_OFFSET);
	preempt_enable();
	count_expect(test, 0);
	for (i = 0; i < 40; i++)
		rcu_read_unlock();
	non_block_end();
	KUNIT_EXPECT_TRUE(test, preemptible());
	might_sleep();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_section_in_others_ends),
	KUNIT_CASE(a_timer_leaves_no_section),
	KUNIT_CASE(an_hrtimer_leaves_no_section),
	KUNIT_CASE(work_leaves_no_section),
	KUNIT_CASE(a_thread_ends_in_no_section),
	KUNIT_CASE(a_section_ends_once),
	{},
};

static struct kunit_suite suite = {
	.name = "context",
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_LICENSE("Dual MIT/GPL");
