/* SPDX-License-Identifier: MIT */
/*
 * Timers of given CPUs: linux/timer.h and linux/hrtimer.h give what makes one these names. It
 * is done by timer.c and hrtimer.c, where CPUs have gates: here they are asked for.
 */
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/timer.h>

#include "core.h"
#include "gate.h"

#undef init_timer_key
#undef hrtimer_start_range_ns
#undef hrtimer_start_expires
#undef hrtimer_sleeper_start_expires

void kalloc_init_timer_pinned(struct timer_list *timer, void (*func)(struct timer_list *),
			      unsigned int flags, const char *name, struct lock_class_key *key)
{
	gates_need();
	init_timer_key(timer, func, flags, name, key);
}

/* It stays there when it is set again by its own callback, or if it is pinned. */
void add_timer_on(struct timer_list *timer, int cpu)
{
	if (WARN_ON_ONCE(timer_pending(timer)) || WARN_ON_ONCE((unsigned int)cpu >= nr_cpu_ids))
		return;
	gates_need();
	timer_add_on(timer, cpu);
}

/* From 6.9. */
void add_timer_local(struct timer_list *timer);
void add_timer_global(struct timer_list *timer);

void add_timer_local(struct timer_list *timer)
{
	if (WARN_ON_ONCE(timer_pending(timer)))
		return;
	gates_need();
	timer->flags |= TIMER_PINNED;
	add_timer(timer);
}

void add_timer_global(struct timer_list *timer)
{
	if (WARN_ON_ONCE(timer_pending(timer)))
		return;
	timer->flags &= ~TIMER_PINNED;
	add_timer(timer);
}

void kalloc_hrtimer_start_range_ns(struct hrtimer *timer, ktime_t expires, u64 range,
				   const enum hrtimer_mode mode)
{
	gates_need();
	hrtimer_start_range_ns(timer, expires, range, mode);
}

void kalloc_hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
	gates_need();
	hrtimer_start_expires(timer, mode);
}

void kalloc_hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sleeper, enum hrtimer_mode mode)
{
	gates_need();
	hrtimer_sleeper_start_expires(sleeper, mode);
}
