// SPDX-License-Identifier: MIT
/*
 * Timers of a CPU's: they run there, with its per-CPU data, and not in the midst of sections
 * that keep them out, in which they can be taken back.
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/timer.h>
#include <kunit/test.h>

#include "cpus.h"

#define NR_TURNS 50

/* One of each kind for a thread, which take turns on its CPU till they have had enough. */
struct clock {
	struct timer_list timer;
	struct hrtimer hard, soft;
	struct thread *thread;
	unsigned int nr_timer, nr_hard, nr_soft; /* turns that they have had */
	struct completion timer_done, hard_done, soft_done;
};

static struct clock clocks[NR_THREADS];

static bool turn_is_last(struct clock *clock, unsigned int *nr, struct completion *done)
{
	wrong_if(raw_smp_processor_id() != clock->thread->cpu);
	pair_add();
	if (++*nr < NR_TURNS)
		return false;
	complete(done);
	return true;
}

static void timer_turn(struct timer_list *timer)
{
	struct clock *clock = from_timer(clock, timer, timer);

	wrong_if(!in_serving_softirq() || irqs_disabled());
	if (!turn_is_last(clock, &clock->nr_timer, &clock->timer_done))
		mod_timer(timer, jiffies);
}

static enum hrtimer_restart hard_turn(struct hrtimer *timer)
{
	struct clock *clock = container_of(timer, struct clock, hard);

	wrong_if(!in_hardirq() || !irqs_disabled());
	if (turn_is_last(clock, &clock->nr_hard, &clock->hard_done))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, ns_to_ktime(1000));
	return HRTIMER_RESTART;
}

static enum hrtimer_restart soft_turn(struct hrtimer *timer)
{
	struct clock *clock = container_of(timer, struct clock, soft);

	wrong_if(!in_serving_softirq() || in_hardirq() || irqs_disabled());
	if (!turn_is_last(clock, &clock->nr_soft, &clock->soft_done))
		hrtimer_start(timer, 0, HRTIMER_MODE_REL_PINNED_SOFT);
	return HRTIMER_NORESTART;
}

