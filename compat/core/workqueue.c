/* SPDX-License-Identifier: MIT */
/*
 * Workqueues: each has a list of work that waits and tasks that do it, started as they are
 * needed. An item does not run twice at a time; an ordered queue has one task. Waiting for
 * an item is waiting until it is neither queued nor running.
 *
 * An item that was queued for a CPU is done on that CPU (gate.c), others on the task's own.
 * Where an item was last queued is in its data word, as in the kernel: a queue and a CPU.
 */
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "core.h"
#include "gate.h"

int cpu_move(int cpu) __weak; /* where work is queued for CPUs (on_cpu.c) */

/* The names of what is queued for no CPU in particular. */
#undef queue_work_on
#undef queue_delayed_work_on
#undef mod_delayed_work_on

#define NR_TASKS 4 /* at most, of one queue */

/* A queue, and a CPU to be on; WORK_CPU_UNBOUND: any. */
struct place {
	struct workqueue_struct *wq;
	int cpu;
};

struct workqueue_struct {
	struct place places[WORK_CPU_UNBOUND + 1];
	raw_spinlock_t lock;
	struct list_head waiting;
	struct work_struct *running[NR_TASKS];
	unsigned int nr_tasks, nr_most, nr_idle;
	bool is_ending;
	wait_queue_head_t more, done;
	char name[24];
};

struct workqueue_struct *system_wq, *system_percpu_wq, *system_dfl_wq, *system_highpri_wq,
	*system_long_wq, *system_unbound_wq, *system_freezable_wq, *system_power_efficient_wq,
	*system_freezable_power_efficient_wq;

struct worker {
	struct workqueue_struct *wq;
	unsigned int slot;
};

static struct workqueue_struct system;

static bool is_running(struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < NR_TASKS; i++)
		if (wq->running[i] == work)
			return true;
	return false;
}

/* Where an item was last queued; NULL: nowhere. WORK_STRUCT_PWQ tells, as in the kernel. */
static struct place *work_place(struct work_struct *work)
{
	long data = atomic_long_read(&work->data);

	if (!(data & WORK_STRUCT_PWQ))
		return NULL;
	return (struct place *)(data & ~(long)(sizeof(long) - 1));
}

static struct workqueue_struct *work_queue(struct work_struct *work)
{
	struct place *place = work_place(work);

	return place ? place->wq : NULL;
}

/* The first item that waits and is not being done, and the CPU to do it on. */
static struct work_struct *work_take(struct workqueue_struct *wq, unsigned int slot, int *cpu)
{
	struct work_struct *work;

	list_for_each_entry(work, &wq->waiting, entry) {
		if (is_running(wq, work))
			continue;
		list_del_init(&work->entry);
		wq->running[slot] = work;
		*cpu = work_place(work)->cpu;
		clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
		return work;
	}
	return NULL;
}

static struct work_struct *work_next(struct workqueue_struct *wq, unsigned int slot, int *cpu)
{
	struct work_struct *work;
	unsigned long flags;

	raw_spin_lock_irqsave(&wq->lock, flags);
	work = work_take(wq, slot, cpu);
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return work;
}

static void work_finish(struct workqueue_struct *wq, unsigned int slot)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&wq->lock, flags);
	wq->running[slot] = NULL;
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	wake_up_all(&wq->done);
}

/* The item may be gone when its function returns. */
static void work_do(struct work_struct *work, int cpu)
{
	int own = cpu == WORK_CPU_UNBOUND || !cpu_move ? -1 : cpu_move(cpu);

	work->func(work);
	if (own >= 0)
		cpu_move(own);
}

static int worker_run(void *arg)
{
	struct worker worker = *(struct worker *)arg;
	struct workqueue_struct *wq = worker.wq;

	host_free(arg);
	current->flags |= PF_WQ_WORKER;
	for (;;) {
		struct work_struct *work = NULL;
		int cpu;

		wait_event(wq->more,
			   (work = work_next(wq, worker.slot, &cpu)) || READ_ONCE(wq->is_ending));
		if (!work)
			break;
		work_do(work, cpu);
		work_finish(wq, worker.slot);
	}
	raw_spin_lock_irq(&wq->lock);
	wq->nr_tasks--;
	raw_spin_unlock_irq(&wq->lock);
	wake_up_all(&wq->done);
	return 0;
}

/* With the lock held. Return: a task to be woken, NULL if there are enough. */
static struct task_struct *worker_make(struct workqueue_struct *wq)
{
	struct worker *worker;
	struct task_struct *task;
	unsigned int i, busy = 0;

	for (i = 0; i < NR_TASKS; i++)
		busy += wq->running[i] != NULL;
	if (wq->nr_tasks > busy || wq->nr_tasks >= wq->nr_most)
		return NULL;
	worker = host_zalloc(sizeof(*worker));
	worker->wq = wq;
	worker->slot = wq->nr_tasks;
	task = task_make(worker_run, worker, wq->name);
	if (task)
		wq->nr_tasks++;
	else
		host_free(worker);
	return task;
}

