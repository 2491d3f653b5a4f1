/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers: two lanes, one whose callbacks are hard interrupts and one whose
 * callbacks are softirqs (HRTIMER_MODE_SOFT), and two of each CPU for which timers were started
 * (HRTIMER_MODE_PINNED), where CPUs have gates (gate.c). A lane has a queue for each clock, in
 * order of expiry, and a task that starts with its first timer, sleeps until the next is due and
 * calls it: on the task's own CPU, or on the lane's, through that one's gate. It wakes up for
 * the end of a timer's range, and calls those whose range has begun.
 *
 * A timer is queued, or its base's running one, or both (started again while its callback
 * runs), or neither. It is taken from its queue when its turn has come on the CPU. One lock
 * guards all that. A callback may free its timer, which is not looked at behind it unless it
 * says HRTIMER_RESTART.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/timerqueue.h>

#include "core.h"
#include "gate.h"
#include "interrupt.h"

/* Where CPUs have gates. */
void context_force(unsigned int count) __weak;
void gate_interrupt_begin(void) __weak;
void gate_interrupt_end(void) __weak;

/* The names of what is started for no CPU in particular. */
#undef hrtimer_start_range_ns
#undef hrtimer_start_expires
#undef hrtimer_sleeper_start_expires

/* A clock that can be set is looked at so often, as nobody tells when it is. */
#define LOOK_NS (100 * NSEC_PER_MSEC)

struct lane {
	struct hrtimer_cpu_base base; /* of it, a clock_base for each clock */
	int cpu;		      /* -1: the caller's own */
	bool is_soft;
	struct task_struct *caller;
	unsigned int changes; /* what the caller sleeps on */
};

static ktime_t clock_real(void)
{
	return ktime_get_real();
}

static ktime_t clock_boot(void)
{
	return ktime_get_boottime();
}

static ktime_t clock_tai(void)
{
	return ktime_get_clocktai();
}

static struct lane lanes[2];

#define CLOCK(lane, nr, id, time)                        \
	[nr] = {                                         \
		.cpu_base = &lanes[lane].base,           \
		.index = (nr),                           \
		.clockid = (id),                         \
		.active = { .rb_root = RB_ROOT_CACHED }, \
		.get_time = (time),                      \
	}

/* A base's hard queues come first, then the soft ones: a lane uses its half. */
#define LANE(lane, offset) \
	[lane] = {                                                                          \
		.base = {                                                                   \
			.hres_active = 1,                                                   \
			.clock_base = {                                                     \
				CLOCK(lane, HRTIMER_BASE_MONOTONIC + (offset),              \
				      CLOCK_MONOTONIC, ktime_get),                          \
				CLOCK(lane, HRTIMER_BASE_REALTIME + (offset),               \
				      CLOCK_REALTIME, clock_real),                          \
				CLOCK(lane, HRTIMER_BASE_BOOTTIME + (offset),               \
				      CLOCK_BOOTTIME, clock_boot),                          \
				CLOCK(lane, HRTIMER_BASE_TAI + (offset), CLOCK_TAI,         \
				      clock_tai),                                           \
			},                                                                  \
		},                                                                          \
		.cpu = -1,                                                                  \
		.is_soft = (lane),                                                          \
	}

static struct lane lanes[2] = {
	LANE(0, 0),
	LANE(1, HRTIMER_BASE_MONOTONIC_SOFT),
};

static struct lane *cpu_lanes[NR_CPUS][2];
static DEFINE_RAW_SPINLOCK(lock);

unsigned int hrtimer_resolution = 1;

/* A CPU's, made like the one that is of none. */
static struct lane *lane_make(int cpu, bool is_soft)
{
	struct lane *lane = host_zalloc(sizeof(*lane));
	unsigned int i;

	lane->cpu = cpu;
	lane->is_soft = is_soft;
	lane->base.hres_active = 1;
	for (i = 0; i < HRTIMER_MAX_CLOCK_BASES; i++) {
		lane->base.clock_base[i] = lanes[is_soft].base.clock_base[i];
		lane->base.clock_base[i].cpu_base = &lane->base;
		lane->base.clock_base[i].active.rb_root = RB_ROOT_CACHED;
	}
	return lane;
}

