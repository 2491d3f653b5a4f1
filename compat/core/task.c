/* SPDX-License-Identifier: MIT */
/*
 * Tasks: a thread of the host is one, with the tree's own struct task_struct, and with a
 * virtual CPU of its own for as long as it lives. So nobody else is ever on its CPU, and
 * what a kernel guards by disabling preemption or interrupts is guarded here.
 *
 * A task that is made starts when it is first woken. Its state word (schedule()) is what
 * it sleeps on.
 */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <kalloc/kalloc.h>

#include "core.h"
#include "interrupt.h"

__thread struct task_struct *kalloc_current_task;
__thread int kalloc_current_cpu = -1;

/* What else there is to do, where CPUs have gates (gate.c). */
void gate_arrive(void) __weak;
void gate_depart(void) __weak;

struct task_struct init_task = {
	.__state = TASK_RUNNING,
	.usage = REFCOUNT_INIT(2),
	.comm = "main",
	.pid = 1,
	.tgid = 1,
	.group_leader = &init_task,
	.cpus_ptr = &init_task.cpus_mask,
	.nr_cpus_allowed = NR_CPUS,
};
EXPORT_SYMBOL(init_task);

/* What a task runs; behind its struct task_struct. */
struct own {
	struct task_struct task;
	int (*run)(void *arg);
	void *arg;
};

static atomic_t last_pid = ATOMIC_INIT(1);
static atomic_t nr_running = ATOMIC_INIT(0); /* kernel threads of the program's */
static atomic_t nr_tasks = ATOMIC_INIT(0);   /* all that run but the first */
static bool has_started;
static unsigned int nr_ending; /* tasks that are about to end */
static arch_spinlock_t cpus_lock = __ARCH_SPIN_LOCK_UNLOCKED;
static unsigned long cpus_taken[BITS_TO_LONGS(NR_CPUS)];

/* Not as other locks are: who takes it may have no CPU. */
static unsigned long cpus_hold(void)
{
	unsigned long flags;

	local_irq_save(flags);
	arch_spin_lock(&cpus_lock);
	return flags;
}

static void cpus_release(unsigned long flags)
{
	arch_spin_unlock(&cpus_lock);
	local_irq_restore(flags);
}

/* The lowest number that nobody has, so that few CPUs are touched. */
static int cpu_take(void)
{
	unsigned long flags = cpus_hold();
	unsigned int cpu = find_first_zero_bit(cpus_taken, NR_CPUS);

	if (cpu < NR_CPUS)
		__set_bit(cpu, cpus_taken);
	cpus_release(flags);
	if (cpu >= NR_CPUS)
		return -EAGAIN;
	set_cpu_online(cpu, true);
	return (int)cpu;
}

static void cpu_give(int cpu)
{
	unsigned long flags = cpus_hold();

	__clear_bit(cpu, cpus_taken);
	cpus_release(flags);
}

/* @task is the calling thread's. */
void task_on_cpu(struct task_struct *task, int cpu)
{
	kalloc_percpu_mine = __per_cpu_offset[cpu];
	task->thread_info.cpu = (unsigned int)cpu;
	kalloc_set_cpu(cpu);
	kalloc_current_cpu = cpu;
}

static void task_enter(struct task_struct *task, int cpu)
{
	kalloc_current_task = task;
	task_on_cpu(task, cpu);
	task->on_cpu = 1;
	strscpy(kalloc_task()->comm, task->comm, sizeof(kalloc_task()->comm));
	if (gate_arrive)
		gate_arrive();
}

static struct own *own_make(const char *comm)
{
	struct own *own = host_zalloc(sizeof(*own));
	struct task_struct *task = &own->task;

	refcount_set(&task->usage, 1);
	task->flags = PF_KTHREAD;
	task->pid = task->tgid = atomic_inc_return(&last_pid);
	task->group_leader = task;
	task->cpus_ptr = &task->cpus_mask;
	cpumask_setall(&task->cpus_mask);
	task->nr_cpus_allowed = NR_CPUS;
	raw_spin_lock_init(&task->pi_lock);
	spin_lock_init(&task->alloc_lock);
	INIT_LIST_HEAD(&task->tasks);
	strscpy(task->comm, comm, sizeof(task->comm));
	return own;
}

void task_boot(void)
{
	cpumask_setall(&init_task.cpus_mask);
	raw_spin_lock_init(&init_task.pi_lock);
	spin_lock_init(&init_task.alloc_lock);
	task_enter(&init_task, cpu_take());
}

