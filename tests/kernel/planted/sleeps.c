/* SPDX-License-Identifier: MIT */
/*
 * Sleeps, or may sleep, where it must not, in one of many ways, as it is told, in a function of
 * that name. Compiles without a tree, too, where there are fewer.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#if __has_include(<linux/srcu.h>)
#define WITH_TREE
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#endif

#include "ways.h"

static char *what = "";
module_param(what, charp, 0444);

static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);

static void ask(void)
{
	kfree(kmalloc(100, GFP_KERNEL));
}

static void mutex_pass(void)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
}

static void rcu_alloc(void)
{
	rcu_read_lock();
	rcu_read_lock();
	ask();
	rcu_read_unlock();
	rcu_read_unlock();
}

static void rcu_mutex(void)
{
	rcu_read_lock();
	mutex_pass();
	rcu_read_unlock();
}

static void rcu_synchronize(void)
{
	rcu_read_lock();
	synchronize_rcu();
	rcu_read_unlock();
}

static void lock_synchronize(void)
{
	spin_lock(&lock);
	synchronize_rcu();
	spin_unlock(&lock);
	synchronize_rcu();
}

struct called {
	struct rcu_head head;
	void (*call)(void);
};

static void head_call(struct rcu_head *head)
{
	container_of(head, struct called, head)->call();
}

static void nothing_call(void)
{
}

/* Have @call called when all readers are gone, and not before the caller waits for that. */
static void call_later(void (*call)(void))
{
	static struct called called;

	called.call = call;
	call_rcu(&called.head, head_call);
}

static void lock_barrier(void)
{
	spin_lock(&lock);
	call_later(nothing_call);
	rcu_barrier();
	spin_unlock(&lock);
}

static void rcu_waits_for_barrier(void)
{
	rcu_read_lock();
	call_later(nothing_call);
	rcu_barrier();
	rcu_read_unlock();
}

static void callback_synchronize(void)
{
	call_later(synchronize_rcu);
	rcu_barrier();
}

static void callback_barrier(void)
{
	call_later(rcu_barrier);
	rcu_barrier();
}

static void lock_mutex_twice(void)
{
	spin_lock(&lock);
	mutex_pass();
	mutex_pass();
	spin_unlock(&lock);
}

/* What is all right: none of it may be told. */
static void nothing(void)
{
	int i;

	for (i = 0; i < 100; i++)
		rcu_read_lock();
	kfree(kmalloc(100, GFP_ATOMIC));
	for (i = 0; i < 100; i++)
		rcu_read_unlock();
	ask();
	mutex_pass();
	spin_lock(&lock);
	kfree(kmalloc(100, GFP_NOWAIT));
	rcu_read_lock();
	spin_unlock(&lock);
	rcu_read_unlock();
	synchronize_rcu();
	call_later(nothing_call);
	rcu_barrier();
}

#ifdef WITH_TREE
DEFINE_STATIC_SRCU(domain);
DEFINE_STATIC_SRCU(other);

static void rcu_schedule(void)
{
	rcu_read_lock();
	schedule();
	rcu_read_unlock();
}

static void lock_schedule_twice(void)
{
	spin_lock(&lock);
	schedule();
	schedule_timeout_uninterruptible(1);
	spin_unlock(&lock);
}

static void srcu_synchronize(void)
{
	int slot = srcu_read_lock(&domain);

	synchronize_srcu(&domain);
	srcu_read_unlock(&domain, slot);
}

static void srcu_synchronize_expedited(void)
{
	int slot = srcu_read_lock(&domain);

	synchronize_srcu_expedited(&domain);
	srcu_read_unlock(&domain, slot);
}

static void rcu_synchronize_expedited(void)
{
	rcu_read_lock();
	synchronize_rcu_expedited();
	rcu_read_unlock();
}

