/* SPDX-License-Identifier: MIT */
/* What the kernel side's files have of each other. */
#ifndef KALLOC_KERNEL_CORE_H
#define KALLOC_KERNEL_CORE_H

#include <linux/types.h>
#include <kalloc/kernel/host.h>

struct cpumask;
struct task_struct;

void percpu_boot(void);
long percpu_live(void);

void task_boot(void);
/* A thread that will run @run(@arg) as @comm when it is first woken. NULL: out of CPUs. */
struct task_struct *task_make(int (*run)(void *arg), void *arg, const char *comm);
/* The same, as one that never ends, on a CPU that is not its own (gate.c). */
struct task_struct *task_make_on(int cpu, int (*run)(void *arg), void *arg, const char *comm);
/* Wake @task if its state is one of @states. Return: 1 if it was. */
int try_to_wake_up(struct task_struct *task, unsigned int states, int flags);

/* Let @task, which is the caller's, be on @cpu. */
void task_on_cpu(struct task_struct *task, int cpu);

/* Begin to run it. */
void task_start(struct task_struct *task);
/* Wait until all threads that have ended are gone. Return: how many run on. */
unsigned int task_settle(void);

/* Go where the caller's mask of CPUs allows. */
void cpu_follow_mask(void);

/* The tree's, behind those of bind.c. */
void tree_kthread_bind(struct task_struct *task, unsigned int cpu);
void tree_kthread_bind_mask(struct task_struct *task, const struct cpumask *mask);
struct task_struct *tree_kthread_create_on_cpu(int (*run)(void *arg), void *arg, unsigned int cpu,
					       const char *format);

/* See to it that reports on caches are counted by the test that wants to have them. */
void slab_boot(void);

void wait_boot(void);
void smp_boot(void);
void gate_arrive(void);
void gate_depart(void);
void ipi_boot(void);
void kthread_boot(void);
void workqueue_boot(void);
void srcu_boot(void);
void workqueue_settle(void);

/* Note what is allocated; tell what has come since. Return: how much that is. */
void live_boot(void);
long live_report(void);

extern bool printk_quiet;

/* Warnings seen; KUnit's cases that passed, and that failed. */
extern atomic_t warns_seen, kunit_passed, kunit_failed;

#endif
