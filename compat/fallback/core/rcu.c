/* SPDX-License-Identifier: MIT */
/*
 * What waits for readers: a list, and a thread that is there as long as there is something
 * on it. It takes all that is there, waits for the readers of that time, and calls it. Where
 * no thread is to do that (rcu_by_caller), whoever is alone does it when it is asked to.
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
static __thread bool in_callback;

bool rcu_by_caller;
void (*rcu_at_rest)(void);

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
		in_callback = true;
		while (batch) {
			struct rcu_head *next = batch->next;

			preempt_disable();
			head_call(batch);
			preempt_enable();
			batch = next;
			__atomic_add_fetch(&nr_called, 1, __ATOMIC_RELEASE);
		}
		in_callback = false;
		host_wake(&nr_called, INT_MAX);
	}
}

/* A thread that is there does it anyway. */
void rcu_call(void)
{
	if (!READ_ONCE(rcu_by_caller) || !task_is_alone() || !preemptible() || host_rcu_is_reader())
		return;
	if (READ_ONCE(first))
		caller_run(NULL);
	if (rcu_at_rest)
		rcu_at_rest();
}

/* With the lock held. Return: whether a thread is wanted. */
static bool is_wanted(void)
{
	if (is_called || !first || (READ_ONCE(rcu_by_caller) && task_is_alone()))
		return false;
	return is_called = true;
}

static void caller_start(void)
{
	if (host_thread_start(caller_run, NULL))
		panic("the host has no thread for call_rcu()\n");
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	bool wanted;

	head->func = func;
	head->next = NULL;
	spin_lock(&lock);
	*last = head;
	last = &head->next;
	nr_queued++;
	wanted = is_wanted();
	spin_unlock(&lock);
	if (wanted)
		caller_start();
}

/* Whoever calls @function from within a section would wait for its end, and so for ever. */
static void reader_refuse(const char *function)
{
	if (host_rcu_depth())
		panic("%s() in a read-side critical section of RCU, whose end it waits for\n",
		      function);
}

void synchronize_rcu(void)
{
	might_sleep();
	reader_refuse("synchronize_rcu");
	host_rcu_synchronize();
}

/* Until more than @nr are called. */
static void called_await(unsigned int nr)
{
	bool was_in;

	reader_refuse("rcu_barrier");
	if (in_callback)
		panic("rcu_barrier() in a callback of RCU, for whose end it waits\n");
	was_in = host_section_leave();
	host_wait(&nr_called, nr, -1);
	if (was_in)
		host_section_begin();
}

void rcu_barrier(void)
{
	unsigned int until, nr;
	bool wanted;

	might_sleep();
	rcu_call();
	spin_lock(&lock);
	until = nr_queued;
	wanted = is_wanted();
	spin_unlock(&lock);
	if (wanted)
		caller_start();
	while (nr = __atomic_load_n(&nr_called, __ATOMIC_ACQUIRE), (int)(nr - until) < 0)
		called_await(nr);
}

/* Any cache may be one with SLAB_TYPESAFE_BY_RCU: its flags are the library's. */
int kalloc_retire_cache(struct kmem_cache *s)
{
	if (!s)
		return 0;
	synchronize_rcu();
	return kalloc_cache_destroy(s);
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
