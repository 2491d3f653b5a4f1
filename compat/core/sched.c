/* SPDX-License-Identifier: MIT */
/*
 * Going to sleep and waking: a task sleeps in the host while its state word is what it was
 * when it looked, and who wakes it changes that. No wake-up is lost, as the host compares.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/hrtimer.h>
#include <linux/rcuwait.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/wake_q.h>
#include <linux/sched/task.h>
#include <linux/wait.h>

#include "core.h"

void cpu_follow_mask(void) __weak; /* where tasks are bound to CPUs */

/* What a kernel looks at when a task gives up its CPU. Each time is told. */
static void schedule_check(void)
{
	int count = preempt_count();

	if (unlikely(count || irqs_disabled()))
		warn_slowpath_fmt(NULL, 0, TAINT_WARN,
				  "BUG: scheduling while atomic: %s/%d/0x%08x\n", current->comm,
				  current->pid, count);
	if (unlikely(current->non_block_count) && READ_ONCE(current->__state) != TASK_RUNNING)
		warn_slowpath_fmt(NULL, 0, TAINT_WARN,
				  "BUG: scheduling in a non-blocking section: %s/%d/%i\n",
				  current->comm, current->pid, current->non_block_count);
	WARN_ONCE(rcu_preempt_depth() > 0,
		  "Voluntary context switch within RCU read-side critical section!\n");
}

/* Return: false if @deadline came first. */
static bool state_await(struct task_struct *task, unsigned long long deadline)
{
	unsigned int state;

	while ((state = READ_ONCE(task->__state)) != TASK_RUNNING) {
		long long left = -1;

		if (deadline) {
			left = (long long)(deadline - host_clock());
			if (left <= 0) {
				__set_current_state(TASK_RUNNING);
				return false;
			}
		}
		host_wait(&task->__state, state, left);
	}
	smp_mb();
	return true;
}

/* The caller gives up its CPU, until @deadline (of host_clock(); 0: none) at most. The same. */
static bool sleep_until(unsigned long long deadline)
{
	struct task_struct *task = current;
	bool was_in = false, woken;

	schedule_check();
	if (unlikely(in_atomic() || irqs_disabled()))
		was_in = host_section_leave();
	if ((task->flags & PF_WQ_WORKER) && READ_ONCE(task->__state) != TASK_RUNNING)
		worker_sleeps();
	woken = state_await(task, deadline);
	if (unlikely(was_in))
		host_section_begin();
	return woken;
}

void schedule(void)
{
	if (READ_ONCE(current->__state) == TASK_RUNNING)
		host_relax(64);
	sleep_until(0);
	if (cpu_follow_mask)
		cpu_follow_mask();
}

void schedule_preempt_disabled(void)
{
	preempt_enable_no_resched();
	schedule();
	preempt_disable();
}

void io_schedule(void)
{
	schedule();
}

void yield(void)
{
	host_relax(64);
}

int __cond_resched(void)
{
	return 0;
}

int __cond_resched_lock(spinlock_t *lock)
{
	return 0;
}

long schedule_timeout(long timeout)
{
	unsigned long end = jiffies + timeout;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (timeout >= 0)
		sleep_until(host_clock() + (unsigned long long)timeout * (NSEC_PER_SEC / HZ));
	__set_current_state(TASK_RUNNING);
	timeout = (long)(end - jiffies);
	return timeout < 0 ? 0 : timeout;
}

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_killable(long timeout)
{
	__set_current_state(TASK_KILLABLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_idle(long timeout)
{
	__set_current_state(TASK_IDLE);
	return schedule_timeout(timeout);
}

long io_schedule_timeout(long timeout)
{
	return schedule_timeout(timeout);
}

int schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode)
{
	unsigned long long deadline;
	bool woken;

	if (!expires) {
		schedule();
		return -EINTR;
	}
	deadline = (mode & HRTIMER_MODE_REL) ? host_clock() + (u64)*expires : (u64)*expires;
	woken = sleep_until(deadline ? deadline : 1);
	__set_current_state(TASK_RUNNING);
	return woken ? -EINTR : 0;
}

int schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range(expires, 0, mode);
}

static void nap(unsigned long long ns)
{
	unsigned int word = 0;
	unsigned long long end = host_clock() + ns;
	long long left;

	while ((left = (long long)(end - host_clock())) > 0)
		host_wait(&word, 0, left);
}

/* Whoever wakes the task, it sleeps on. */
static void sleep_for(unsigned long long ns)
{
	unsigned long long end = host_clock() + ns;

	do
		set_current_state(TASK_UNINTERRUPTIBLE);
	while (sleep_until(end));
}

void msleep(unsigned int ms)
{
	sleep_for(ms * (unsigned long long)NSEC_PER_MSEC);
}

unsigned long msleep_interruptible(unsigned int ms)
{
	msleep(ms);
	return 0;
}

void usleep_range_state(unsigned long least, unsigned long most, unsigned int state)
{
	sleep_for(least * (unsigned long long)NSEC_PER_USEC);
}

void __udelay(unsigned long us)
{
	nap(us * (unsigned long long)NSEC_PER_USEC);
}

void __ndelay(unsigned long ns)
{
	nap(ns);
}

void __const_udelay(unsigned long scaled)
{
	/* The argument is microseconds by 2^32 / 10^6. */
	nap(((unsigned long long)scaled * 1000) / 4295);
}

/* --- waking ---------------------------------------------------------------- */

