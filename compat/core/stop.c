/* SPDX-License-Identifier: MIT */
/*
 * stop_machine(): no thread is in an atomic section, and none begins one, until the function
 * has returned, with interrupts disabled, on one CPU or on several at once. Each of those has
 * a thread for that, which starts with the first time and sleeps until the next.
 *
 * Code outside of atomic sections runs on. A kernel stops it wherever it is, so that it may
 * have got anywhere there, too.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/stop_machine.h>

#include "core.h"
#include "gate.h"

static struct stopper {
	unsigned int nr_calls; /* what it sleeps on */
	struct task_struct *task;
	cpu_stop_fn_t fn;
	void *arg;
	int result;
} stoppers[NR_CPUS];

static unsigned int nr_left; /* who have not returned yet */

static void stopper_call(struct stopper *stopper)
{
	gate_lend(true);
	host_section_begin();
	stopper->result = stopper->fn(stopper->arg);
	host_section_end();
	gate_lend(false);
	context_force(PREEMPT_OFFSET); /* whatever it did */
	if (!__atomic_sub_fetch(&nr_left, 1, __ATOMIC_ACQ_REL))
		host_wake(&nr_left, 1);
}

static int stopper_run(void *arg)
{
	struct stopper *stopper = arg;
	unsigned int done = 0, now;

	context_force(PREEMPT_OFFSET);
	for (;;) {
		now = __atomic_load_n(&stopper->nr_calls, __ATOMIC_ACQUIRE);
		if (now == done) {
			host_wait(&stopper->nr_calls, done, -1);
			continue;
		}
		done = now;
		stopper_call(stopper);
	}
	return 0;
}

/* With the gates closed, which lets one caller in at a time. */
static void stopper_tell(unsigned int cpu, cpu_stop_fn_t fn, void *arg)
{
	struct stopper *stopper = &stoppers[cpu];

	stopper->fn = fn;
	stopper->arg = arg;
	__atomic_add_fetch(&stopper->nr_calls, 1, __ATOMIC_RELEASE);
	if (stopper->task) {
		host_wake(&stopper->nr_calls, 1);
	} else {
		stopper->task = task_make_on((int)cpu, stopper_run, stopper, "migration");
		wake_up_new_task(stopper->task);
	}
}

static int stoppers_run(cpu_stop_fn_t fn, void *arg, const struct cpumask *cpus)
{
	unsigned int cpu, left;
	int result = 0;

	__atomic_store_n(&nr_left, cpumask_weight(cpus), __ATOMIC_RELAXED);
	for_each_cpu(cpu, cpus)
		stopper_tell(cpu, fn, arg);
	while ((left = __atomic_load_n(&nr_left, __ATOMIC_ACQUIRE)))
		host_wait(&nr_left, left, -1);
	for_each_cpu(cpu, cpus)
		if (stoppers[cpu].result)
			result = stoppers[cpu].result;
	return result;
}

int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	struct cpumask active;
	int result;

	might_sleep();
	gates_close();
	if (cpus)
		cpumask_and(&active, cpus, cpu_online_mask);
	else
		cpumask_copy(&active, cpumask_of(cpumask_first(cpu_online_mask)));
	result = stoppers_run(fn, data, &active);
	gates_open();
	return result;
}

/* CPUs do not go, so nobody need hold them. */
int stop_machine_cpuslocked(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	return stop_machine(fn, data, cpus);
}

int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg)
{
	int before, result;

	might_sleep();
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENOENT;
	before = cpu_move((int)cpu);
	preempt_disable();
	result = fn(arg);
	preempt_enable();
	cpu_move(before);
	return result;
}
