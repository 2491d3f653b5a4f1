/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads. A thread has a reference to itself, which it drops when its function has
 * returned; kthread_stop() holds another while it waits for that.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/kref.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include "../../core/core.h"

/* How long threads that are about to end may take for it. */
#define SETTLE_NS 1000000000LL

struct thread {
	struct task_struct task;
	struct kref refs;
	int (*run)(void *arg);
	void *arg;
	int result;
	bool started;
	bool should_stop;
	struct completion ended;
};

static struct thread first = { .task = { .pid = 1, .comm = "main" } };
static atomic_t last_pid = ATOMIC_INIT(1);
static unsigned int nr_running;
static bool has_started;

__thread struct task_struct *kalloc_current_task = &first.task;

#define thread_of(at) container_of((at), struct thread, task)

static void thread_free(struct kref *refs)
{
	host_free(container_of(refs, struct thread, refs));
}

struct task_struct *get_task_struct(struct task_struct *task)
{
	kref_get(&thread_of(task)->refs);
	return task;
}

void put_task_struct(struct task_struct *task)
{
	kref_put(&thread_of(task)->refs, thread_free);
}

static void thread_run(void *arg)
{
	struct thread *thread = arg;

	kalloc_current_task = &thread->task;
	strscpy(kalloc_task()->comm, thread->task.comm, sizeof(kalloc_task()->comm));
	fault_join();
	thread->result = thread->run(thread->arg);
	complete_all(&thread->ended);
	put_task_struct(&thread->task);
	__atomic_sub_fetch(&nr_running, 1, __ATOMIC_RELEASE);
	host_wake(&nr_running, 1);
}

struct task_struct *kthread_create(int (*run)(void *arg), void *arg, const char *name, ...)
{
	struct thread *thread = host_zalloc(sizeof(*thread));
	va_list args;

	kref_init(&thread->refs);
	init_completion(&thread->ended);
	thread->run = run;
	thread->arg = arg;
	thread->task.pid = atomic_inc_return(&last_pid);
	va_start(args, name);
	vsnprintf(thread->task.comm, sizeof(thread->task.comm), name, args);
	va_end(args);
	return &thread->task;
}

int wake_up_process(struct task_struct *task)
{
	struct thread *thread = thread_of(task);

	if (__atomic_exchange_n(&thread->started, true, __ATOMIC_ACQ_REL))
		return 0;
	WRITE_ONCE(has_started, true);
	__atomic_add_fetch(&nr_running, 1, __ATOMIC_RELAXED);
	if (host_thread_start(thread_run, thread))
		panic("the host has no thread for %s\n", task->comm);
	return 1;
}

int kthread_stop(struct task_struct *task)
{
	struct thread *thread = thread_of(task);
	int result;

	get_task_struct(task);
	WRITE_ONCE(thread->should_stop, true);
	if (__atomic_exchange_n(&thread->started, true, __ATOMIC_ACQ_REL)) {
		wait_for_completion(&thread->ended);
		result = thread->result;
	} else {
		put_task_struct(task); /* its own */
		result = -EINTR;
	}
	put_task_struct(task);
	return result;
}

bool kthread_should_stop(void)
{
	return READ_ONCE(thread_of(current)->should_stop);
}

bool task_is_alone(void)
{
	return !__atomic_load_n(&nr_running, __ATOMIC_ACQUIRE);
}

bool task_has_started(void)
{
	return READ_ONCE(has_started);
}

unsigned int task_settle(void)
{
	unsigned int nr;

	while ((nr = __atomic_load_n(&nr_running, __ATOMIC_ACQUIRE)))
		if (!host_wait(&nr_running, nr, SETTLE_NS))
			break;
	return nr;
}

void kalloc_thread_gone(void)
{
}
