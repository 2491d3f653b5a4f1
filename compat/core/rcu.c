/* SPDX-License-Identifier: MIT */
/*
 * RCU: readers and grace periods are the host's (host/rcu.c). Callbacks wait in one list; a
 * task that starts with the first of them takes all that are there, waits for one grace
 * period and calls them, as a softirq would.
 */
#include <linux/completion.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_wait.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "core.h"
#include "interrupt.h"
#include "rcu_head.h"

static DEFINE_RAW_SPINLOCK(lock);
static struct rcu_head *first, **last = &first;
static unsigned long nr_queued, nr_called;
static DECLARE_WAIT_QUEUE_HEAD(queued);
static DECLARE_WAIT_QUEUE_HEAD(called);
static struct task_struct *caller;

void __rcu_read_lock(void)
{
	host_rcu_read_lock();
}

void __rcu_read_unlock(void)
{
	host_rcu_read_unlock();
}

void synchronize_rcu(void)
{
	might_sleep();
	host_rcu_synchronize();
}

void synchronize_rcu_expedited(void)
{
	synchronize_rcu();
}

static struct rcu_head *batch_take(void)
{
	struct rcu_head *batch;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	batch = first;
	first = NULL;
	last = &first;
	raw_spin_unlock_irqrestore(&lock, flags);
	return batch;
}

static void batch_call(struct rcu_head *batch)
{
	unsigned long nr = 0;

	host_rcu_synchronize();
	while (batch) {
		struct rcu_head *next = batch->next;

		softirq_begin();
		head_call(batch);
		softirq_end();
		batch = next;
		nr++;
	}
	smp_store_release(&nr_called, nr_called + nr);
	wake_up_all(&called);
}

static int caller_run(void *arg)
{
	for (;;) {
		struct rcu_head *batch;

		wait_event(queued, (batch = batch_take()));
		batch_call(batch);
	}
	return 0;
}

static void head_queue(struct rcu_head *head, rcu_callback_t func)
{
	struct task_struct *task = NULL;
	unsigned long flags;
	bool is_first;

	head->func = func;
	head->next = NULL;
	raw_spin_lock_irqsave(&lock, flags);
	is_first = !first;
	*last = head;
	last = &head->next;
	nr_queued++;
	if (!caller)
		task = caller = task_make(caller_run, NULL, "rcu_preempt");
	raw_spin_unlock_irqrestore(&lock, flags);
	if (task)
		wake_up_new_task(task);
	else if (is_first)
		wake_up(&queued);
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head_queue(head, func);
}

void rcu_barrier(void)
{
	unsigned long until = READ_ONCE(nr_queued);

	wait_event(called, (long)(smp_load_acquire(&nr_called) - until) >= 0);
}

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 2, 0)
void kvfree_call_rcu(struct rcu_head *head, void *object)
{
	if (head) {
		head_queue(head, (rcu_callback_t)((char *)head - (char *)object));
		return;
	}
#else
void kvfree_call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	void *object = func;

	if (head) {
		head_queue(head, func);
		return;
	}
#endif
	synchronize_rcu();
	kvfree(object);
}

unsigned long get_state_synchronize_rcu(void)
{
	return 0;
}

unsigned long start_poll_synchronize_rcu(void)
{
	return 0;
}

bool poll_state_synchronize_rcu(unsigned long state)
{
	return false;
}

void cond_synchronize_rcu(unsigned long state)
{
	synchronize_rcu();
}

bool rcu_is_watching(void)
{
	return true;
}

void rcu_note_context_switch(bool preempt)
{
}

void rcu_all_qs(void)
{
}