static void clock_make(unsigned int nr)
{
	struct clock *clock = &clocks[nr];

	*clock = (struct clock){ .thread = &threads[nr] };
	init_completion(&clock->timer_done);
	init_completion(&clock->hard_done);
	init_completion(&clock->soft_done);
	timer_setup(&clock->timer, timer_turn, TIMER_PINNED);
	hrtimer_init(&clock->hard, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	hrtimer_init(&clock->soft, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_SOFT);
	clock->hard.function = hard_turn;
	clock->soft.function = soft_turn;
}

/* Each thread then has its clock, and starts it itself. */
static void clocks_start(struct kunit *test, void (*step)(struct thread *thread))
{
	unsigned int i;

	for (i = 0; i < NR_THREADS; i++)
		clock_make(i);
	init_completion(&inside);
	threads_start(test, step);
}

static struct clock *clock_of(struct thread *thread)
{
	return &clocks[thread - threads];
}

static void clocks_end(void)
{
	unsigned int i;

	for (i = 0; i < NR_THREADS; i++) {
		timer_delete_sync(&clocks[i].timer);
		hrtimer_cancel(&clocks[i].hard);
		hrtimer_cancel(&clocks[i].soft);
	}
}

/* Softirqs' turns first: pair_add() in one of those would be interrupted by a hard one. */
static void step_with_softirqs(struct thread *thread)
{
	struct clock *clock = clock_of(thread);

	if (!thread->nr) {
		mod_timer(&clock->timer, jiffies);
		hrtimer_start(&clock->soft, 0, HRTIMER_MODE_REL_PINNED_SOFT);
	}
	local_bh_disable();
	pair_add();
	local_bh_enable();
}

static void step_with_interrupts(struct thread *thread)
{
	if (!thread->nr)
		hrtimer_start(&clock_of(thread)->hard, 0, HRTIMER_MODE_REL_PINNED);
	step_irqs_off(thread);
}

static void data_of_softirqs_is_safe_from_timers(struct kunit *test)
{
	unsigned long before = pairs_sum(test);
	unsigned int i;

	clocks_start(test, step_with_softirqs);
	for (i = 0; i < NR_THREADS; i++) {
		wait_for_completion(&clocks[i].timer_done);
		wait_for_completion(&clocks[i].soft_done);
	}
	clocks_end();
	KUNIT_EXPECT_EQ(test, threads_stop(test) + NR_THREADS * 2 * NR_TURNS,
			pairs_sum(test) - before);
}

static void data_of_interrupts_is_safe_from_timers(struct kunit *test)
{
	unsigned long before = pairs_sum(test);
	unsigned int i;

	clocks_start(test, step_with_interrupts);
	for (i = 0; i < NR_THREADS; i++)
		wait_for_completion(&clocks[i].hard_done);
	clocks_end();
	KUNIT_EXPECT_EQ(test, threads_stop(test) + NR_THREADS * NR_TURNS, pairs_sum(test) - before);
}

static void seen_by_timer(struct timer_list *timer)
{
	__this_cpu_inc(nr_seen);
	complete(&inside);
}

static DEFINE_TIMER(sent, seen_by_timer);

static void a_timer_is_set_for_another_cpu(struct kunit *test)
{
	unsigned int i;

	threads_start(test, step_idle);
	for (i = 0; i < NR_THREADS; i++) {
		init_completion(&inside);
		sent.expires = jiffies + i;
		add_timer_on(&sent, threads[i].cpu);
		wait_for_completion(&inside);
		timer_delete_sync(&sent);
		seen_expect(test, cpumask_of(threads[i].cpu));
	}
	threads_stop(test);
}

/* One that is of no CPU, and comes after all that are due when it is started. */
static enum hrtimer_restart note_time(struct hrtimer *timer)
{
	note_call(NULL);
	return HRTIMER_NORESTART;
}

static void later_await(struct hrtimer *timer)
{
	atomic_set(&was_called, 0);
	hrtimer_start(timer, ms_to_ktime(5), HRTIMER_MODE_REL);
	while (!atomic_read(&was_called))
		cpu_relax();
}

/* They wait for the section, and not the section for them. */
static void step_take_back(struct thread *thread)
{
	struct clock *clock = clock_of(thread);
	struct hrtimer later;
	unsigned long flags;

	if (thread != &threads[0] || thread->nr) {
		yield();
		return;
	}
	hrtimer_init(&later, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	later.function = note_time;
	local_irq_save(flags);
	mod_timer(&clock->timer, jiffies);
	hrtimer_start(&clock->hard, 0, HRTIMER_MODE_REL_PINNED);
	hrtimer_start(&clock->soft, 0, HRTIMER_MODE_REL_PINNED_SOFT);
	later_await(&later);
	wrong_if(!timer_delete_sync(&clock->timer));
	wrong_if(!hrtimer_cancel(&clock->hard));
	wrong_if(!hrtimer_cancel(&clock->soft));
	local_irq_restore(flags);
	hrtimer_cancel(&later);
	complete(&inside);
}

static void a_timer_that_must_wait_is_taken_back(struct kunit *test)
{
	clocks_start(test, step_take_back);
	wait_for_completion(&inside);
	KUNIT_EXPECT_EQ(test, clocks[0].nr_timer + clocks[0].nr_hard + clocks[0].nr_soft, 0u);
	threads_stop(test);
}

/* And a hard one comes in the midst of a section that has only disabled preemption. */
static void step_await_hard(struct thread *thread)
{
	struct clock *clock = clock_of(thread);

	if (thread != &threads[0] || thread->nr) {
		yield();
		return;
	}
	preempt_disable();
	hrtimer_start(&clock->hard, 0, HRTIMER_MODE_REL_PINNED);
	while (!completion_done(&clock->hard_done))
		cpu_relax();
	hrtimer_cancel(&clock->hard);
	preempt_enable();
	complete(&inside);
}

static void a_hard_timer_comes_in_the_midst_of_others(struct kunit *test)
{
	clocks_start(test, step_await_hard);
	wait_for_completion(&inside);
	KUNIT_EXPECT_EQ(test, clocks[0].nr_hard, (unsigned int)NR_TURNS);
	threads_stop(test);
	pairs_sum(test);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(data_of_softirqs_is_safe_from_timers),
	KUNIT_CASE(data_of_interrupts_is_safe_from_timers),
	KUNIT_CASE(a_timer_is_set_for_another_cpu),
	KUNIT_CASE(a_timer_that_must_wait_is_taken_back),
	KUNIT_CASE(a_hard_timer_comes_in_the_midst_of_others),
	{},
};

static struct kunit_suite suite = {
	.name = "pinned",
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_LICENSE("Dual MIT/GPL");
