/* SPDX-License-Identifier: MIT */
/*
 * hrtimers: a callback runs when its clock says so and not before, in order of expiry, as a
 * hard interrupt or a softirq; it may start its timer again, itself or by its result, and
 * free it; who cancels waits for it. No test relies on how late a timer is.
 */
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/wait.h>
#include <kunit/test.h>

#define SOON  ms_to_ktime(1)
#define NEVER ktime_set(3600, 0)

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   clockid_t clock, enum hrtimer_mode mode);
#endif

/* A timer, and what its callback saw. */
struct probe {
	struct hrtimer timer;
	struct completion done;
	ktime_t time;
	bool in_hardirq, in_softirq, irqs_off;
	void *memory;
	unsigned int nr, nr_wanted;
	u64 nr_periods;
};

static enum hrtimer_restart probe_once(struct hrtimer *timer)
{
	struct probe *probe = container_of(timer, struct probe, timer);

	probe->time = hrtimer_cb_get_time(timer);
	probe->in_hardirq = in_hardirq();
	probe->in_softirq = in_serving_softirq();
	probe->irqs_off = irqs_disabled();
	probe->memory = kmalloc(64, GFP_ATOMIC);
	complete(&probe->done);
	return HRTIMER_NORESTART;
}

static void probe_init(struct probe *probe, clockid_t clock, enum hrtimer_mode mode)
{
	memset(probe, 0, sizeof(*probe));
	init_completion(&probe->done);
	hrtimer_init(&probe->timer, clock, mode);
	probe->timer.function = probe_once;
}

static void probe_run(struct probe *probe, ktime_t time, enum hrtimer_mode mode)
{
	hrtimer_start(&probe->timer, time, mode);
	wait_for_completion(&probe->done);
	hrtimer_cancel(&probe->timer);
	kfree(probe->memory);
}

static void a_callback_is_a_hard_interrupt(struct kunit *test)
{
	struct probe probe;
	ktime_t begun = ktime_get();

	probe_init(&probe, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	probe_run(&probe, SOON, HRTIMER_MODE_REL);
	KUNIT_EXPECT_GE(test, ktime_sub(probe.time, begun), SOON);
	KUNIT_EXPECT_TRUE(test, probe.in_hardirq && probe.irqs_off);
	KUNIT_EXPECT_FALSE(test, probe.in_softirq);
	KUNIT_EXPECT_NOT_NULL(test, probe.memory);
	KUNIT_EXPECT_FALSE(test, in_hardirq() || in_softirq() || irqs_disabled());
}

static void a_soft_callback_is_a_softirq(struct kunit *test)
{
	struct probe probe;

	probe_init(&probe, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	probe_run(&probe, SOON, HRTIMER_MODE_REL_SOFT);
	KUNIT_EXPECT_FALSE(test, probe.in_hardirq || probe.irqs_off);
	KUNIT_EXPECT_TRUE(test, probe.in_softirq);
}

static void an_absolute_time_is_of_the_timers_clock(struct kunit *test)
{
	const clockid_t clocks[] = { CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME, CLOCK_TAI };
	struct probe probe;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		ktime_t time;

		probe_init(&probe, clocks[i], HRTIMER_MODE_ABS);
		time = ktime_add(hrtimer_cb_get_time(&probe.timer), SOON);
		probe_run(&probe, time, HRTIMER_MODE_ABS);
		KUNIT_EXPECT_GE_MSG(test, probe.time, time, "clock %d", clocks[i]);
	}
	probe_init(&probe, CLOCK_REALTIME, HRTIMER_MODE_ABS);
	KUNIT_EXPECT_GT(test, hrtimer_cb_get_time(&probe.timer), ktime_set(365 * 86400, 0));
}

static void so_long_from_now_is_not_of_a_clock_that_is_set(struct kunit *test)
{
	struct probe probe;

	probe_init(&probe, CLOCK_REALTIME, HRTIMER_MODE_REL);
	KUNIT_EXPECT_EQ(test, probe.timer.base->clockid, CLOCK_MONOTONIC);
}

/* --- again ---------------------------------------------------------------------- */

static enum hrtimer_restart probe_often(struct hrtimer *timer)
{
	struct probe *probe = container_of(timer, struct probe, timer);

	probe->nr_periods += hrtimer_forward_now(timer, ns_to_ktime(100 * NSEC_PER_USEC));
	if (++probe->nr < probe->nr_wanted)
		return HRTIMER_RESTART;
	complete(&probe->done);
	return HRTIMER_NORESTART;
}

static void a_callback_starts_its_timer_by_its_result(struct kunit *test)
{
	struct probe probe;
	ktime_t first = ktime_get();

	probe_init(&probe, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	probe.timer.function = probe_often;
	probe.nr_wanted = 20;
	probe_run(&probe, first, HRTIMER_MODE_ABS);
	KUNIT_EXPECT_EQ(test, probe.nr, 20u);
	KUNIT_EXPECT_GE(test, probe.nr_periods, 20ULL);
	/* What was late was made up for: the times stay multiples of the period. */
	KUNIT_EXPECT_EQ(test, ktime_sub(hrtimer_get_expires(&probe.timer), first),
			probe.nr_periods * 100 * NSEC_PER_USEC);
}

static enum hrtimer_restart probe_itself(struct hrtimer *timer)
{
	struct probe *probe = container_of(timer, struct probe, timer);

	if (++probe->nr < probe->nr_wanted)
		hrtimer_start(timer, 0, HRTIMER_MODE_REL);
	else
		complete(&probe->done);
	return HRTIMER_NORESTART;
}

static void a_callback_starts_its_timer_itself(struct kunit *test)
{
	struct probe probe;

	probe_init(&probe, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_setup(&probe.timer, probe_itself, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	probe.nr_wanted = 20;
	probe_run(&probe, 0, HRTIMER_MODE_REL);
	KUNIT_EXPECT_EQ(test, probe.nr, 20u);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&probe.timer));
}

static void forward_counts_the_periods(struct kunit *test)
{
	struct hrtimer timer;

	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	hrtimer_set_expires(&timer, 1000);
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&timer, 999, 100), 0ULL);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&timer), 1000);
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&timer, 1000, 100), 1ULL);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&timer), 1100);
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&timer, 1350, 100), 3ULL);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&timer), 1400);
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&timer, 1500, 100), 2ULL);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&timer), 1600);
}

