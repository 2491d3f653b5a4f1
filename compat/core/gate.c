/* SPDX-License-Identifier: MIT */
/*
 * Several threads on one virtual CPU. A thread has a CPU of its own, but the CPU's per-CPU
 * data is also for others: a function that is called on it (ipi.c), work that is queued for
 * it (workqueue.c), a timer of its (timer.c, hrtimer.c), a machine that is stopped (stop.c).
 * On a CPU of a kernel's only one of them runs at a time, and they change where that is
 * allowed; here they run at a time, and what a kernel could not have interrupted is kept apart
 * by two locks for each CPU.
 *
 *   tasks  is held by the thread that is in an atomic section there: preemption, softirqs
 *          or interrupts disabled. Other threads that are on the CPU wait with theirs.
 *   irqs   is held by the thread that has disabled interrupts there, who holds tasks, too;
 *          or by the interrupt that runs there, which does not: an interrupt comes in the
 *          midst of a section that has only disabled preemption.
 *
 * So whatever is guarded by disabling preemption, softirqs or interrupts on the CPU that it
 * belongs to is as safe as in a kernel. Code outside of such sections is not held up by any
 * of this. Order: tasks before irqs, the gates of one CPU only; gates_close() takes all of
 * the first kind, by number, while interrupts go on, and then all of the second.
 *
 * A thread that leaves a lock for which somebody waits lets him have it before it can take
 * it again: what a CPU was interrupted for does not wait for long.
 */
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/gate.h>

#include "core.h"
#include "gate.h"

struct lock {
	arch_spinlock_t spin;
	unsigned int nr_waiting;
};

static struct {
	struct lock tasks, irqs;
} ____cacheline_aligned gates[NR_CPUS];

/* The CPUs whose locks the calling thread holds; -1: none. */
static __thread int tasks_at = -1, irqs_at = -1;

static void lock_take(struct lock *lock)
{
	if (arch_spin_trylock(&lock->spin))
		return;
	__atomic_add_fetch(&lock->nr_waiting, 1, __ATOMIC_RELAXED);
	arch_spin_lock(&lock->spin);
	__atomic_sub_fetch(&lock->nr_waiting, 1, __ATOMIC_RELAXED);
}

static bool is_wanted(struct lock *lock)
{
	return __atomic_load_n(&lock->nr_waiting, __ATOMIC_RELAXED) &&
	       !arch_spin_is_locked(&lock->spin);
}

static void lock_give(struct lock *lock)
{
	unsigned int round;

	arch_spin_unlock(&lock->spin);
	for (round = 0; is_wanted(lock); round++)
		host_relax(round);
}

void kalloc_gate_enter(void)
{
	int cpu = kalloc_current_cpu;

	if (cpu < 0)
		return;
	lock_take(&gates[cpu].tasks);
	tasks_at = cpu;
}

void kalloc_gate_leave(void)
{
	int cpu = tasks_at;

	if (cpu < 0)
		return;
	tasks_at = -1;
	lock_give(&gates[cpu].tasks);
}

void kalloc_gate_irqs_off(void)
{
	int cpu = kalloc_current_cpu;

	if (cpu < 0)
		return;
	lock_take(&gates[cpu].irqs);
	irqs_at = cpu;
}

void kalloc_gate_irqs_on(void)
{
	int cpu = irqs_at;

	if (cpu < 0)
		return;
	irqs_at = -1;
	lock_give(&gates[cpu].irqs);
}

/* A thread that had no CPU has got one, and may be in an atomic section already. */
void gate_arrive(void)
{
	if (preempt_count() || irqs_disabled())
		kalloc_gate_enter();
	if (irqs_disabled())
		kalloc_gate_irqs_off();
}

/* A thread leaves its CPU for good. */
void gate_depart(void)
{
	kalloc_gate_irqs_on();
	kalloc_gate_leave();
}

void context_force(unsigned int count)
{
	struct kalloc_task *task = kalloc_task();

	task->preempt_count = (task->preempt_count & KALLOC_WATCHED) | KALLOC_IRQS_OFF | count;
}

void gate_interrupt_begin(void)
{
	kalloc_gate_irqs_off();
	host_section_begin();
}

void gate_interrupt_end(void)
{
	local_irq_disable(); /* its function may have enabled them */
	host_section_end();
	kalloc_gate_irqs_on();
}

void gate_lend(bool lent)
{
	irqs_at = lent ? kalloc_current_cpu : -1;
}

void gates_need(void)
{
}

int cpu_move(int cpu)
{
	int before = raw_smp_processor_id();

	WARN_ON(tasks_at >= 0);
	if (cpu != before)
		task_on_cpu(current, cpu);
	return before;
}

/* --- all at once -------------------------------------------------------------- */

static DEFINE_MUTEX(closing);

void gates_close(void)
{
	unsigned int cpu;

	mutex_lock(&closing);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		lock_take(&gates[cpu].tasks);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		lock_take(&gates[cpu].irqs);
}

/* From the last to the first, so that nobody stops there for the next of us. */
void gates_open(void)
{
	int cpu;

	for (cpu = NR_CPUS - 1; cpu >= 0; cpu--)
		arch_spin_unlock(&gates[cpu].irqs.spin);
	for (cpu = NR_CPUS - 1; cpu >= 0; cpu--)
		arch_spin_unlock(&gates[cpu].tasks.spin);
	mutex_unlock(&closing);
}
