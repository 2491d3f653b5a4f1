/* SPDX-License-Identifier: MIT */
/*
 * Functions on other CPUs: each sees the per-CPU data of the CPU that it was called on, and
 * runs there when a kernel could have run it: an interrupt not while interrupts are off,
 * work not in the midst of an atomic section, and what stop_machine() is given alone.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>
#include <linux/workqueue.h>
#include <kunit/test.h>

#include "cpus.h"

/* --- interrupts ---------------------------------------------------------------------- */

static bool is_odd(int cpu, void *info)
{
	return cpu % 2;
}

static void each_cpu_is_called_once(struct kunit *test)
{
	int own = raw_smp_processor_id();
	struct cpumask cpus;

	threads_start(test, step_idle);
	KUNIT_EXPECT_GT(test, num_online_cpus(), (unsigned int)NR_THREADS);
	on_each_cpu(seen_here, &own, 1);
	seen_expect(test, cpu_online_mask);

	cpumask_clear(&cpus);
	cpumask_set_cpu(own, &cpus);
	cpumask_set_cpu(threads[1].cpu, &cpus);
	on_each_cpu_mask(&cpus, seen_here, &own, 1);
	seen_expect(test, &cpus);

	preempt_disable();
	smp_call_function_many(&cpus, seen_here, &own, 1);
	preempt_enable();
	cpumask_clear_cpu(own, &cpus);
	seen_expect(test, &cpus);

	cpumask_copy(&cpus, cpu_online_mask);
	cpumask_clear_cpu(own, &cpus);
	smp_call_function(seen_here, &own, 1);
	seen_expect(test, &cpus);

	on_each_cpu_cond(is_odd, seen_here, &own, 1);
	cpumask_clear(&cpus);
	for_each_cpu(own, cpu_online_mask)
		if (own % 2)
			cpumask_set_cpu(own, &cpus);
	seen_expect(test, &cpus);
	threads_stop(test);
}

static void one_cpu_is_called(struct kunit *test)
{
	call_single_data_t csd;
	struct cpumask cpus;
	int own = raw_smp_processor_id(), absent = NR_CPUS - 1;

	threads_start(test, step_idle);
	cpumask_clear(&cpus);
	cpumask_set_cpu(threads[2].cpu, &cpus);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(threads[2].cpu, seen_here, &own, 1), 0);
	seen_expect(test, &cpus);
	KUNIT_EXPECT_EQ(test, smp_call_function_any(&cpus, seen_here, &own, 1), 0);
	seen_expect(test, &cpus);

	INIT_CSD(&csd, seen_here, &own);
	KUNIT_EXPECT_EQ(test, smp_call_function_single_async(threads[2].cpu, &csd), 0);
	/* Whom somebody waits for comes first, at most in the same batch, and then the next. */
	smp_call_function_single(threads[2].cpu, note_call, NULL, 1);
	smp_call_function_single(threads[2].cpu, note_call, NULL, 1);
	seen_expect(test, &cpus);

	KUNIT_EXPECT_EQ(test, smp_call_function_single(own, seen_here, NULL, 1), 0);
	seen_expect(test, cpumask_of(own));
	if (!cpu_online(absent))
		KUNIT_EXPECT_EQ(test, smp_call_function_single(absent, seen_here, NULL, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(NR_CPUS, seen_here, NULL, 1), -ENXIO);
	threads_stop(test);
}

static atomic_t nr_arrived;

static void meet(void *nr)
{
	atomic_inc(&nr_arrived);
	while (atomic_read(&nr_arrived) < *(int *)nr)
		cpu_relax();
}

static void cpus_run_at_a_time(struct kunit *test)
{
	int nr = num_online_cpus();

	atomic_set(&nr_arrived, 0);
	on_each_cpu(meet, &nr, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_arrived), nr);
}

/* A section of a thread's that lasts until it is told. */
static atomic_t may_leave;

