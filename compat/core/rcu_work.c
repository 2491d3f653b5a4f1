/* SPDX-License-Identifier: MIT */
/* Work that is queued after a grace period. Until then its PENDING bit is the callback's. */
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include "core.h"
#include "work.h"

static void grace_period_passed(struct rcu_head *head)
{
	struct rcu_work *work = container_of(head, struct rcu_work, rcu);

	work_insert(WORK_CPU_UNBOUND, work->wq, &work->work);
}

bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *work)
{
	if (!work_claim(&work->work))
		return false;
	work->wq = wq;
	call_rcu(&work->rcu, grace_period_passed);
	return true;
}

bool flush_rcu_work(struct rcu_work *work)
{
	bool was_pending = work_pending(&work->work);

	if (was_pending)
		rcu_barrier();
	return flush_work(&work->work) || was_pending;
}
