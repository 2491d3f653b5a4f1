/* SPDX-License-Identifier: MIT */
/* Work for given CPUs: linux/workqueue.h gives what is queued for one these names. */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "core.h"
#include "gate.h"

bool kalloc_queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	return (queue_work_on)(cpu, wq, work);
}

bool kalloc_queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
				  unsigned long delay)
{
	return (queue_delayed_work_on)(cpu, wq, work, delay);
}

bool kalloc_mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
				unsigned long delay)
{
	return (mod_delayed_work_on)(cpu, wq, work, delay);
}

int schedule_on_each_cpu(work_func_t func)
{
	struct work_struct __percpu *works = alloc_percpu(struct work_struct);
	struct cpumask cpus; /* more may come meanwhile */
	int cpu;

	if (!works)
		return -ENOMEM;
	cpumask_copy(&cpus, cpu_online_mask);
	for_each_cpu(cpu, &cpus) {
		INIT_WORK(per_cpu_ptr(works, cpu), func);
		schedule_work_on(cpu, per_cpu_ptr(works, cpu));
	}
	for_each_cpu(cpu, &cpus)
		flush_work(per_cpu_ptr(works, cpu));
	free_percpu(works);
	return 0;
}

/* Who waits for it can as well go there: current is the caller. */
long work_on_cpu_key(int cpu, long (*fn)(void *), void *arg, struct lock_class_key *key)
{
	int own;
	long result;

	might_sleep();
	if (WARN_ON(!cpu_online(cpu)))
		return -ENODEV;
	own = cpu_move(cpu);
	result = fn(arg);
	cpu_move(own);
	return result;
}

long work_on_cpu_safe_key(int cpu, long (*fn)(void *), void *arg, struct lock_class_key *key)
{
	return cpu_online(cpu) ? work_on_cpu_key(cpu, fn, arg, key) : -ENODEV;
}
