/* SPDX-License-Identifier: MIT */
/* Work that is queued when a timer expires. Until then its PENDING bit is the timer's. */
#include <linux/jiffies.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "core.h"
#include "work.h"

/* The names of what is queued for no CPU in particular. */
#undef queue_delayed_work_on
#undef mod_delayed_work_on

void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *work = from_timer(work, timer, timer);

	work_insert(work->cpu, work->wq, &work->work);
}

const void *delayed_work_function(const struct timer_list *timer)
{
	return container_of(timer, struct delayed_work, timer)->work.func;
}

/* The caller holds PENDING, and hands it over. */
static void delayed_insert(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			   unsigned long delay)
{
	if (!delay) {
		work_insert(cpu, wq, &work->work);
		return;
	}
	work->wq = wq;
	work->cpu = work_choose(cpu, wq); /* not of the timer's CPU */
	mod_timer(&work->timer, jiffies + delay);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			   unsigned long delay)
{
	if (!work_claim(&work->work))
		return false;
	delayed_insert(cpu, wq, work, delay);
	return true;
}

bool cancel_delayed_work(struct delayed_work *work)
{
	return work_cancel(&work->work, &work->timer);
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	return work_cancel_sync(&work->work, &work->timer);
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			 unsigned long delay)
{
	unsigned int round;
	int found;

	for (round = 0; (found = work_grab(&work->work, &work->timer)) == -EAGAIN; round++)
		host_relax(round);
	if (found >= 0)
		delayed_insert(cpu, wq, work, delay);
	return found;
}

bool flush_delayed_work(struct delayed_work *work)
{
	if (timer_delete_sync(&work->timer))
		work_insert(work->cpu, work->wq, &work->work);
	return flush_work(&work->work);
}
