/* SPDX-License-Identifier: MIT */
/*
 * Tasks: threads of the host, with a name and a number. They sleep in the locks,
 * completions and delays that are here; there is no schedule(), nor a state to set.
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/preempt.h>
#include <linux/types.h>
#include <asm/processor.h>
#include <kalloc/context.h>

#define TASK_COMM_LEN 16

struct task_struct {
	pid_t pid;
	char comm[TASK_COMM_LEN];
};

extern __thread struct task_struct *kalloc_current_task;

#define current kalloc_current_task

/* Begin to run a thread of kthread_create(). Return: 1; 0 if it ran already. */
int wake_up_process(struct task_struct *task);

int cond_resched(void);
#define yield()		     ((void)cond_resched())
#define signal_pending(task) ((void)(task), 0)

#endif
