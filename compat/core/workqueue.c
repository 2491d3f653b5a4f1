/* SPDX-License-Identifier: MIT */
/*
 * Workqueues: each has a list of work that waits and tasks that do it, started as they are
 * needed: some at once, more when all that there are sleep in the midst of an item, so that
 * one may wait for another. An item does not run twice at a time; an ordered queue has one task.
 *
 * An item that was queued for a CPU is done on that CPU (gate.c); one that was queued for none
 * on the task's own or, where CPUs have gates and the queue is not unbound, on the CPU of who
 * queued it, as in a kernel. For work alone there are no gates: all atomic sections would pay.
 * Where an item was last queued is in its data word, as in the kernel: a queue and a CPU. Queues
 * that were destroyed are used again and never given back, so that word may always be followed.
 *
 * Who flushes waits for the turns that are queued or running when he asks, not for what is
 * queued later. Who cancels holds the item's PENDING bit meanwhile, so that it cannot be queued
 * again, by itself for instance.
 */
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "core.h"
#include "gate.h"
#include "interrupt.h"
#include "work.h"

int cpu_move(int cpu) __weak; /* where work is queued for CPUs (on_cpu.c) */

/* The names of what is queued for no CPU in particular. */
#undef queue_work_on

#define NR_EAGER 4   /* tasks of a queue that may be made though others could run */
#define NR_MOST	 256 /* tasks at most, where the queue does not say */

/* A queue, and a CPU to be on; WORK_CPU_UNBOUND: any. */
struct place {
	struct workqueue_struct *wq;
	int cpu;
};

struct workqueue_struct {
	struct place places[WORK_CPU_UNBOUND + 1];
	raw_spinlock_t lock;
	struct list_head waiting, workers, flushers;
	unsigned int nr_tasks, nr_most;
	bool is_ending, is_unbound;
	wait_queue_head_t more, done;
	struct list_head spare;
	void *memory; /* as much as that, from alloc_workqueue() on, for who asks what is allocated */
	char name[24];
};

struct workqueue_struct *system_wq, *system_percpu_wq, *system_dfl_wq, *system_highpri_wq,
	*system_long_wq, *system_unbound_wq, *system_freezable_wq, *system_power_efficient_wq,
	*system_freezable_power_efficient_wq;

struct worker {
	struct list_head entry;
	struct workqueue_struct *wq;
	struct work_struct *work; /* that it does; NULL: none */
	struct task_struct *task;
};

/* A turn of an item that somebody waits for: queued, or a worker's. */
struct flusher {
	struct list_head entry;
	struct work_struct *work;
	struct worker *worker; /* NULL: it is queued */
	unsigned int *left;    /* for how many he waits */
};

static struct workqueue_struct system, system_unbound;
static LIST_HEAD(spares);
static DEFINE_RAW_SPINLOCK(spares_lock);
static __thread struct worker *worker_mine;

static struct worker *worker_of(struct workqueue_struct *wq, struct work_struct *work)
{
	struct worker *worker;

	list_for_each_entry(worker, &wq->workers, entry) {
		if (worker->work == work)
			return worker;
	}
	return NULL;
}

/* Where an item was last queued; NULL: nowhere. WORK_STRUCT_PWQ tells, as in the kernel. */
static struct place *work_place(struct work_struct *work)
{
	long data = atomic_long_read(&work->data);

	if (!(data & WORK_STRUCT_PWQ))
		return NULL;
	return (struct place *)(data & ~(long)(sizeof(long) - 1));
}

/* The queue on which an item was last queued, with its lock; NULL: nowhere. */
static struct workqueue_struct *work_lock(struct work_struct *work, unsigned long *flags)
{
	struct place *place;

	while ((place = work_place(work))) {
		struct workqueue_struct *wq = READ_ONCE(place->wq);
		struct place *now;

		raw_spin_lock_irqsave(&wq->lock, *flags);
		now = work_place(work);
		if (now && now->wq == wq)
			return wq;
		raw_spin_unlock_irqrestore(&wq->lock, *flags);
	}
	return NULL;
}

/* With the lock held, as are those below. The turn of @flusher is over, or never comes. */
static void flusher_end(struct flusher *flusher)
{
	list_del(&flusher->entry);
	--*flusher->left;
}

/* A queued item becomes one of @worker's; NULL: it is not queued any more. */
static void flushers_pass(struct workqueue_struct *wq, struct work_struct *work,
			  struct worker *worker)
{
	struct flusher *flusher, *next;

