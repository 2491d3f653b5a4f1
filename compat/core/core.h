/* SPDX-License-Identifier: MIT */
/* What the kernel side's files have of each other. */
#ifndef KALLOC_KERNEL_CORE_H
#define KALLOC_KERNEL_CORE_H

#include <linux/types.h>
#include <kalloc/kernel/host.h>

struct task_struct;

void percpu_boot(void);
long percpu_live(void);

void task_boot(void);
/* A thread that will run @run(@arg) as @comm when it is first woken. NULL: out of CPUs. */
struct task_struct *task_make(int (*run)(void *arg), void *arg, const char *comm);
/* Wake @task if its state is one of @states. Return: 1 if it was. */
int try_to_wake_up(struct task_struct *task, unsigned int states, int flags);

/* Begin to run it. */
void task_start(struct task_struct *task);
/* Wait until all threads that have ended are gone. Return: how many run on. */
unsigned int task_settle(void);

void smp_boot(void);
void kthread_boot(void);
void workqueue_boot(void);
void srcu_boot(void); /* in a program that needs it */
void workqueue_settle(void);

/* Note what is allocated; tell what has come since. Return: how much that is. */
void live_boot(void);
long live_report(void);

extern bool printk_quiet;

/* Warnings seen; KUnit's cases that passed, and that failed. */
extern atomic_t warns_seen, kunit_passed, kunit_failed;

#endif