int try_to_wake_up(struct task_struct *task, unsigned int states, int flags)
{
	unsigned int state;

	/* Between what the caller has changed and the state: set_current_state()'s other half. */
	smp_mb();
	state = READ_ONCE(task->__state);
	for (;;) {
		unsigned int was;

		if (!(state & (states | TASK_NEW)))
			return 0;
		was = cmpxchg(&task->__state, state, TASK_RUNNING);
		if (was == state)
			break;
		state = was;
	}
	if (state == TASK_NEW)
		task_start(task);
	else
		host_wake(&task->__state, INT_MAX);
	return 1;
}

int wake_up_process(struct task_struct *task)
{
	return try_to_wake_up(task, TASK_NORMAL, 0);
}

int wake_up_state(struct task_struct *task, unsigned int states)
{
	return try_to_wake_up(task, states, 0);
}

void wake_up_new_task(struct task_struct *task)
{
	try_to_wake_up(task, TASK_NEW, 0);
}

int default_wake_function(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	return try_to_wake_up(entry->private, mode, 0);
}

/* wake_q: tasks to be woken when a lock has been let go of, each once. */
static bool wake_q_link(struct wake_q_head *head, struct task_struct *task)
{
	struct wake_q_node *node = &task->wake_q;

	smp_mb__before_atomic();
	if (cmpxchg_relaxed(&node->next, NULL, WAKE_Q_TAIL))
		return false;
	*head->lastp = node;
	head->lastp = &node->next;
	return true;
}

void wake_q_add(struct wake_q_head *head, struct task_struct *task)
{
	if (wake_q_link(head, task))
		get_task_struct(task);
}

void wake_q_add_safe(struct wake_q_head *head, struct task_struct *task)
{
	if (!wake_q_link(head, task))
		put_task_struct(task);
}

void wake_up_q(struct wake_q_head *head)
{
	struct wake_q_node *node = head->first;

	while (node != WAKE_Q_TAIL) {
		struct task_struct *task = container_of(node, struct task_struct, wake_q);

		node = node->next;
		WRITE_ONCE(task->wake_q.next, NULL);
		wake_up_process(task);
		put_task_struct(task);
	}
}

/* One task that waits, whoever it is: percpu_rwsem's writer. */
int rcuwait_wake_up(struct rcuwait *wait)
{
	struct task_struct *task;
	int woken = 0;

	rcu_read_lock();
	smp_mb(); /* what the caller has changed before who waits is looked at */
	task = rcu_dereference(wait->task);
	if (task)
		woken = wake_up_process(task);
	rcu_read_unlock();
	return woken;
}

void finish_rcuwait(struct rcuwait *wait)
{
	rcu_assign_pointer(wait->task, NULL);
	__set_current_state(TASK_RUNNING);
}

/* --- what else kernel code says to a scheduler ------------------------------ */

/* @offsets: the counts that the caller knows of, of RCU's sections above that of preemption. */
void __might_resched(const char *file, int line, unsigned int offsets)
{
	unsigned int count = (unsigned int)preempt_count();
	unsigned int depth = (unsigned int)rcu_preempt_depth();

	if (likely(count + (depth << MIGHT_RESCHED_RCU_SHIFT) == offsets && !irqs_disabled() &&
		   !current->non_block_count))
		return;
	warn_slowpath_fmt(NULL, 0, TAINT_WARN,
			  "BUG: sleeping function called from invalid context at %s:%d\n"
			  "in_atomic(): %d, irqs_disabled(): %d, non_block: %d, pid: %d, name: %s\n"
			  "preempt_count: %x, expected: %x\n"
			  "RCU nest depth: %u, expected: %u\n",
			  file, line, in_atomic(), irqs_disabled(), current->non_block_count,
			  current->pid, current->comm, count, offsets & MIGHT_RESCHED_PREEMPT_MASK,
			  depth, offsets >> MIGHT_RESCHED_RCU_SHIFT);
}

void __might_sleep(const char *file, int line)
{
	__might_resched(file, line, 0);
}

void kalloc_non_block_start(void)
{
	current->non_block_count++;
	kalloc_task()->preempt_count |= KALLOC_NON_BLOCK;
}

void kalloc_non_block_end(void)
{
	if (WARN_ON(!current->non_block_count))
		return;
	if (!--current->non_block_count)
		kalloc_task()->preempt_count &= ~KALLOC_NON_BLOCK;
}

void __cant_sleep(const char *file, int line, int offset)
{
}

/* A task moves only where it follows its mask, and there it asks for this. */
void migrate_disable(void)
{
	current->migration_disabled++;
}

void migrate_enable(void)
{
	if (!WARN_ON_ONCE(!current->migration_disabled))
		current->migration_disabled--;
}

void sched_set_fifo(struct task_struct *task)
{
}

void sched_set_fifo_low(struct task_struct *task)
{
}

void sched_set_normal(struct task_struct *task, int nice)
{
}

void set_user_nice(struct task_struct *task, long nice)
{
}

int sched_setscheduler_nocheck(struct task_struct *task, int policy,
			       const struct sched_param *param)
{
	return 0;
}

void do_set_cpus_allowed(struct task_struct *task, const struct cpumask *mask)
{
	cpumask_copy(&task->cpus_mask, mask);
	task->nr_cpus_allowed = (int)cpumask_weight(mask);
}

/* A task that is to be bound to a CPU has not begun to run, or has stopped. */
unsigned long wait_task_inactive(struct task_struct *task, unsigned int match)
{
	while (READ_ONCE(task->__state) == TASK_RUNNING)
		host_relax(64);
	return 1;
}

void show_stack(struct task_struct *task, unsigned long *sp, const char *level)
{
	stack_print();
}

void sched_show_task(struct task_struct *task)
{
}
