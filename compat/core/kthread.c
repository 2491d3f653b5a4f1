/* SPDX-License-Identifier: MIT */
/* Kernel threads: the tree's own file, over tasks of ours. kthreadd starts when first woken. */
#include <linux/kthread.h>
#include <linux/sched.h>

/* Those that bind a thread to a CPU are called by way of bind.c. */
#define kthread_bind			 tree_kthread_bind
#define kthread_bind_mask		 tree_kthread_bind_mask
#define kthread_create_on_cpu		 tree_kthread_create_on_cpu
#define set_cpus_allowed_ptr(task, mask) do_set_cpus_allowed((task), (mask))

#include <kernel/kthread.c>

#include "core.h"

static pid_t thread_make(int (*run)(void *), void *arg, const char *name)
{
	struct task_struct *task = task_make(run, arg, name ? name : current->comm);
	pid_t pid;

	if (!task)
		return -EAGAIN;
	if (!set_kthread_struct(task)) {
		put_task_struct(task);
		return -ENOMEM;
	}
	pid = task->pid;
	wake_up_new_task(task); /* and from here on it may have ended */
	return pid;
}

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 4, 0)
pid_t kernel_thread(int (*fn)(void *), void *arg, const char *name, unsigned long flags)
{
	return thread_make(fn, arg, name);
}
#else
pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	return thread_make(fn, arg, NULL);
}
#endif

void kthread_boot(void)
{
	kthreadd_task = task_make(kthreadd, NULL, "kthreadd");
}
