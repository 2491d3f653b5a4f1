/* SPDX-License-Identifier: MIT */
/* Uses locks wrongly, each way in a function of that name: for CONFIG_DEBUG_SPINLOCK and such. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "ways.h"

static char *what = "nothing";
module_param(what, charp, 0444);

static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);
static spinlock_t never_made;

static void spin_never_made(void)
{
	spin_lock(&never_made);
	spin_unlock(&never_made);
}

static void spin_not_held(void)
{
	preempt_disable();
	spin_unlock(&lock);
}

/* And waits for ever. */
static void spin_twice(void)
{
	spin_lock(&lock);
	spin_lock(&lock);
}

static void mutex_not_held(void)
{
	mutex_unlock(&mutex);
}

static void both_take(void)
{
	spin_lock(&lock);
	spin_unlock(&lock);
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
}

static int thread_run(void *arg)
{
	both_take();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void nothing(void)
{
	struct task_struct *task = kthread_run(thread_run, NULL, "other");

	both_take();
	if (!IS_ERR(task))
		kthread_stop(task);
}

static const struct way ways[] = {
	WAY(nothing),	 WAY(spin_never_made), WAY(spin_not_held),
	WAY(spin_twice), WAY(mutex_not_held),
};

static int __init locks_init(void)
{
	ways_go(ways, ARRAY_SIZE(ways), what);
	return 0;
}
module_init(locks_init);
MODULE_LICENSE("Dual MIT/GPL");
