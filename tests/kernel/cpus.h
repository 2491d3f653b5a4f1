/* SPDX-License-Identifier: MIT */
/* Threads, each on its CPU, that make steps; what is done on CPUs; and who sees it. */
#ifndef TESTS_KERNEL_CPUS_H
#define TESTS_KERNEL_CPUS_H

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <kunit/test.h>

#define NR_THREADS 3
#define NR_ROUNDS  200

/* Two numbers that are equal outside of the sections that change them. */
struct pair {
	unsigned long a, b;
};

static DEFINE_PER_CPU(struct pair, pairs);
static DEFINE_PER_CPU(unsigned int, nr_seen);

/* What went wrong where no test can be told. */
static atomic_t nr_wrong;

static inline void wrong_if(bool wrong)
{
	if (wrong)
		atomic_inc(&nr_wrong);
}

static inline void pair_add(void)
{
	struct pair *pair = this_cpu_ptr(&pairs);

	wrong_if(READ_ONCE(pair->a) != READ_ONCE(pair->b));
	WRITE_ONCE(pair->a, pair->a + 1);
	cpu_relax();
	WRITE_ONCE(pair->b, pair->b + 1);
}

static inline unsigned long pairs_sum(struct kunit *test)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
	{
		struct pair *pair = per_cpu_ptr(&pairs, cpu);

		KUNIT_EXPECT_EQ(test, pair->a, pair->b);
		sum += pair->a;
	}
	return sum;
}

/* --- threads, each on its CPU ------------------------------------------------------- */

struct thread {
	struct task_struct *task;
	struct completion runs;
	int cpu;
	unsigned long nr;
	void (*step)(struct thread *thread);
};

static struct thread threads[NR_THREADS];

static inline int thread_run(void *arg)
{
	struct thread *thread = arg;

	thread->cpu = raw_smp_processor_id();
	complete(&thread->runs);
	while (!kthread_should_stop()) {
		thread->step(thread);
		thread->nr++;
	}
	return 0;
}

static inline void threads_start(struct kunit *test, void (*step)(struct thread *thread))
{
	unsigned int i;

	atomic_set(&nr_wrong, 0);
	for (i = 0; i < NR_THREADS; i++) {
		threads[i] = (struct thread){ .step = step };
		init_completion(&threads[i].runs);
		threads[i].task = kthread_run(thread_run, &threads[i], "thread/%u", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(threads[i].task));
		wait_for_completion(&threads[i].runs);
	}
}

/* Return: how many steps they made. */
static inline unsigned long threads_stop(struct kunit *test)
{
	unsigned long nr = 0;
	unsigned int i;

	for (i = 0; i < NR_THREADS; i++) {
		kthread_stop(threads[i].task);
		nr += threads[i].nr;
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_wrong), 0);
	return nr;
}

static inline void step_idle(struct thread *thread)
{
	yield();
}

static inline void step_irqs_off(struct thread *thread)
{
	unsigned long flags;

	local_irq_save(flags);
	pair_add();
	local_irq_restore(flags);
}

static inline void step_preempt_off(struct thread *thread)
{
	preempt_disable();
	pair_add();
	preempt_enable();
}

static inline void seen_here(void *info)
{
	wrong_if(!irqs_disabled());
	if (info && raw_smp_processor_id() != *(int *)info)
		wrong_if(!in_hardirq() || in_task());
	__this_cpu_inc(nr_seen);
}

static inline void seen_expect(struct kunit *test, const struct cpumask *cpus)
{
	int cpu;

	for_each_possible_cpu(cpu)
	{
		KUNIT_EXPECT_EQ_MSG(test, per_cpu(nr_seen, cpu),
				    (unsigned int)cpumask_test_cpu(cpu, cpus), "CPU %d", cpu);
		per_cpu(nr_seen, cpu) = 0;
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_wrong), 0);
}

static atomic_t was_called;

static inline void note_call(void *unused)
{
	atomic_set(&was_called, 1);
}

/* A thread's, that it has come to where it is awaited. */
static struct completion inside;

#endif