static void step_hold_irqs(struct thread *thread)
{
	unsigned long flags;

	if (thread != &threads[0] || atomic_read(&may_leave)) {
		yield();
		return;
	}
	local_irq_save(flags);
	complete(&inside);
	while (!atomic_read(&may_leave))
		cpu_relax();
	wrong_if(atomic_read(&was_called));
	local_irq_restore(flags);
}

static void hold_start(struct kunit *test, void (*step)(struct thread *thread))
{
	init_completion(&inside);
	atomic_set(&may_leave, 0);
	atomic_set(&was_called, 0);
	threads_start(test, step);
	wait_for_completion(&inside);
}

static void an_interrupt_waits_while_they_are_off(struct kunit *test)
{
	hold_start(test, step_hold_irqs);
	smp_call_function_single(threads[0].cpu, note_call, NULL, 0);
	/* Another CPU's is handled meanwhile. */
	smp_call_function_single(threads[1].cpu, seen_here, NULL, 1);
	this_cpu_inc(nr_seen);
	KUNIT_EXPECT_FALSE(test, atomic_read(&was_called));
	atomic_set(&may_leave, 1);
	while (!atomic_read(&was_called))
		cpu_relax();
	per_cpu(nr_seen, threads[1].cpu) = 0;
	__this_cpu_write(nr_seen, 0);
	threads_stop(test);
}

static void step_await_interrupt(struct thread *thread)
{
	if (thread != &threads[0] || atomic_read(&was_called)) {
		yield();
		return;
	}
	preempt_disable();
	complete(&inside);
	while (!atomic_read(&was_called))
		cpu_relax();
	preempt_enable();
}

static void an_interrupt_comes_in_the_midst_of_others(struct kunit *test)
{
	hold_start(test, step_await_interrupt);
	smp_call_function_single(threads[0].cpu, note_call, NULL, 1);
	threads_stop(test);
}

static void pair_add_call(void *unused)
{
	pair_add();
}

static void data_behind_disabled_interrupts_is_safe(struct kunit *test)
{
	unsigned long before = pairs_sum(test), nr_cpus = 0;
	unsigned int i;

	threads_start(test, step_irqs_off);
	for (i = 0; i < NR_ROUNDS; i++) {
		nr_cpus += num_online_cpus();
		on_each_cpu(pair_add_call, NULL, i % 2);
	}
	kick_all_cpus_sync();
	KUNIT_EXPECT_EQ(test, threads_stop(test) + nr_cpus, pairs_sum(test) - before);
}

/* --- work ---------------------------------------------------------------------------- */

static long where(void *wanted)
{
	might_sleep();
	return raw_smp_processor_id() == *(int *)wanted ? 7 : -1;
}

static long pair_add_section(void *unused)
{
	step_preempt_off(NULL);
	return 0;
}

static void work_is_done_on_its_cpu(struct kunit *test)
{
	int own = raw_smp_processor_id(), absent = NR_CPUS - 1;
	unsigned int i;

	threads_start(test, step_idle);
	for (i = 0; i < NR_THREADS; i++)
		KUNIT_EXPECT_EQ(test, work_on_cpu(threads[i].cpu, where, &threads[i].cpu), 7);
	KUNIT_EXPECT_EQ(test, work_on_cpu_safe(threads[0].cpu, where, &threads[0].cpu), 7);
	if (!cpu_online(absent))
		KUNIT_EXPECT_EQ(test, work_on_cpu_safe(absent, where, &own), -ENODEV);
	KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), own);
	threads_stop(test);
}

static void data_behind_disabled_preemption_is_safe(struct kunit *test)
{
	unsigned long before = pairs_sum(test);
	unsigned int i;

	threads_start(test, step_preempt_off);
	for (i = 0; i < NR_ROUNDS; i++)
		work_on_cpu(threads[i % NR_THREADS].cpu, pair_add_section, NULL);
	KUNIT_EXPECT_EQ(test, threads_stop(test) + NR_ROUNDS, pairs_sum(test) - before);
}