static enum hrtimer_restart probe_free(struct hrtimer *timer)
{
	struct probe *probe = container_of(timer, struct probe, timer);
	struct completion *done = probe->memory;

	kfree(probe);
	complete(done);
	return HRTIMER_NORESTART;
}

static void a_callback_may_free_its_timer(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct probe *probe = kzalloc(sizeof(*probe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, probe);
	probe_init(probe, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	probe->timer.function = probe_free;
	probe->memory = &done;
	hrtimer_start(&probe->timer, SOON, HRTIMER_MODE_REL);
	wait_for_completion(&done);
}

/* --- stopping --------------------------------------------------------------------- */

static void what_is_cancelled_does_not_run(struct kunit *test)
{
	struct probe probe;

	probe_init(&probe, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&probe.timer), 0);
	hrtimer_start(&probe.timer, NEVER, HRTIMER_MODE_REL);
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&probe.timer));
	KUNIT_EXPECT_TRUE(test, hrtimer_is_queued(&probe.timer));
	KUNIT_EXPECT_LE(test, hrtimer_get_remaining(&probe.timer), NEVER);
	KUNIT_EXPECT_GT(test, hrtimer_get_remaining(&probe.timer), 0);
	hrtimer_start(&probe.timer, 2 * NEVER, HRTIMER_MODE_REL);
	KUNIT_EXPECT_GT(test, hrtimer_get_remaining(&probe.timer), NEVER);
	KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(&probe.timer), 1);
	KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(&probe.timer), 0);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&probe.timer));
	hrtimer_restart(&probe.timer);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&probe.timer), 1);
	KUNIT_EXPECT_FALSE(test, completion_done(&probe.done));
}

/* A callback that does not end before it is told. */
static struct completion begun;
static atomic_t may_end, has_ended;

static enum hrtimer_restart hold(struct hrtimer *timer)
{
	complete(&begun);
	while (!atomic_read(&may_end))
		cpu_relax();
	atomic_set(&has_ended, 1);
	return HRTIMER_NORESTART;
}

static void hold_start(struct hrtimer *timer)
{
	init_completion(&begun);
	atomic_set(&may_end, 0);
	atomic_set(&has_ended, 0);
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = hold;
	hrtimer_start(timer, 0, HRTIMER_MODE_REL);
	wait_for_completion(&begun);
}

static int let_it_end(void *unused)
{
	atomic_set(&may_end, 1);
	return 0;
}

static void who_cancels_waits_for_the_callback(struct kunit *test)
{
	struct task_struct *task;
	struct hrtimer timer;

	hold_start(&timer);
	KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(&timer), -1);
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&timer));
	KUNIT_EXPECT_FALSE(test, hrtimer_is_queued(&timer));
	KUNIT_EXPECT_TRUE(test, hrtimer_callback_running(&timer));
	task = kthread_run(let_it_end, NULL, "let_it_end");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&timer), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&has_ended), 1);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&timer));
}

#define NR_ORDERED 5

static struct ordered {
	struct hrtimer timer;
	unsigned int nr;
} ordered[NR_ORDERED];
static unsigned int log[NR_ORDERED], nr_logged;

static enum hrtimer_restart order_log(struct hrtimer *timer)
{
	log[nr_logged++] = container_of(timer, struct ordered, timer)->nr;
	if (nr_logged == NR_ORDERED)
		complete(&begun);
	return HRTIMER_NORESTART;
}