/* A thread of the host's asks who it is: it was made by neither main() nor task_make(). */
struct task_struct *kalloc_task_adopt(void)
{
	int cpu = cpu_take();

	if (cpu < 0) {
		host_print("kalloc: more threads than CPUs\n", 31);
		host_abort();
	}
	task_enter(&own_make("host")->task, cpu);
	WRITE_ONCE(has_started, true);
	atomic_inc(&nr_tasks);
	fault_join();
	host_thread_watch();
	return current;
}

/* Leave the CPU to the next thread. */
static void task_leave(struct task_struct *task)
{
	int cpu = kalloc_current_cpu;

	if (gate_depart)
		gate_depart();
	put_task_struct(task);
	kalloc_current_task = NULL;
	kalloc_current_cpu = -1;
	kalloc_set_cpu(-1);
	cpu_give(cpu);
}

void kalloc_thread_gone(void)
{
	if (kalloc_current_task) {
		task_leave(kalloc_current_task);
		atomic_dec(&nr_tasks);
	}
}

bool task_is_alone(void)
{
	return !atomic_read(&nr_tasks);
}

bool task_has_started(void)
{
	return READ_ONCE(has_started);
}

static void task_ended(void)
{
	unsigned int left;

	atomic_dec(&nr_tasks);
	left = __atomic_sub_fetch(&nr_ending, 1, __ATOMIC_SEQ_CST);
	if (!left)
		host_wake(&nr_ending, INT_MAX);
}

static void task_main(void *arg)
{
	struct own *own = arg;

	task_enter(&own->task, (int)own->task.thread_info.cpu);
	fault_join();
	do_exit(own->run(own->arg));
}

/* Begin to run a task that has only been made. */
void task_start(struct task_struct *task)
{
	WRITE_ONCE(has_started, true);
	atomic_inc(&nr_tasks);
	if (task->worker_private)
		atomic_inc(&nr_running);
	if (host_thread_start(task_main, container_of(task, struct own, task)))
		panic("kalloc: the host starts no thread");
}

struct task_struct *task_make_on(int cpu, int (*run)(void *arg), void *arg, const char *comm)
{
	struct own *own = own_make(comm);

	own->run = run;
	own->arg = arg;
	own->task.thread_info.cpu = (unsigned int)cpu;
	own->task.__state = TASK_NEW;
	return &own->task;
}

struct task_struct *task_make(int (*run)(void *arg), void *arg, const char *comm)
{
	int cpu = cpu_take();

	return cpu < 0 ? NULL : task_make_on(cpu, run, arg, comm);
}

/* A task that ends goes to sleep for good, which it must not in an atomic section. */
static void exit_check(const struct task_struct *task)
{
	if (likely(!preempt_count() && !irqs_disabled()))
		return;
	WARN(1, "BUG: scheduling while atomic: %s/%d/0x%08x ends with interrupts %s\n", task->comm,
	     task->pid, preempt_count(), irqs_disabled() ? "off" : "on");
	context_clear();
}

void __noreturn do_exit(long code)
{
	struct task_struct *task = current;

	exit_check(task);
	__atomic_add_fetch(&nr_ending, 1, __ATOMIC_SEQ_CST);
	task->flags |= PF_EXITING;
	task->exit_code = (int)code;
	if (task->vfork_done) {
		struct completion *done = task->vfork_done;

		task->vfork_done = NULL;
		complete(done);
	}
	WRITE_ONCE(task->__state, TASK_DEAD);
	if (task->worker_private)
		atomic_dec(&nr_running);
	task_leave(task);
	task_ended();
	host_thread_exit();
}

void __put_task_struct(struct task_struct *task)
{
	if (task->flags & PF_KTHREAD)
		free_kthread_struct(task);
	host_free(container_of(task, struct own, task));
}

void __put_task_struct_rcu_cb(struct rcu_head *head)
{
	__put_task_struct(container_of(head, struct task_struct, rcu));
}

/* For how long a thread that has told of its end may need to come to it. */
#define SETTLE_NS (2 * 1000 * 1000 * 1000ULL)

unsigned int task_settle(void)
{
	unsigned long long end = host_clock() + SETTLE_NS;
	unsigned int round, ending;

	for (round = 0; atomic_read(&nr_running) && host_clock() < end; round++)
		host_relax(round);
	while ((ending = __atomic_load_n(&nr_ending, __ATOMIC_SEQ_CST)))
		host_wait(&nr_ending, ending, -1);
	return (unsigned int)atomic_read(&nr_running);
}
