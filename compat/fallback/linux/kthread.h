/* SPDX-License-Identifier: MIT */
/* Kernel threads: detached threads of the host, which do not start before they are woken. */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

__printf(3, 4) struct task_struct *kthread_create(int (*run)(void *arg), void *arg,
						  const char *name, ...);

/* Ask @task to end and wait until it has. Return: what its function did; -EINTR: never ran. */
int kthread_stop(struct task_struct *task);
bool kthread_should_stop(void);

#define kthread_run(run, arg, ...)                                                           \
	({                                                                                   \
		struct task_struct *kalloc_made = kthread_create((run), (arg), __VA_ARGS__); \
                                                                                             \
		if (!IS_ERR(kalloc_made))                                                    \
			wake_up_process(kalloc_made);                                        \
		kalloc_made;                                                                 \
	})

#endif
