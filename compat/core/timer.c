/* SPDX-License-Identifier: MIT */
/*
 * Timers: lists in order of expiry, one for each CPU that has timers of its own, and one for
 * all others. A task that starts with the first timer of a list sleeps until the next is due
 * and calls its function as a softirq would: on its own CPU, or on the one whose list it is,
 * through that one's gate (gate.c; where CPUs have none there is the one list).
 *
 * A timer is taken from its list when its turn has come on the CPU, so that whoever keeps its
 * function from running there can take it from there, and need not wait.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "core.h"
#include "interrupt.h"
#include "work.h"

/* The names of what is for no CPU in particular. */
#undef init_timer_key

/* In programs with delayed work. */
const void *delayed_work_function(const struct timer_list *timer) __weak;

struct base {
	struct hlist_head timers;
	struct timer_list *running;
	struct task_struct *caller;
	unsigned int changes; /* what the caller sleeps on */
};

/* The first is for no CPU in particular, those behind it are CPUs'. TIMER_CPUMASK says which. */
static struct base bases[NR_CPUS + 1];
static DEFINE_RAW_SPINLOCK(lock);

static struct base *base_of(const struct timer_list *timer)
{
	return &bases[READ_ONCE(timer->flags) & TIMER_CPUMASK];
}

/* With the lock, as are those below. Where it is to wait: one that runs stays where it is. */
static unsigned int base_choose(const struct timer_list *timer)
{
	if (base_of(timer)->running == timer)
		return timer->flags & TIMER_CPUMASK;
	if ((timer->flags & TIMER_PINNED) && KALLOC_HAS_GATES)
		return (unsigned int)raw_smp_processor_id() + 1;
	return 0;
}

static void timer_link(struct timer_list *timer, unsigned long expires)
{
	struct hlist_node **at = &base_of(timer)->timers.first;
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

/* --- who calls them ------------------------------------------------------------- */

static struct timer_list *timer_first(const struct base *base)
{
	return hlist_entry_safe(base->timers.first, struct timer_list, entry);
}

/* Return: ticks until the first timer is due, 0 if it is; -1: there is none. */
static long ticks_left(struct base *base)
{
	struct timer_list *timer;
	unsigned long flags;
	long ticks = -1;

	raw_spin_lock_irqsave(&lock, flags);
	timer = timer_first(base);
	if (timer)
		ticks = max((long)(timer->expires - jiffies), 0L);
	raw_spin_unlock_irqrestore(&lock, flags);
	return ticks;
}

/* Return: the first timer, if it is still due, and its function. */
static struct timer_list *due_take(struct base *base, void (**function)(struct timer_list *))
{
	struct timer_list *timer;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	timer = timer_first(base);
	if (timer && time_after(timer->expires, jiffies))
		timer = NULL;
	if (timer) {
		timer_unlink(timer);
		base->running = timer;
		*function = timer->function;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return timer;
}

/* As a softirq. The timer may be gone when its function returns. */
static void due_call(struct base *base)
{
	void (*function)(struct timer_list *);
	struct timer_list *timer = due_take(base, &function);
	int count = preempt_count();
	unsigned long flags;

	if (!timer)
		return;
	function(timer);
	context_restore("timer", function, count, 0);
	raw_spin_lock_irqsave(&lock, flags);
	base->running = NULL;
	raw_spin_unlock_irqrestore(&lock, flags);
}

static int caller_run(void *arg)
{
	struct base *base = arg;

	for (;;) {
		unsigned int seen = smp_load_acquire(&base->changes);
		long ticks = ticks_left(base);

		if (ticks) {
			host_wait(&base->changes, seen,
				  ticks < 0 ? -1 : ticks * (NSEC_PER_SEC / HZ));
			continue;
		}
		softirq_begin();
		due_call(base);
		softirq_end();
	}
	return 0;
}

static struct task_struct *caller_make(struct base *base)
{
	if (base == bases)
		return task_make(caller_run, base, "timers");
	return task_make_on((int)(base - bases) - 1, caller_run, base, "timers");
}

static void caller_tell(struct base *base)
{
	struct task_struct *task = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	smp_store_release(&base->changes, base->changes + 1);
	if (!base->caller)
		task = base->caller = caller_make(base);
	raw_spin_unlock_irqrestore(&lock, flags);
	if (task)
		wake_up_new_task(task);
	else
		host_wake(&base->changes, 1);
}

/* --- setting and stopping -------------------------------------------------------- */

static void timer_move(struct timer_list *timer, unsigned int base)
{
	WRITE_ONCE(timer->flags, (timer->flags & ~TIMER_CPUMASK) | base);
}

static int timer_set(struct timer_list *timer, unsigned long expires, bool only_pending,
		     bool only_earlier)
{
	struct base *base = NULL;
	unsigned long flags;
	int was_pending;
	bool set;

	raw_spin_lock_irqsave(&lock, flags);
	was_pending = timer_pending(timer);
	set = timer->function && (was_pending || !only_pending) &&
	      !(only_earlier && was_pending && !time_before(expires, timer->expires));
	if (set) {
		timer_unlink(timer);
		timer_move(timer, base_choose(timer));
		timer_link(timer, expires);
		base = base_of(timer);
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (set)
		caller_tell(base);
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

/* Wherever it runs now. */
void timer_add_on(struct timer_list *timer, int cpu)
{
	struct base *base = &bases[cpu + 1];
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	if (!timer->function)
		base = NULL;
	if (base) {
		timer_unlink(timer);
		timer_move(timer, (unsigned int)cpu + 1);
		timer_link(timer, timer->expires);
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (base)
		caller_tell(base);
}

/* And not as the caller, whose own timer it is. */
static bool is_running(const struct timer_list *timer)
{
	const struct base *base = base_of(timer);

	return base->running == timer && base->caller != current;
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
		again = wait && is_running(timer);
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
	unsigned long flags;
	int result;

	raw_spin_lock_irqsave(&lock, flags);
	result = base_of(timer)->running == timer ? -1 : timer_unlink(timer);
	raw_spin_unlock_irqrestore(&lock, flags);
	return result;
}

/* --- at the end ------------------------------------------------------------------- */

static void pending_tell(const struct timer_list *timer)
{
	if (delayed_work_function && timer->function == delayed_work_timer_fn)
		printk("kalloc: live: delayed work of %ps\n", delayed_work_function(timer));
	else
		printk("kalloc: live: timer of %ps\n", timer->function);
}

long timers_tell(void)
{
	const struct timer_list *timer;
	unsigned long flags;
	unsigned int i;
	long nr = 0;

	raw_spin_lock_irqsave(&lock, flags);
	for (i = 0; i < ARRAY_SIZE(bases); i++)
		hlist_for_each_entry(timer, &bases[i].timers, entry) {
			pending_tell(timer);
			nr++;
		}
	raw_spin_unlock_irqrestore(&lock, flags);
	return nr;
}

unsigned long round_jiffies(unsigned long j)
{
	return roundup(j, HZ);
}

unsigned long round_jiffies_relative(unsigned long j)
{
	return round_jiffies(j + jiffies) - jiffies;
}