/* With the lock. */
static struct lane *lane_choose(bool is_soft, enum hrtimer_mode mode)
{
	struct lane **lane;
	int cpu;

	if (!(mode & HRTIMER_MODE_PINNED) || !KALLOC_HAS_GATES)
		return &lanes[is_soft];
	cpu = raw_smp_processor_id();
	lane = &cpu_lanes[cpu][is_soft];
	if (!*lane)
		*lane = lane_make(cpu, is_soft);
	return *lane;
}

static struct lane *lane_of(const struct hrtimer *timer)
{
	return container_of(timer->base->cpu_base, struct lane, base);
}

static unsigned int clock_number(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
		return HRTIMER_BASE_REALTIME;
	case CLOCK_MONOTONIC:
		return HRTIMER_BASE_MONOTONIC;
	case CLOCK_BOOTTIME:
		return HRTIMER_BASE_BOOTTIME;
	case CLOCK_TAI:
		return HRTIMER_BASE_TAI;
	}
	WARN(1, "Invalid clockid %d. Using MONOTONIC\n", clock);
	return HRTIMER_BASE_MONOTONIC;
}

static void timer_enqueue(struct hrtimer *timer)
{
	timerqueue_add(&timer->base->active, &timer->node);
	WRITE_ONCE(timer->state, HRTIMER_STATE_ENQUEUED);
}

static bool timer_dequeue(struct hrtimer *timer)
{
	if (!hrtimer_is_queued(timer))
		return false;
	timerqueue_del(&timer->base->active, &timer->node);
	WRITE_ONCE(timer->state, HRTIMER_STATE_INACTIVE);
	return true;
}

/* --- who calls them ---------------------------------------------------------- */

/* With the lock. Return: the first timer of a lane that is due; else *@ns until one may be. */
static struct hrtimer *due_find(struct lane *lane, long long *ns)
{
	unsigned int i;

	*ns = -1;
	for (i = 0; i < HRTIMER_MAX_CLOCK_BASES; i++) {
		struct hrtimer_clock_base *base = &lane->base.clock_base[i];
		struct timerqueue_node *node = timerqueue_getnext(&base->active);
		struct hrtimer *timer;
		long long left;
		ktime_t now;

		if (!node)
			continue;
		timer = container_of(node, struct hrtimer, node);
		now = base->get_time();
		if (now >= hrtimer_get_softexpires(timer))
			return timer;
		left = ktime_to_ns(ktime_sub(node->expires, now));
		if (base->clockid != CLOCK_MONOTONIC)
			left = min_t(long long, left, LOOK_NS);
		if (*ns < 0 || left < *ns)
			*ns = left;
	}
	return NULL;
}

/* Return: ns until the next timer may be due, 0: one is; -1: there is none. */
static long long ns_left(struct lane *lane)
{
	unsigned long flags;
	long long ns;

	raw_spin_lock_irqsave(&lock, flags);
	if (due_find(lane, &ns))
		ns = 0;
	raw_spin_unlock_irqrestore(&lock, flags);
	return ns;
}

static void lane_enter(const struct lane *lane)
{
	if (lane->is_soft)
		softirq_begin();
	else if (lane->cpu < 0)
		hardirq_begin();
	else
		gate_interrupt_begin();
}

static void lane_leave(const struct lane *lane)
{
	if (lane->is_soft)
		softirq_end();
	else if (lane->cpu < 0)
		hardirq_end();
	else
		gate_interrupt_end();
}

static struct hrtimer *due_take(struct lane *lane)
{
	struct hrtimer *timer;
	unsigned long flags;
	long long ns;

	raw_spin_lock_irqsave(&lock, flags);
	timer = due_find(lane, &ns);
	if (timer) {
		timer_dequeue(timer);
		WRITE_ONCE(timer->base->running, timer);
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return timer;
}

static enum hrtimer_restart timer_call(struct hrtimer *timer)
{
	enum hrtimer_restart (*function)(struct hrtimer *) = timer->function;
	unsigned long irqs = arch_local_save_flags();
	int count = preempt_count();
	enum hrtimer_restart restart = function(timer);