	list_for_each_entry_safe(flusher, next, &wq->flushers, entry) {
		if (flusher->worker || flusher->work != work)
			continue;
		flusher->worker = worker;
		if (!worker)
			flusher_end(flusher);
	}
}

static void flushers_end(struct workqueue_struct *wq, struct worker *worker)
{
	struct flusher *flusher, *next;

	list_for_each_entry_safe(flusher, next, &wq->flushers, entry) {
		if (flusher->worker == worker)
			flusher_end(flusher);
	}
}

static void flusher_add(struct workqueue_struct *wq, struct flusher *flusher,
			struct work_struct *work, struct worker *worker, unsigned int *left)
{
	*flusher = (struct flusher){ .work = work, .worker = worker, .left = left };
	list_add_tail(&flusher->entry, &wq->flushers);
	++*left;
}

/* The first item that waits and is not being done, and the CPU to do it on. */
static struct work_struct *work_take(struct worker *worker, int *cpu)
{
	struct workqueue_struct *wq = worker->wq;
	struct work_struct *work;

	list_for_each_entry(work, &wq->waiting, entry) {
		if (worker_of(wq, work))
			continue;
		list_del_init(&work->entry);
		worker->work = work;
		*cpu = work_place(work)->cpu;
		flushers_pass(wq, work, worker);
		clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
		/* Who found it pending has what he changed before seen by its function. */
		smp_mb__after_atomic();
		return work;
	}
	return NULL;
}

static struct work_struct *work_next(struct worker *worker, int *cpu)
{
	struct workqueue_struct *wq = worker->wq;
	struct work_struct *work;
	unsigned long flags;

	raw_spin_lock_irqsave(&wq->lock, flags);
	work = work_take(worker, cpu);
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return work;
}

static void work_finish(struct worker *worker)
{
	struct workqueue_struct *wq = worker->wq;
	unsigned long flags;

	if (strncmp(current->comm, wq->name, TASK_COMM_LEN - 1))
		set_task_comm(current, wq->name); /* it was described */
	raw_spin_lock_irqsave(&wq->lock, flags);
	worker->work = NULL;
	flushers_end(wq, worker);
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	wake_up_all(&wq->done);
}

/* The item may be gone when its function returns. */
static void work_do(struct work_struct *work, int cpu)
{
	int own = cpu == WORK_CPU_UNBOUND || !cpu_move ? -1 : cpu_move(cpu);
	work_func_t func = work->func;

	func(work);
	if (WARN(in_atomic() || irqs_disabled(),
		 "BUG: workqueue leaked lock or atomic: %s/0x%08x/%d\n     last function: %ps\n",
		 current->comm, preempt_count(), current->pid, func))
		context_clear();
	if (own >= 0)
		cpu_move(own);
}

static int worker_run(void *arg)
{
	struct worker *worker = arg;
	struct workqueue_struct *wq = worker->wq;

	worker_mine = worker;
	current->flags |= PF_WQ_WORKER;
	for (;;) {
		struct work_struct *work = NULL;
		int cpu;

		wait_event(wq->more, (work = work_next(worker, &cpu)) || READ_ONCE(wq->is_ending));
		if (!work)
			break;
		work_do(work, cpu);
		work_finish(worker);
	}
	current->flags &= ~PF_WQ_WORKER;
	raw_spin_lock_irq(&wq->lock);
	list_del(&worker->entry);
	wq->nr_tasks--;
	raw_spin_unlock_irq(&wq->lock);
	wake_up_all(&wq->done);
	host_free(worker);
	return 0;
}

/* Whether what waits needs another task. */
static bool worker_is_needed(struct workqueue_struct *wq)
{
	struct worker *worker;
	bool all_sleep = true;

	if (list_empty(&wq->waiting) || wq->nr_tasks >= wq->nr_most)
		return false;
	list_for_each_entry(worker, &wq->workers, entry) {
		if (!worker->work)
			return false;
		all_sleep &= READ_ONCE(worker->task->__state) != TASK_RUNNING;
	}
	return all_sleep || wq->nr_tasks < NR_EAGER;
}

/* Return: a task to be woken, NULL if there are enough. */
static struct task_struct *worker_make(struct workqueue_struct *wq)
{
	struct worker *worker;

	if (!worker_is_needed(wq))
		return NULL;
	worker = host_zalloc(sizeof(*worker));
	worker->wq = wq;
	worker->task = task_make(worker_run, worker, wq->name);
	if (!worker->task) {
		host_free(worker);
		return NULL;
	}
	list_add_tail(&worker->entry, &wq->workers);
	wq->nr_tasks++;
	return worker->task;
}

