/* SPDX-License-Identifier: MIT */
/* One item of work: cancelled, asked what it is about, described, done at once. */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "core.h"
#include "work.h"

bool work_cancel(struct work_struct *work, struct timer_list *timer)
{
	unsigned int round;
	int found;

	for (round = 0; (found = work_grab(work, timer)) == -EAGAIN; round++)
		host_relax(round);
	if (found < 0)
		return false;
	clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
	return found;
}

bool work_cancel_sync(struct work_struct *work, struct timer_list *timer)
{
	unsigned int round;
	int found;

	for (round = 0; (found = work_grab(work, timer)) < 0; round++)
		host_relax(round);
	set_bit(WORK_CANCELING_BIT, work_data_bits(work));
	flush_work(work);
	work_drop(work);
	return found;
}

bool cancel_work(struct work_struct *work)
{
	return work_cancel(work, NULL);
}

bool cancel_work_sync(struct work_struct *work)
{
	return work_cancel_sync(work, NULL);
}

/* It may be otherwise at once. */
unsigned int work_busy(struct work_struct *work)
{
	return (work_pending(work) ? WORK_BUSY_PENDING : 0) |
	       (work_is_running(work) ? WORK_BUSY_RUNNING : 0);
}

/* In a kernel /proc shows it behind the task's name; here it is part of that. */
void set_worker_desc(const char *fmt, ...)
{
	char name[sizeof(current->comm) + WORKER_DESC_LEN], desc[WORKER_DESC_LEN];
	va_list args;

	if (!worker_name())
		return;
	va_start(args, fmt);
	vsnprintf(desc, sizeof(desc), fmt, args);
	va_end(args);
	snprintf(name, sizeof(name), "%.7s+%s", worker_name(), desc);
	set_task_comm(current, name);
}

int execute_in_process_context(work_func_t func, struct execute_work *later)
{
	if (!in_interrupt()) {
		func(&later->work);
		return 0;
	}
	INIT_WORK(&later->work, func);
	schedule_work(&later->work);
	return 1;
}

bool current_is_workqueue_rescuer(void)
{
	return false;
}