	context_restore("hrtimer", function, count, irqs);
	return restart;
}

/* In the lane's context. */
static void due_call(struct lane *lane)
{
	struct hrtimer *timer = due_take(lane);
	struct hrtimer_clock_base *base;
	enum hrtimer_restart restart;
	unsigned long flags;

	if (!timer)
		return;
	base = timer->base;
	restart = timer_call(timer);
	raw_spin_lock_irqsave(&lock, flags);
	if (restart == HRTIMER_RESTART && !hrtimer_is_queued(timer))
		timer_enqueue(timer);
	WRITE_ONCE(base->running, NULL);
	raw_spin_unlock_irqrestore(&lock, flags);
}

static int caller_run(void *arg)
{
	struct lane *lane = arg;

	if (lane->cpu >= 0 && !lane->is_soft)
		context_force(HARDIRQ_OFFSET);
	for (;;) {
		unsigned int seen = smp_load_acquire(&lane->changes);
		long long ns = ns_left(lane);

		if (ns) {
			host_wait(&lane->changes, seen, ns);
			continue;
		}
		lane_enter(lane);
		due_call(lane);
		lane_leave(lane);
	}
	return 0;
}

static struct task_struct *caller_make(struct lane *lane)
{
	if (lane->cpu < 0)
		return task_make(caller_run, lane, "hrtimers");
	return task_make_on(lane->cpu, caller_run, lane, "hrtimers");
}

/* --- starting and stopping --------------------------------------------------- */

static void timer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode)
{
	bool is_soft = mode & HRTIMER_MODE_SOFT;
	unsigned int nr;

	/* What is so long from now does not move when the clock is set. */
	if (clock == CLOCK_REALTIME && (mode & HRTIMER_MODE_REL))
		clock = CLOCK_MONOTONIC;
	nr = clock_number(clock) + (is_soft ? HRTIMER_BASE_MONOTONIC_SOFT : 0);
	memset(timer, 0, sizeof(*timer));
	timer->is_soft = is_soft;
	timer->is_hard = !!(mode & HRTIMER_MODE_HARD);
	timer->base = &lanes[is_soft].base.clock_base[nr];
	timerqueue_init(&timer->node);
}

void hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode)
{
	timer_init(timer, clock, mode);
}

/* From 6.13. */
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   clockid_t clock, enum hrtimer_mode mode);

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   clockid_t clock, enum hrtimer_mode mode)
{
	timer_init(timer, clock, mode);
	timer->function = function;
}

/* With the lock; it is not queued. One whose callback runs stays where that is. */
static struct lane *timer_place(struct hrtimer *timer, enum hrtimer_mode mode)
{
	struct hrtimer_clock_base *base = timer->base;
	struct lane *lane;

	if (base->running == timer)
		return lane_of(timer);
	lane = lane_choose(timer->is_soft, mode);
	timer->base = &lane->base.clock_base[base->index];
	return lane;
}

void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t expires, u64 range,
			    const enum hrtimer_mode mode)
{
	struct task_struct *task = NULL;
	struct lane *lane;
	unsigned long flags;

	if (WARN_ON_ONCE(!timer->function))
		return;
	WARN_ON_ONCE(!(mode & HRTIMER_MODE_SOFT) ^ !timer->is_soft);
	raw_spin_lock_irqsave(&lock, flags);
	timer_dequeue(timer);
	lane = timer_place(timer, mode);
	timer->is_rel = !!(mode & HRTIMER_MODE_REL);
	if (timer->is_rel)
		expires = ktime_add_safe(expires, timer->base->get_time());
	hrtimer_set_expires_range_ns(timer, expires, range);
	timer_enqueue(timer);
	smp_store_release(&lane->changes, lane->changes + 1);
	if (!lane->caller)
		task = lane->caller = caller_make(lane);
	raw_spin_unlock_irqrestore(&lock, flags);
	if (task)
		wake_up_new_task(task);
	else
		host_wake(&lane->changes, 1);
}

bool hrtimer_active(const struct hrtimer *timer)
{
	unsigned long flags;
	bool active;

	raw_spin_lock_irqsave(&lock, flags);
	active = timer->state != HRTIMER_STATE_INACTIVE || timer->base->running == timer;
	raw_spin_unlock_irqrestore(&lock, flags);
	return active;
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	unsigned long flags;
	int result;

	raw_spin_lock_irqsave(&lock, flags);
	if (timer->base->running == timer)
		result = -1;
	else
		result = timer_dequeue(timer);
	raw_spin_unlock_irqrestore(&lock, flags);
	return result;
}