static void lock_free_later(void)
{
	void *p = kmalloc(100, GFP_KERNEL);

	spin_lock(&lock);
#ifdef kvfree_rcu_mightsleep
	kvfree_rcu_mightsleep(p);
#else
	kvfree_rcu(p);
#endif
	spin_unlock(&lock);
}

static void non_block_alloc(void)
{
	non_block_start();
	non_block_start();
	non_block_end();
	ask();
	non_block_end();
}

static void non_block_mutex(void)
{
	non_block_start();
	mutex_pass();
	non_block_end();
}

static void lock_percpu(void)
{
	void __percpu *p;

	spin_lock(&lock);
	p = alloc_percpu(int);
	spin_unlock(&lock);
	free_percpu(p);
}

static void rcu_percpu(void)
{
	void __percpu *p;

	rcu_read_lock();
	p = alloc_percpu_gfp(int, GFP_KERNEL | __GFP_ZERO);
	rcu_read_unlock();
	free_percpu(p);
}

static void work_do(struct work_struct *unused)
{
}

static DECLARE_WORK(work, work_do);
static DECLARE_DELAYED_WORK(delayed_work, work_do);

/* None of them has been queued. */
static void lock_flush(void)
{
	spin_lock(&lock);
	flush_work(&work);
	spin_unlock(&lock);
}

static void lock_cancel(void)
{
	spin_lock(&lock);
	cancel_work_sync(&work);
	spin_unlock(&lock);
}

static void lock_cancel_delayed(void)
{
	spin_lock(&lock);
	cancel_delayed_work_sync(&delayed_work);
	spin_unlock(&lock);
}

static void lock_queue_make(void)
{
	struct workqueue_struct *queue;

	spin_lock(&lock);
	queue = alloc_workqueue("made", 0, 0);
	spin_unlock(&lock);
	destroy_workqueue(queue);
}

static void nothing_of_tree(void)
{
	int slot = srcu_read_lock(&domain), inner = srcu_read_lock(&domain);

	free_percpu(alloc_percpu(int));
	ask();
	mutex_pass();
	synchronize_srcu(&other);
	synchronize_rcu();
	srcu_read_unlock(&domain, inner);
	srcu_read_unlock(&domain, slot);
	synchronize_srcu(&domain);
	non_block_start();
	kfree(kmalloc(100, GFP_ATOMIC));
	non_block_end();
	ask();
	spin_lock(&lock);
	cond_resched_lock(&lock);
	free_percpu(alloc_percpu_gfp(int, GFP_NOWAIT));
	schedule_work(&work);
	cancel_work(&work);
	spin_unlock(&lock);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	/* Nobody's in particular. */
	slot = srcu_down_read(&other);
	srcu_up_read(&other, slot);
	synchronize_srcu(&other);
#endif
}
#endif

static const struct way ways[] = {
	WAY(nothing),
	WAY(rcu_alloc),
	WAY(rcu_mutex),
	WAY(rcu_synchronize),
	WAY(lock_synchronize),
	WAY(lock_barrier),
	WAY(rcu_waits_for_barrier),
	WAY(callback_synchronize),
	WAY(callback_barrier),
	WAY(lock_mutex_twice),
#ifdef WITH_TREE
	WAY(nothing_of_tree),
	WAY(rcu_schedule),
	WAY(lock_schedule_twice),
	WAY(srcu_synchronize),
	WAY(srcu_synchronize_expedited),
	WAY(rcu_synchronize_expedited),
	WAY(lock_free_later),
	WAY(lock_percpu),
	WAY(rcu_percpu),
	WAY(lock_flush),
	WAY(lock_cancel),
	WAY(lock_cancel_delayed),
	WAY(lock_queue_make),
	WAY(non_block_alloc),
	WAY(non_block_mutex),
#endif
};

static int __init sleeps_init(void)
{
	ways_go(ways, ARRAY_SIZE(ways), what);
	return 0;
}
module_init(sleeps_init);
MODULE_LICENSE("GPL");
