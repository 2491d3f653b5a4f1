/* SPDX-License-Identifier: MIT */
/*
 * RCU: readers and grace periods are the host's (host/rcu.c). Callbacks wait in one list; a
 * task that starts with the first of them takes all that are there, waits for one grace
 * period and calls them, as a softirq would. Where no task is to do that (rcu_by_caller),
 * whoever is alone does it when it leaves its outermost section, as an interrupt at that
 * moment would.
 *
 * Grace periods are numbered as they begin. Of two, the one that began later covers what the
 * other does, so the highest number that has ended says which have; a cookie is the number
 * of the next to begin. Number 1 has always ended.
 */
#include <linux/completion.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_wait.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/notifier.h>
#include <kernel/rcu/rcu.h>

#include <asm/reader.h>
#include <kalloc/kernel/cache.h>

#include "core.h"
#include "interrupt.h"
#include "rcu_head.h"

static DEFINE_RAW_SPINLOCK(lock);
static struct rcu_head *first, **last = &first;
static unsigned long nr_queued, nr_called;
static DECLARE_WAIT_QUEUE_HEAD(queued);
static DECLARE_WAIT_QUEUE_HEAD(called);
static struct task_struct *caller;
static __thread bool in_callback;
static atomic_long_t gp_begun = ATOMIC_LONG_INIT(1), gp_ended = ATOMIC_LONG_INIT(1);
static atomic_long_t gp_wanted = ATOMIC_LONG_INIT(1); /* though nobody waits for it */

int rcu_scheduler_active = RCU_SCHEDULER_RUNNING;

bool rcu_by_caller;
void (*rcu_at_rest)(void);

void __rcu_read_lock(void)
{
	current->rcu_read_lock_nesting++;
	kalloc_reader_begin();
}

void __rcu_read_unlock(void)
{
	kalloc_reader_end();
	current->rcu_read_lock_nesting--;
	if (unlikely(READ_ONCE(rcu_by_caller)))
		rcu_call();
}

/* Let *@at be at least @number. */
static void number_raise(atomic_long_t *at, long number)
{
	long now = atomic_long_read(at);

	while (now - number < 0 && !atomic_long_try_cmpxchg(at, &now, number))
		;
}

static void gp_pass(void)
{
	long number = atomic_long_inc_return(&gp_begun);

	host_rcu_synchronize();
	number_raise(&gp_ended, number);
}

/* Whoever calls @function from within a section would wait for its end, and so for ever. */
static void reader_refuse(const char *function)
{
	if (rcu_preempt_depth())
		panic("%s() in a read-side critical section of RCU, whose end it waits for",
		      function);
}

void synchronize_rcu(void)
{
	might_sleep();
	reader_refuse("synchronize_rcu");
	gp_pass();
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

	gp_pass();
	in_callback = true;
	while (batch) {
		struct rcu_head *next = batch->next;

		softirq_begin();
		head_call(batch);
		softirq_end();
		batch = next;
		nr++;
	}
	in_callback = false;
	smp_store_release(&nr_called, nr_called + nr);
	wake_up_all(&called);
}

/* Whether no task is to do it. */
static bool is_left_to_caller(void)
{
	return READ_ONCE(rcu_by_caller) && task_is_alone();
}

void rcu_call(void)
{
	struct rcu_head *batch;

	if ((!READ_ONCE(first) && !rcu_at_rest) || !is_left_to_caller() || in_atomic() ||
	    irqs_disabled() || host_rcu_is_reader())
		return;
	while (READ_ONCE(first) && (batch = batch_take()))
		batch_call(batch);
	if (rcu_at_rest)
		rcu_at_rest();
}

static bool gp_is_wanted(void)
{
	return atomic_long_read(&gp_wanted) - atomic_long_read(&gp_ended) > 0;
}

static int caller_run(void *arg)
{
	for (;;) {
		struct rcu_head *batch;

		wait_event(queued, (batch = batch_take()) || gp_is_wanted());
		batch_call(batch);
	}
	return 0;
}

static void caller_wake(void)
{
	struct task_struct *task = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	if (!caller)
		task = caller = task_make(caller_run, NULL, "rcu_preempt");
	raw_spin_unlock_irqrestore(&lock, flags);
	if (task)
		wake_up_new_task(task);
	else
		wake_up(&queued);
}