/* The caller is a worker, its state says that it sleeps, and it is about to. */
void worker_sleeps(void)
{
	struct workqueue_struct *wq = worker_mine->wq;
	struct task_struct *task;
	unsigned long flags;

	raw_spin_lock_irqsave(&wq->lock, flags);
	task = worker_mine->work ? worker_make(wq) : NULL;
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	if (task)
		wake_up_new_task(task);
}

bool work_claim(struct work_struct *work)
{
	return !test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
}

void work_drop(struct work_struct *work)
{
	smp_mb__before_atomic();
	clear_bit(WORK_CANCELING_BIT, work_data_bits(work));
	clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
}

int work_choose(int cpu, const struct workqueue_struct *wq)
{
	if (WARN_ON((unsigned int)cpu > WORK_CPU_UNBOUND) ||
	    (cpu != WORK_CPU_UNBOUND && !cpu_online(cpu)))
		cpu = WORK_CPU_UNBOUND;
	if (cpu == WORK_CPU_UNBOUND && cpu_move && !wq->is_unbound)
		cpu = raw_smp_processor_id();
	return cpu;
}

void work_insert(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	struct task_struct *task;
	unsigned long flags;

	cpu = work_choose(cpu, wq);
	raw_spin_lock_irqsave(&wq->lock, flags);
	if (WARN(wq->is_ending, "workqueue %s: queued on it though it was destroyed\n", wq->name)) {
		raw_spin_unlock_irqrestore(&wq->lock, flags);
		work_drop(work);
		return;
	}
	atomic_long_set(&work->data,
			(long)&wq->places[cpu] | WORK_STRUCT_PWQ | WORK_STRUCT_PENDING);
	list_add_tail(&work->entry, &wq->waiting);
	task = worker_make(wq);
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	if (task)
		wake_up_new_task(task);
	wake_up_all(&wq->more);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	if (!work_claim(work))
		return false;
	work_insert(cpu, wq, work);
	return true;
}

/* Whether a number that the lock guards is 0. */
static bool is_none(struct workqueue_struct *wq, unsigned int *number)
{
	unsigned long flags;
	bool none;

	raw_spin_lock_irqsave(&wq->lock, flags);
	none = !*number;
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return none;
}

bool flush_work(struct work_struct *work)
{
	struct workqueue_struct *wq;
	struct flusher flusher;
	struct worker *worker;
	unsigned int left = 0;
	unsigned long flags;
	bool waits;

	might_sleep();
	wq = work_lock(work, &flags);
	if (!wq)
		return false;
	worker = worker_of(wq, work);
	/* Queued and running: it is the later turn that he waits for. */
	if (work_pending(work) && !list_empty(&work->entry))
		flusher_add(wq, &flusher, work, NULL, &left);
	else if (worker)
		flusher_add(wq, &flusher, work, worker, &left);
	waits = left;
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	if (waits)
		wait_event(wq->done, is_none(wq, &left));
	return waits;
}

/* Take an item off its queue. Return: whether it was there. */
static bool work_unqueue(struct work_struct *work)
{
	struct workqueue_struct *wq;
	unsigned long flags;
	bool found;

	wq = work_lock(work, &flags);
	if (!wq)
		return false;
	found = work_pending(work) && !list_empty(&work->entry);
	if (found) {
		list_del_init(&work->entry);
		flushers_pass(wq, work, NULL);
	}
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	if (found)
		wake_up_all(&wq->done);
	return found;
}

int work_grab(struct work_struct *work, struct timer_list *timer)
{
	if (timer && timer_delete(timer))
		return 1;
	if (work_claim(work))
		return 0;
	if (work_unqueue(work))
		return 1;
	return test_bit(WORK_CANCELING_BIT, work_data_bits(work)) ? -ENOENT : -EAGAIN;
}

bool work_is_running(struct work_struct *work)
{
	struct workqueue_struct *wq;
	unsigned long flags;
	bool running;

	wq = work_lock(work, &flags);
	if (!wq)
		return false;
	running = worker_of(wq, work);
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return running;
}

struct work_struct *current_work(void)
{
	return worker_mine ? worker_mine->work : NULL;
}

const char *worker_name(void)
{
	return worker_mine ? worker_mine->wq->name : NULL;
}

/* --- queues ----------------------------------------------------------------- */