/* --- tasks that are bound -------------------------------------------------------------- */

static int bound_run(void *cpu)
{
	while (!kthread_should_stop()) {
		wrong_if(raw_smp_processor_id() != *(int *)cpu);
		step_preempt_off(NULL);
	}
	return 0;
}

static void tasks_share_the_cpu_that_they_are_bound_to(struct kunit *test)
{
	int own = raw_smp_processor_id();
	struct task_struct *tasks[NR_THREADS];
	unsigned int i;

	atomic_set(&nr_wrong, 0);
	for (i = 0; i < NR_THREADS; i++) {
		if (i)
			tasks[i] = kthread_create(bound_run, &own, "bound/%u", i);
		else
			tasks[i] = kthread_create_on_cpu(bound_run, &own, own, "bound/%u");
		KUNIT_ASSERT_FALSE(test, IS_ERR(tasks[i]));
		kthread_bind(tasks[i], own);
		wake_up_process(tasks[i]);
	}
	for (i = 0; i < NR_ROUNDS; i++)
		step_preempt_off(NULL);
	for (i = 0; i < NR_THREADS; i++)
		kthread_stop(tasks[i]);
	pairs_sum(test);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_wrong), 0);
}

static void a_task_goes_where_it_is_allowed(struct kunit *test)
{
	int own = raw_smp_processor_id(), other = cpumask_any_but(cpu_online_mask, own);
	struct cpumask none = { 0 };

	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(other)), 0);
	KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), other);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, &none), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(own)), 0);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpu_possible_mask), 0);
	KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), own);

	/* Where it may not be moved it goes later. */
	migrate_disable();
	migrate_disable();
	set_cpus_allowed_ptr(current, cpumask_of(other));
	migrate_enable();
	schedule();
	KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), own);
	migrate_enable();
	schedule();
	KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), other);
	set_cpus_allowed_ptr(current, cpumask_of(own));
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

static void seen_by_work(struct work_struct *work)
{
	might_sleep();
	wrong_if(in_atomic() || irqs_disabled());
	this_cpu_inc(nr_seen);
}

static DECLARE_WORK(work, seen_by_work);
static DECLARE_DELAYED_WORK(delayed, seen_by_work);

static void work_is_queued_for_a_cpu(struct kunit *test)
{
	struct cpumask cpus;

	threads_start(test, step_idle);
	cpumask_copy(&cpus, cpu_online_mask); /* the first work brings tasks, and CPUs */
	KUNIT_EXPECT_EQ(test, schedule_on_each_cpu(seen_by_work), 0);
	seen_expect(test, &cpus);
	KUNIT_EXPECT_TRUE(test, schedule_work_on(threads[1].cpu, &work));
	flush_work(&work);
	seen_expect(test, cpumask_of(threads[1].cpu));
	KUNIT_EXPECT_TRUE(test, queue_delayed_work_on(threads[2].cpu, system_wq, &delayed, 1));
	flush_delayed_work(&delayed);
	seen_expect(test, cpumask_of(threads[2].cpu));
	threads_stop(test);
}

/* The first thread's own work, which is done before it goes on. */
static void step_queue_work(struct thread *thread)
{
	if (thread != &threads[0] || thread->nr) {
		yield();
		return;
	}
	schedule_work(&work);
	flush_work(&work);
	schedule_delayed_work(&delayed, 1);
	while (delayed_work_pending(&delayed))
		yield();
	flush_work(&delayed.work);
	complete(&inside);
}

static void work_is_done_where_it_was_queued(struct kunit *test)
{
	int cpu;

	init_completion(&inside);
	threads_start(test, step_queue_work);
	wait_for_completion(&inside);
	for_each_possible_cpu(cpu)
	{
		KUNIT_EXPECT_EQ(test, per_cpu(nr_seen, cpu), cpu == threads[0].cpu ? 2u : 0u);
		per_cpu(nr_seen, cpu) = 0;
	}
	threads_stop(test);
}

