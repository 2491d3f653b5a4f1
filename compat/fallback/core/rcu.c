/* SPDX-License-Identifier: MIT */
/*
 * What waits for readers: a list, and a thread that is there as long as there is something
 * on it. It takes all that is there, waits for the readers of that time, and calls it.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <kalloc/kernel/cache.h>

#include "../../core/core.h"
#include "../../core/rcu_head.h"

static DEFINE_SPINLOCK(lock);
static struct rcu_head *first, **last = &first;
static bool is_called; /* by a thread that looks at the list again */
static unsigned int nr_queued, nr_called;

static struct rcu_head *batch_take(void)
{
	struct rcu_head *batch;

	spin_lock(&lock);
	batch = first;
	first = NULL;
	last = &first;
	is_called = batch != NULL;
	spin_unlock(&lock);
	return batch;
}

static void caller_run(void *arg)
{
	struct rcu_head *batch;

	while ((batch = batch_take())) {
		host_rcu_synchronize();
		while (batch) {
			struct rcu_head *next = batch->next;

			preempt_disable();
			head_call(batch);
			preempt_enable();
			batch = next;
			__atomic_add_fetch(&nr_called, 1, __ATOMIC_RELEASE);
		}
		host_wake(&nr_called, INT_MAX);
	}
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	bool was_called;

	head->func = func;
	head->next = NULL;
	spin_lock(&lock);
	*last = head;
	last = &head->next;
	nr_queued++;
	was_called = is_called;
	is_called = true;
	spin_unlock(&lock);
	if (!was_called && host_thread_start(caller_run, NULL))
		panic("the host has no thread for call_rcu()\n");
}

void synchronize_rcu(void)
{
	might_sleep();
	host_rcu_synchronize();
}

void rcu_barrier(void)
{
	unsigned int until, nr;

	might_sleep();
	spin_lock(&lock);
	until = nr_queued;
	spin_unlock(&lock);
	while (nr = __atomic_load_n(&nr_called, __ATOMIC_ACQUIRE), (int)(nr - until) < 0)
		host_wait(&nr_called, nr, -1);
}

/* Any cache may be one with SLAB_TYPESAFE_BY_RCU: its flags are the library's. */
void kalloc_retire_cache(struct kmem_cache *s)
{
	if (!s)
		return;
	synchronize_rcu();
	(kmem_cache_destroy)(s);
}

void kalloc_free_rcu(void *object, struct rcu_head *head, size_t offset)
{
	if (!object)
		return;
	if (head) {
		BUG_ON(offset >= NR_OFFSETS);
		call_rcu(head, (rcu_callback_t)offset);
		return;
	}
	synchronize_rcu();
	kvfree(object);
}
