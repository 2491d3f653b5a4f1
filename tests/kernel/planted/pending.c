/* SPDX-License-Identifier: MIT */
/* Leaves what would go on after its end, each way in a function of that name. */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "ways.h"

static char *what = "nothing";
module_param(what, charp, 0444);

static struct timer_list a_timer;
static struct hrtimer an_hrtimer;

static void timer_call(struct timer_list *timer)
{
}

static enum hrtimer_restart hrtimer_call(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}

static void work_call(struct work_struct *work)
{
}

static DECLARE_DELAYED_WORK(a_work, work_call);

static int thread_run(void *arg)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static void timer(void)
{
	timer_setup(&a_timer, timer_call, 0);
	mod_timer(&a_timer, jiffies + 1000 * HZ);
}

static void pinned(void)
{
	timer_setup(&a_timer, timer_call, TIMER_PINNED);
	mod_timer(&a_timer, jiffies + 1000 * HZ);
}

static void hrtimer_go(enum hrtimer_mode mode)
{
	hrtimer_init(&an_hrtimer, CLOCK_MONOTONIC, mode);
	an_hrtimer.function = hrtimer_call;
	hrtimer_start(&an_hrtimer, ktime_set(1000, 0), mode);
}

static void hrtimer(void)
{
	hrtimer_go(HRTIMER_MODE_REL);
}

static void hrtimer_pinned(void)
{
	hrtimer_go(HRTIMER_MODE_REL_PINNED_SOFT);
}

static void work(void)
{
	schedule_delayed_work(&a_work, 1000 * HZ);
}

static void thread(void)
{
	kthread_run(thread_run, NULL, "stays");
}

/* All of it, and nothing of it stays. */
static void nothing(void)
{
	struct task_struct *task = kthread_run(thread_run, NULL, "goes");

	if (!IS_ERR(task))
		kthread_stop(task);
	timer();
	del_timer_sync(&a_timer);
	hrtimer();
	hrtimer_cancel(&an_hrtimer);
	work();
	cancel_delayed_work_sync(&a_work);
}

static const struct way ways[] = {
	WAY(nothing),	     WAY(timer), WAY(pinned), WAY(hrtimer),
	WAY(hrtimer_pinned), WAY(work),	 WAY(thread),
};

static int __init pending_init(void)
{
	ways_go(ways, ARRAY_SIZE(ways), what);
	return 0;
}
module_init(pending_init);
MODULE_LICENSE("Dual MIT/GPL");