/* --- a machine that is stopped ---------------------------------------------------------- */

static int look_twice(void *result)
{
	unsigned long sums[2] = { 0 };
	unsigned int i, round;
	int cpu;

	wrong_if(!irqs_disabled() || !in_atomic() || in_hardirq());
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 1000; i++)
			cpu_relax();
		for_each_possible_cpu(cpu)
		{
			struct pair *pair = per_cpu_ptr(&pairs, cpu);

			wrong_if(READ_ONCE(pair->a) != READ_ONCE(pair->b));
			sums[round] += READ_ONCE(pair->a);
		}
	}
	wrong_if(sums[0] != sums[1]);
	return *(int *)result;
}

static int meet_stopped(void *nr)
{
	seen_here(NULL);
	meet(nr);
	return 0;
}

static void nobody_is_in_a_section_of_a_stopped_machine(struct kunit *test)
{
	int result = -5, nr;
	unsigned int i;

	threads_start(test, step_preempt_off);
	for (i = 0; i < NR_ROUNDS / 10; i++)
		KUNIT_EXPECT_EQ(test, stop_machine(look_twice, &result, NULL), -5);
	nr = num_online_cpus();
	atomic_set(&nr_arrived, 0);
	KUNIT_EXPECT_EQ(test, stop_machine(meet_stopped, &nr, cpu_online_mask), 0);
	seen_expect(test, cpu_online_mask);
	threads_stop(test);
}

/* Functions are called while the machine is stopped again and again. */
static void step_call_others(struct thread *thread)
{
	on_each_cpu(pair_add_call, NULL, 0);
}

static void who_stops_and_who_calls_do_not_wait_for_each_other(struct kunit *test)
{
	int result = 0;
	unsigned int i;

	threads_start(test, step_call_others);
	for (i = 0; i < NR_ROUNDS / 10; i++)
		stop_machine(look_twice, &result, NULL);
	threads_stop(test);
}

static int seen_by_stopper(void *unused)
{
	wrong_if(!in_atomic());
	__this_cpu_inc(nr_seen);
	return 3;
}

static void one_cpu_is_stopped(struct kunit *test)
{
	threads_start(test, step_idle);
	KUNIT_EXPECT_EQ(test, stop_one_cpu(threads[1].cpu, seen_by_stopper, NULL), 3);
	seen_expect(test, cpumask_of(threads[1].cpu));
	KUNIT_EXPECT_EQ(test, stop_one_cpu(NR_CPUS - 1, seen_by_stopper, NULL), -ENOENT);
	threads_stop(test);
}

static struct kunit_case cpu_cases[] = {
	KUNIT_CASE(each_cpu_is_called_once),
	KUNIT_CASE(one_cpu_is_called),
	KUNIT_CASE(cpus_run_at_a_time),
	KUNIT_CASE(an_interrupt_waits_while_they_are_off),
	KUNIT_CASE(an_interrupt_comes_in_the_midst_of_others),
	KUNIT_CASE(data_behind_disabled_interrupts_is_safe),
	KUNIT_CASE(work_is_done_on_its_cpu),
	KUNIT_CASE(data_behind_disabled_preemption_is_safe),
	KUNIT_CASE(tasks_share_the_cpu_that_they_are_bound_to),
	KUNIT_CASE(a_task_goes_where_it_is_allowed),
	KUNIT_CASE(work_is_queued_for_a_cpu),
	KUNIT_CASE(work_is_done_where_it_was_queued),
	KUNIT_CASE(nobody_is_in_a_section_of_a_stopped_machine),
	KUNIT_CASE(who_stops_and_who_calls_do_not_wait_for_each_other),
	KUNIT_CASE(one_cpu_is_stopped),
	{},
};

static struct kunit_suite cpu_suite = {
	.name = "cpu",
	.test_cases = cpu_cases,
};
kunit_test_suite(cpu_suite);

MODULE_LICENSE("Dual MIT/GPL");