/* Who sees that an item is pending sees on which queue, or who cancels it would not wait. */
static bool work_claim(struct place *place, struct work_struct *work)
{
	long data = atomic_long_read(&work->data);

	do {
		if (data & WORK_STRUCT_PENDING)
			return false;
	} while (!atomic_long_try_cmpxchg(&work->data, &data,
					  (long)place | WORK_STRUCT_PWQ | WORK_STRUCT_PENDING));
	return true;
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	struct task_struct *task;
	unsigned long flags;

	if (WARN_ON((unsigned int)cpu > WORK_CPU_UNBOUND) ||
	    (cpu != WORK_CPU_UNBOUND && !cpu_online(cpu)))
		cpu = WORK_CPU_UNBOUND;
	if (!work_claim(&wq->places[cpu], work))
		return false;
	raw_spin_lock_irqsave(&wq->lock, flags);
	list_add_tail(&work->entry, &wq->waiting);
	task = worker_make(wq);
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	if (task)
		wake_up_new_task(task);
	wake_up_all(&wq->more);
	return true;
}

static bool is_busy(struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool busy;

	raw_spin_lock_irqsave(&wq->lock, flags);
	busy = work_pending(work) || is_running(wq, work);
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return busy;
}

bool flush_work(struct work_struct *work)
{
	struct workqueue_struct *wq = work_queue(work);

	if (!wq || !is_busy(wq, work))
		return false;
	wait_event(wq->done, !is_busy(wq, work));
	return true;
}

static bool work_unqueue(struct work_struct *work)
{
	struct workqueue_struct *wq = work_queue(work);
	unsigned long flags;
	bool found;

	if (!wq)
		return false;
	raw_spin_lock_irqsave(&wq->lock, flags);
	found = work_pending(work) && !list_empty(&work->entry);
	if (found) {
		list_del_init(&work->entry);
		clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
	}
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return found;
}

bool cancel_work(struct work_struct *work)
{
	return work_unqueue(work);
}

bool cancel_work_sync(struct work_struct *work)
{
	bool found = work_unqueue(work);

	flush_work(work);
	return found;
}

/* --- delayed ---------------------------------------------------------------- */

void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *work = from_timer(work, timer, timer);

	clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(&work->work));
	queue_work_on(work->cpu, work->wq, &work->work);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			   unsigned long delay)
{
	if (!delay)
		return queue_work_on(cpu, wq, &work->work);
	if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(&work->work)))
		return false;
	INIT_LIST_HEAD(&work->work.entry);
	work->wq = wq;
	work->cpu = cpu;
	mod_timer(&work->timer, jiffies + delay);
	return true;
}

bool cancel_delayed_work(struct delayed_work *work)
{
	if (timer_delete(&work->timer)) {
		clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(&work->work));
		return true;
	}
	return work_unqueue(&work->work);
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	bool found = cancel_delayed_work(work);

	timer_delete_sync(&work->timer);
	return cancel_work_sync(&work->work) || found;
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			 unsigned long delay)
{
	bool found = cancel_delayed_work(work);

	queue_delayed_work_on(cpu, wq, work, delay);
	return found;
}

bool flush_delayed_work(struct delayed_work *work)
{
	if (timer_delete_sync(&work->timer))
		delayed_work_timer_fn(&work->timer);
	return flush_work(&work->work);
}

/* --- queues ----------------------------------------------------------------- */

static bool is_idle(struct workqueue_struct *wq, bool ended)
{
	unsigned long flags;
	unsigned int i;
	bool idle;

	raw_spin_lock_irqsave(&wq->lock, flags);
	idle = list_empty(&wq->waiting) && !(ended && wq->nr_tasks);
	for (i = 0; i < NR_TASKS; i++)
		idle &= !wq->running[i];
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return idle;
}

void __flush_workqueue(struct workqueue_struct *wq)
{
	wait_event(wq->done, is_idle(wq, false));
}

void drain_workqueue(struct workqueue_struct *wq)
{
	__flush_workqueue(wq);
}

static void queue_init(struct workqueue_struct *wq, unsigned int nr_most)
{
	int cpu;

	for (cpu = 0; cpu <= WORK_CPU_UNBOUND; cpu++)
		wq->places[cpu] = (struct place){ .wq = wq, .cpu = cpu };
	raw_spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->waiting);
	init_waitqueue_head(&wq->more);
	init_waitqueue_head(&wq->done);
	wq->nr_most = nr_most;
}

static struct workqueue_struct *queue_make(unsigned int flags, int most, const char *fmt,
					   va_list args)
{
	struct workqueue_struct *wq = host_zalloc(sizeof(*wq));

	queue_init(wq, most == 1 || (flags & __WQ_ORDERED) ? 1 : NR_TASKS);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	return wq;
}

#undef alloc_workqueue
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int most, ...)
{
	struct workqueue_struct *wq;
	va_list args;

	va_start(args, most);
	wq = queue_make(flags, most, fmt, args);
	va_end(args);
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	__flush_workqueue(wq);
	WRITE_ONCE(wq->is_ending, true);
	wake_up_all(&wq->more);
	wait_event(wq->done, is_idle(wq, true));
	raw_spin_lock_irq(&wq->lock);
	raw_spin_unlock_irq(&wq->lock);
	host_free(wq);
}

bool current_is_workqueue_rescuer(void)
{
	return false;
}

void workqueue_boot(void)
{
	queue_init(&system, NR_TASKS);
	strscpy(system.name, "events", sizeof(system.name));
	system_percpu_wq = system_dfl_wq = &system;
	system_wq = system_highpri_wq = system_long_wq = system_unbound_wq = &system;
	system_freezable_wq = system_power_efficient_wq = &system;
	system_freezable_power_efficient_wq = &system;
}

/* Wait until nobody is at work. */
void workqueue_settle(void)
{
	__flush_workqueue(&system);
}
