/* SPDX-License-Identifier: MIT */
/*
 * Calls of functions on other CPUs: the tree's own kernel/smp.c, which queues them and waits
 * for them. What a machine adds is the interrupt: each CPU has a thread that handles it, on
 * that CPU, with its per-CPU data, when nobody on it has interrupts disabled (gate.c). It
 * starts with the first interrupt for its CPU, sleeps until there is another, and is an
 * interrupt all its life: current is a task of the layer's.
 *
 * Every CPU that is online is called, whether a thread is on it or not: it may have been,
 * and have left something in the CPU's data.
 */
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/version.h>

void arch_send_call_function_single_ipi(int cpu);
void arch_send_call_function_ipi_mask(const struct cpumask *mask);

/* The end of a list is an item at address 0 there, whose members' addresses are taken. */
static void __attribute__((no_sanitize("undefined"))) __flush_smp_call_function_queue(bool);

#undef pr_fmt
#include <kernel/smp.c>

#include "core.h"
#include "gate.h"

static struct bell {
	unsigned int nr_rings; /* what the handler sleeps on */
	struct task_struct *handler;
} bells[NR_CPUS];

static DEFINE_RAW_SPINLOCK(lock);

static void calls_handle(void)
{
	gate_interrupt_begin();
	generic_smp_call_function_single_interrupt();
	gate_interrupt_end();
}

static int handler_run(void *arg)
{
	struct bell *bell = arg;

	context_force(HARDIRQ_OFFSET);
	for (;;) {
		unsigned int seen = __atomic_load_n(&bell->nr_rings, __ATOMIC_ACQUIRE);

		calls_handle();
		host_wait(&bell->nr_rings, seen, -1);
	}
	return 0;
}

static void bell_ring(int cpu)
{
	struct bell *bell = &bells[cpu];
	struct task_struct *task = NULL;
	unsigned long flags;

	__atomic_add_fetch(&bell->nr_rings, 1, __ATOMIC_RELEASE);
	if (!smp_load_acquire(&bell->handler)) {
		task = task_make_on(cpu, handler_run, bell, "interrupts");
		raw_spin_lock_irqsave(&lock, flags);
		if (!bell->handler)
			smp_store_release(&bell->handler, task);
		raw_spin_unlock_irqrestore(&lock, flags);
	}
	if (task && task == bell->handler)
		wake_up_new_task(task);
	else
		host_wake(&bell->nr_rings, 1);
}

void arch_send_call_function_single_ipi(int cpu)
{
	bell_ring(cpu);
}

void arch_send_call_function_ipi_mask(const struct cpumask *mask)
{
	int cpu;

	for_each_cpu(cpu, mask)
		bell_ring(cpu);
}

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 4, 0)
bool call_function_single_prep_ipi(int cpu)
{
	return true;
}
#else
void send_call_function_single_ipi(int cpu)
{
	bell_ring(cpu);
}
#endif

/* Nobody wakes tasks by interrupts, and no CPU is idle in a way that it must be woken from. */
void sched_ttwu_pending(void *arg)
{
	BUG();
}

void wake_up_if_idle(int cpu)
{
}

void ipi_boot(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) if (smpcfd_prepare_cpu(cpu))
		panic("kalloc: no memory for calls of other CPUs");
}