static void head_queue(struct rcu_head *head, rcu_callback_t func)
{
	unsigned long flags;
	bool is_first;

	head->func = func;
	head->next = NULL;
	raw_spin_lock_irqsave(&lock, flags);
	is_first = !first;
	*last = head;
	last = &head->next;
	WRITE_ONCE(nr_queued, nr_queued + 1);
	raw_spin_unlock_irqrestore(&lock, flags);
	/* Those before may have been left to a thread that is not alone any more. */
	if ((is_first || READ_ONCE(rcu_by_caller)) && !is_left_to_caller())
		caller_wake();
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head_queue(head, func);
}

static bool are_called(unsigned long until)
{
	return (long)(smp_load_acquire(&nr_called) - until) >= 0;
}

void rcu_barrier(void)
{
	unsigned long until = READ_ONCE(nr_queued);

	might_sleep();
	if (READ_ONCE(rcu_by_caller)) {
		rcu_call();
		if (READ_ONCE(first))
			caller_wake();
	}
	if (are_called(until))
		return;
	reader_refuse("rcu_barrier");
	if (in_callback)
		panic("rcu_barrier() in a callback of RCU, for whose end it waits");
	__wait_event(called, are_called(until));
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

int kalloc_retire_cache(struct kmem_cache *s)
{
	if (!s)
		return 0;
	/* Since then objects that kfree_rcu() was given count as freed. */
	if (KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 12, 0))
		rcu_barrier();
	if (s->flags & SLAB_TYPESAFE_BY_RCU)
		synchronize_rcu();
	return kalloc_cache_destroy(s);
}

/* --- waiting for a grace period by looking whether it is over ------------------ */

unsigned long get_state_synchronize_rcu(void)
{
	smp_mb(); /* what was done before is before the grace period that is meant */
	return (unsigned long)atomic_long_read(&gp_begun) + 1;
}

unsigned long start_poll_synchronize_rcu(void)
{
	unsigned long number = get_state_synchronize_rcu();

	number_raise(&gp_wanted, (long)number);
	caller_wake();
	return number;
}

bool poll_state_synchronize_rcu(unsigned long number)
{
	return atomic_long_read_acquire(&gp_ended) - (long)number >= 0;
}

void cond_synchronize_rcu(unsigned long number)
{
	if (!poll_state_synchronize_rcu(number))
		synchronize_rcu();
}

unsigned long get_completed_synchronize_rcu(void)
{
	return 1;
}

/* Expedited or not is the same here, and so one number is enough. */
unsigned long start_poll_synchronize_rcu_expedited(void)
{
	return start_poll_synchronize_rcu();
}

void cond_synchronize_rcu_expedited(unsigned long number)
{
	cond_synchronize_rcu(number);
}

static void cookie_set(struct rcu_gp_oldstate *cookie, unsigned long number)
{
	cookie->rgos_norm = cookie->rgos_exp = number;
}

void get_state_synchronize_rcu_full(struct rcu_gp_oldstate *cookie)
{
	cookie_set(cookie, get_state_synchronize_rcu());
}

void get_completed_synchronize_rcu_full(struct rcu_gp_oldstate *cookie)
{
	cookie_set(cookie, get_completed_synchronize_rcu());
}

void start_poll_synchronize_rcu_full(struct rcu_gp_oldstate *cookie)
{
	cookie_set(cookie, start_poll_synchronize_rcu());
}

void start_poll_synchronize_rcu_expedited_full(struct rcu_gp_oldstate *cookie)
{
	start_poll_synchronize_rcu_full(cookie);
}

bool poll_state_synchronize_rcu_full(struct rcu_gp_oldstate *cookie)
{
	return poll_state_synchronize_rcu(cookie->rgos_norm);
}

void cond_synchronize_rcu_full(struct rcu_gp_oldstate *cookie)
{
	cond_synchronize_rcu(cookie->rgos_norm);
}

void cond_synchronize_rcu_expedited_full(struct rcu_gp_oldstate *cookie)
{
	cond_synchronize_rcu(cookie->rgos_norm);
}

/* --- what other flavours ask --------------------------------------------------- */

void wakeme_after_rcu(struct rcu_head *head)
{
	complete(&container_of(head, struct rcu_synchronize, head)->completion);
}

bool rcu_gp_is_normal(void)
{
	return false;
}

bool rcu_gp_is_expedited(void)
{
	return false;
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
