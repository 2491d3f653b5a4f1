/* SPDX-License-Identifier: MIT */
/*
 * Tasks that are bound to CPUs. A task goes to a CPU that its mask allows when it next comes
 * out of schedule(), and stays on it (gate.c); its own CPU waits for it till it ends. In a
 * program that does not bind tasks none of this is linked, and masks are only kept.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "core.h"
#include "gate.h"

void cpu_follow_mask(void)
{
	const struct cpumask *mask = current->cpus_ptr;
	unsigned int cpu;

	if (current->migration_disabled || cpumask_test_cpu(raw_smp_processor_id(), mask))
		return;
	cpu = cpumask_first_and(mask, cpu_online_mask);
	if (cpu < nr_cpu_ids)
		cpu_move((int)cpu);
}

int set_cpus_allowed_ptr(struct task_struct *task, const struct cpumask *mask)
{
	if (!cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;
	do_set_cpus_allowed(task, mask);
	if (task == current)
		cpu_follow_mask();
	return 0;
}

void kthread_bind(struct task_struct *task, unsigned int cpu)
{
	tree_kthread_bind(task, cpu);
}

void kthread_bind_mask(struct task_struct *task, const struct cpumask *mask)
{
	tree_kthread_bind_mask(task, mask);
}

struct task_struct *kthread_create_on_cpu(int (*run)(void *arg), void *arg, unsigned int cpu,
					  const char *format)
{
	return tree_kthread_create_on_cpu(run, arg, cpu, format);
}