/* All are due by the time that the callback before them ends. */
static void they_run_in_order_of_expiry(struct kunit *test)
{
	const unsigned int order[NR_ORDERED] = { 3, 0, 4, 1, 2 };
	struct hrtimer timer;
	unsigned int i;

	hold_start(&timer);
	reinit_completion(&begun);
	nr_logged = 0;
	for (i = 0; i < NR_ORDERED; i++) {
		struct ordered *o = &ordered[order[i]];

		o->nr = order[i];
		hrtimer_init(&o->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
		o->timer.function = order_log;
		hrtimer_start(&o->timer, 1000 + order[i], HRTIMER_MODE_ABS);
	}
	let_it_end(NULL);
	wait_for_completion(&begun);
	for (i = 0; i < NR_ORDERED; i++) {
		KUNIT_EXPECT_EQ(test, log[i], i);
		hrtimer_cancel(&ordered[i].timer);
	}
	hrtimer_cancel(&timer);
}

/* --- sleeping ----------------------------------------------------------------------- */

static void a_sleeper_sleeps_as_long_as_it_says(struct kunit *test)
{
	const clockid_t clocks[] = { CLOCK_MONOTONIC, CLOCK_REALTIME };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		ktime_t time = SOON, start = ktime_get();

		set_current_state(TASK_UNINTERRUPTIBLE);
		KUNIT_EXPECT_EQ(test, 0,
				schedule_hrtimeout_range_clock(&time, NSEC_PER_USEC,
							       HRTIMER_MODE_REL, clocks[i]));
		KUNIT_EXPECT_GE(test, ktime_sub(ktime_get(), start), SOON);
	}
}

/* Whenever it sleeps, as nobody knows when that is. */
static int wake_often(void *task)
{
	while (!kthread_should_stop()) {
		wake_up_process(task);
		yield();
	}
	return 0;
}

static void a_sleeper_is_woken_before_that(struct kunit *test)
{
	struct task_struct *task = kthread_run(wake_often, current, "wake_often");
	ktime_t time = NEVER;

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	set_current_state(TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_EQ(test, -EINTR,
			schedule_hrtimeout_range_clock(&time, 0, HRTIMER_MODE_REL, CLOCK_BOOTTIME));
	kthread_stop(task);
}

static void a_sleeper_knows_whether_its_time_is_over(struct kunit *test)
{
	struct hrtimer_sleeper sleeper;

	hrtimer_init_sleeper_on_stack(&sleeper, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_set_expires(&sleeper.timer, SOON);
	set_current_state(TASK_UNINTERRUPTIBLE);
	hrtimer_sleeper_start_expires(&sleeper, HRTIMER_MODE_REL);
	while (READ_ONCE(sleeper.task)) {
		schedule();
		set_current_state(TASK_UNINTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&sleeper.timer), 0);
	destroy_hrtimer_on_stack(&sleeper.timer);
}

static DECLARE_WAIT_QUEUE_HEAD(queue);

static void waiting_ends_with_a_timeout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, wait_event_hrtimeout(queue, false, SOON), -ETIME);
	KUNIT_EXPECT_EQ(test, wait_event_hrtimeout(queue, true, NEVER), 0);
}

/* Of two that are the same one, who is asked later does not say less. */
static void clocks_agree(struct kunit *test)
{
	unsigned long ticks = jiffies;
	u64 ticks_later = get_jiffies_64();
	struct timespec64 coarse, fine;

	KUNIT_EXPECT_GE(test, ticks_later, (u64)ticks);
	KUNIT_EXPECT_GE(test, jiffies, (unsigned long)ticks_later);
	ktime_get_coarse_ts64(&coarse);
	ktime_get_ts64(&fine);
	KUNIT_EXPECT_LE(test, timespec64_compare(&coarse, &fine), 0);
	KUNIT_EXPECT_GT(test, coarse.tv_sec + coarse.tv_nsec, 0L);
}

static struct kunit_case hrtimer_cases[] = {
	KUNIT_CASE(a_callback_is_a_hard_interrupt),
	KUNIT_CASE(a_soft_callback_is_a_softirq),
	KUNIT_CASE(an_absolute_time_is_of_the_timers_clock),
	KUNIT_CASE(so_long_from_now_is_not_of_a_clock_that_is_set),
	KUNIT_CASE(a_callback_starts_its_timer_by_its_result),
	KUNIT_CASE(a_callback_starts_its_timer_itself),
	KUNIT_CASE(forward_counts_the_periods),
	KUNIT_CASE(a_callback_may_free_its_timer),
	KUNIT_CASE(what_is_cancelled_does_not_run),
	KUNIT_CASE(who_cancels_waits_for_the_callback),
	KUNIT_CASE(they_run_in_order_of_expiry),
	KUNIT_CASE(a_sleeper_sleeps_as_long_as_it_says),
	KUNIT_CASE(a_sleeper_is_woken_before_that),
	KUNIT_CASE(a_sleeper_knows_whether_its_time_is_over),
	KUNIT_CASE(waiting_ends_with_a_timeout),
	KUNIT_CASE(clocks_agree),
	{},
};

static struct kunit_suite hrtimer_suite = {
	.name = "hrtimer",
	.test_cases = hrtimer_cases,
};
kunit_test_suite(hrtimer_suite);

MODULE_LICENSE("Dual MIT/GPL");