static bool is_idle(struct workqueue_struct *wq, bool ended)
{
	unsigned long flags;
	struct worker *worker;
	bool idle;

	raw_spin_lock_irqsave(&wq->lock, flags);
	idle = list_empty(&wq->waiting) && !(ended && wq->nr_tasks);
	list_for_each_entry(worker, &wq->workers, entry)
		idle &= !worker->work;
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	return idle;
}

static unsigned int nr_waiting(struct workqueue_struct *wq)
{
	struct work_struct *work;
	unsigned int nr = 0;

	list_for_each_entry(work, &wq->waiting, entry)
		nr++;
	return nr;
}

void __flush_workqueue(struct workqueue_struct *wq)
{
	struct flusher *flushers, *next;
	struct work_struct *work;
	struct worker *worker;
	unsigned int most, left = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&wq->lock, flags);
	most = nr_waiting(wq) + wq->nr_tasks;
	next = flushers = host_zalloc((most + 1) * sizeof(*flushers));
	list_for_each_entry(work, &wq->waiting, entry)
		flusher_add(wq, next++, work, NULL, &left);
	list_for_each_entry(worker, &wq->workers, entry) {
		if (worker->work)
			flusher_add(wq, next++, worker->work, worker, &left);
	}
	raw_spin_unlock_irqrestore(&wq->lock, flags);
	wait_event(wq->done, is_none(wq, &left));
	host_free(flushers);
}

/* Until nothing is there, though items queue others. */
void drain_workqueue(struct workqueue_struct *wq)
{
	wait_event(wq->done, is_idle(wq, false));
}

static void queue_init(struct workqueue_struct *wq, const char *name)
{
	int cpu;

	for (cpu = 0; cpu <= WORK_CPU_UNBOUND; cpu++)
		wq->places[cpu] = (struct place){ .wq = wq, .cpu = cpu };
	raw_spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->waiting);
	INIT_LIST_HEAD(&wq->workers);
	INIT_LIST_HEAD(&wq->flushers);
	init_waitqueue_head(&wq->more);
	init_waitqueue_head(&wq->done);
	wq->nr_most = NR_MOST;
	strscpy(wq->name, name, sizeof(wq->name));
}

/* One that was destroyed, or a new one. Of the former somebody may still have the lock. */
static struct workqueue_struct *queue_take(void)
{
	struct workqueue_struct *wq;

	raw_spin_lock_irq(&spares_lock);
	wq = list_first_entry_or_null(&spares, struct workqueue_struct, spare);
	if (wq)
		list_del(&wq->spare);
	raw_spin_unlock_irq(&spares_lock);
	if (!wq) {
		wq = host_zalloc(sizeof(*wq));
		queue_init(wq, "");
	}
	return wq;
}

static struct workqueue_struct *queue_make(unsigned int flags, int most, const char *fmt,
					   va_list args)
{
	void *memory = kzalloc(sizeof(struct workqueue_struct), GFP_KERNEL);
	struct workqueue_struct *wq;

	if (!memory)
		return NULL;
	wq = queue_take();
	raw_spin_lock_irq(&wq->lock);
	wq->nr_most = (flags & __WQ_ORDERED) ? 1 : most > 0 ? most : NR_MOST;
	wq->is_ending = false;
	wq->memory = memory;
	wq->is_unbound = flags & WQ_UNBOUND;
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	raw_spin_unlock_irq(&wq->lock);
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
	drain_workqueue(wq);
	WRITE_ONCE(wq->is_ending, true);
	wake_up_all(&wq->more);
	wait_event(wq->done, is_idle(wq, true));
	kfree(wq->memory);
	raw_spin_lock_irq(&spares_lock);
	list_add(&wq->spare, &spares);
	raw_spin_unlock_irq(&spares_lock);
}

void workqueue_boot(void)
{
	queue_init(&system, "events");
	queue_init(&system_unbound, "events_unbound");
	system_unbound.is_unbound = true;
	system_unbound_wq = system_dfl_wq = &system_unbound;
	system_wq = system_percpu_wq = system_highpri_wq = system_long_wq = &system;
	system_freezable_wq = system_power_efficient_wq = &system;
	system_freezable_power_efficient_wq = &system;
}

static bool are_idle(void)
{
	return is_idle(&system, false) && is_idle(&system_unbound, false);
}

/* Wait until nobody is at work, unless items queue themselves again without end. */
void workqueue_settle(void)
{
	unsigned int round;

	for (round = 0; round < 100 && !are_idle(); round++) {
		__flush_workqueue(&system);
		__flush_workqueue(&system_unbound);
	}
}