int hrtimer_cancel(struct hrtimer *timer)
{
	unsigned int round;
	int result;

	for (round = 0; (result = hrtimer_try_to_cancel(timer)) < 0; round++) {
		if (current == lane_of(timer)->caller)
			panic("hrtimer_cancel() in the timer's own callback never ends");
		host_relax(round);
	}
	return result;
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	ktime_t late = ktime_sub(now, hrtimer_get_expires(timer));
	u64 periods;

	if (late < 0 || WARN_ON(hrtimer_is_queued(timer)))
		return 0;
	interval = max_t(ktime_t, interval, hrtimer_resolution);
	periods = div64_u64((u64)late, (u64)interval) + 1;
	hrtimer_add_expires_ns(timer, periods * (u64)interval);
	return periods;
}

ktime_t __hrtimer_get_remaining(const struct hrtimer *timer, bool adjust)
{
	unsigned long flags;
	ktime_t left;

	raw_spin_lock_irqsave(&lock, flags);
	left = hrtimer_expires_remaining(timer);
	raw_spin_unlock_irqrestore(&lock, flags);
	return left;
}

/* --- at the end --------------------------------------------------------------- */

static long queue_tell(const struct hrtimer_clock_base *base)
{
	struct rb_node *node;
	long nr = 0;

	for (node = rb_first_cached(&base->active.rb_root); node; node = rb_next(node)) {
		const struct timerqueue_node *at = rb_entry(node, struct timerqueue_node, node);

		printk("kalloc: live: hrtimer of %ps\n",
		       container_of(at, struct hrtimer, node)->function);
		nr++;
	}
	return nr;
}

static long lane_tell(const struct lane *lane)
{
	unsigned int i;
	long nr = 0;

	for (i = 0; lane && i < HRTIMER_MAX_CLOCK_BASES; i++)
		nr += queue_tell(&lane->base.clock_base[i]);
	return nr;
}

long hrtimers_tell(void)
{
	unsigned long flags;
	unsigned int i, cpu;
	long nr = 0;

	raw_spin_lock_irqsave(&lock, flags);
	for (i = 0; i < ARRAY_SIZE(lanes); i++) {
		nr += lane_tell(&lanes[i]);
		for (cpu = 0; cpu < NR_CPUS; cpu++)
			nr += lane_tell(cpu_lanes[cpu][i]);
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return nr;
}

/* --- tasks that wait for one -------------------------------------------------- */

static enum hrtimer_restart sleeper_wake(struct hrtimer *timer)
{
	struct hrtimer_sleeper *sleeper = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *task = sleeper->task;

	WRITE_ONCE(sleeper->task, NULL);
	if (task)
		wake_up_process(task);
	return HRTIMER_NORESTART;
}

void hrtimer_init_sleeper(struct hrtimer_sleeper *sleeper, clockid_t clock, enum hrtimer_mode mode)
{
	timer_init(&sleeper->timer, clock, mode);
	sleeper->timer.function = sleeper_wake;
	sleeper->task = current;
}

void hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sleeper, enum hrtimer_mode mode)
{
	hrtimer_start_expires(&sleeper->timer, mode);
}

int schedule_hrtimeout_range_clock(ktime_t *expires, u64 range, const enum hrtimer_mode mode,
				   clockid_t clock)
{
	struct hrtimer_sleeper sleeper;

	if (!expires) {
		schedule();
		return -EINTR;
	}
	hrtimer_init_sleeper_on_stack(&sleeper, clock, mode);
	hrtimer_set_expires_range_ns(&sleeper.timer, *expires, range);
	hrtimer_sleeper_start_expires(&sleeper, mode);
	if (READ_ONCE(sleeper.task))
		schedule();
	hrtimer_cancel(&sleeper.timer);
	destroy_hrtimer_on_stack(&sleeper.timer);
	__set_current_state(TASK_RUNNING);
	return sleeper.task ? -EINTR : 0;
}
