/* SPDX-License-Identifier: MIT */
/*
 * Timers: one list in order of expiry. A task that starts with the first timer sleeps until
 * the next is due and calls its function as a softirq would.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "core.h"
#include "interrupt.h"

static DEFINE_RAW_SPINLOCK(lock);
static HLIST_HEAD(timers);
static struct timer_list *running;
static struct task_struct *caller;
static unsigned int changes; /* what the caller sleeps on */

static void timer_link(struct timer_list *timer, unsigned long expires)
{
	struct hlist_node **at = &timers.first;
	struct hlist_node *node = &timer->entry;

	timer->expires = expires;
	while (*at && !time_after(hlist_entry(*at, struct timer_list, entry)->expires, expires))
		at = &(*at)->next;
	node->next = *at;
	if (node->next)
		node->next->pprev = &node->next;
	WRITE_ONCE(node->pprev, at);
	WRITE_ONCE(*at, node);
}

static bool timer_unlink(struct timer_list *timer)
{
	if (!timer_pending(timer))
		return false;
	__hlist_del(&timer->entry);
	timer->entry.pprev = NULL;
	return true;
}

/*
 * Return: ticks until the first timer is due, 0 with @due and its function, which may be taken
 * from it at any time, if it is; -1: there is none.
 */
static long next_take(struct timer_list **due, void (**function)(struct timer_list *))
{
	struct timer_list *timer;
	unsigned long flags;
	long ticks = -1;

	raw_spin_lock_irqsave(&lock, flags);
	running = NULL;
	if (timers.first) {
		timer = hlist_entry(timers.first, struct timer_list, entry);
		ticks = (long)(timer->expires - jiffies);
		if (ticks <= 0) {
			timer_unlink(timer);
			*due = running = timer;
			*function = timer->function;
			ticks = 0;
		}
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return ticks;
}

static int caller_run(void *arg)
{
	for (;;) {
		unsigned int seen = smp_load_acquire(&changes);
		void (*function)(struct timer_list *);
		struct timer_list *timer;
		long ticks = next_take(&timer, &function);

		if (ticks) {
			host_wait(&changes, seen, ticks < 0 ? -1 : ticks * (NSEC_PER_SEC / HZ));
			continue;
		}
		softirq_begin();
		function(timer);
		softirq_end();
	}
	return 0;
}

static void caller_tell(void)
{
	struct task_struct *task = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	smp_store_release(&changes, changes + 1);
	if (!caller)
		task = caller = task_make(caller_run, NULL, "timers");
	raw_spin_unlock_irqrestore(&lock, flags);
	if (task)
		wake_up_new_task(task);
	else
		host_wake(&changes, 1);
}

static int timer_set(struct timer_list *timer, unsigned long expires, bool only_pending,
		     bool only_earlier)
{
	unsigned long flags;
	int was_pending;
	bool set;

	raw_spin_lock_irqsave(&lock, flags);
	was_pending = timer_pending(timer);
	set = timer->function && (was_pending || !only_pending) &&
	      !(only_earlier && was_pending && !time_before(expires, timer->expires));
	if (set) {
		timer_unlink(timer);
		timer_link(timer, expires);
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (set)
		caller_tell();
	return was_pending;
}

void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags,
		    const char *name, struct lock_class_key *key)
{
	timer->entry.pprev = NULL;
	timer->function = func;
	timer->flags = flags;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	return timer_set(timer, expires, false, false);
}

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return timer_set(timer, expires, true, false);
}

int timer_reduce(struct timer_list *timer, unsigned long expires)
{
	return timer_set(timer, expires, false, true);
}

void add_timer(struct timer_list *timer)
{
	timer_set(timer, timer->expires, false, false);
}

void add_timer_on(struct timer_list *timer, int cpu)
{
	add_timer(timer);
}

static int timer_stop(struct timer_list *timer, bool wait, bool for_good)
{
	unsigned long flags;
	unsigned int round;
	int was_pending;
	bool again;

	for (round = 0;; round++) {
		raw_spin_lock_irqsave(&lock, flags);
		was_pending = timer_unlink(timer);
		again = wait && running == timer && current != caller;
		if (!again && for_good)
			timer->function = NULL;
		raw_spin_unlock_irqrestore(&lock, flags);
		if (!again)
			return was_pending;
		host_relax(round);
	}
}

int timer_delete(struct timer_list *timer)
{
	return timer_stop(timer, false, false);
}

int timer_delete_sync(struct timer_list *timer)
{
	return timer_stop(timer, true, false);
}

int timer_shutdown(struct timer_list *timer)
{
	return timer_stop(timer, false, true);
}

int timer_shutdown_sync(struct timer_list *timer)
{
	return timer_stop(timer, true, true);
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	return READ_ONCE(running) == timer ? -1 : timer_stop(timer, false, false);
}

unsigned long round_jiffies(unsigned long j)
{
	return roundup(j, HZ);
}

unsigned long round_jiffies_relative(unsigned long j)
{
	return round_jiffies(j + jiffies) - jiffies;
}
