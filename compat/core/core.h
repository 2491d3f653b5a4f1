/* SPDX-License-Identifier: MIT */
/* What the kernel side's files have of each other. */
#ifndef KALLOC_KERNEL_CORE_H
#define KALLOC_KERNEL_CORE_H

#include <linux/types.h>
#include <kalloc/kernel/host.h>

struct cpumask;
struct task_struct;
struct timer_list;

/* Return: how many calls of init failed, those apart that do not want to stay. */
unsigned int calls_init(void);
void calls_exit(void);

void percpu_boot(void);
long percpu_live(void);

void task_boot(void);
/* A thread that will run @run(@arg) as @comm when it is first woken. NULL: out of CPUs. */
struct task_struct *task_make(int (*run)(void *arg), void *arg, const char *comm);
/* The same, as one that never ends, on a CPU that is not its own (gate.c). */
struct task_struct *task_make_on(int cpu, int (*run)(void *arg), void *arg, const char *comm);
/* Wake @task if its state is one of @states. Return: 1 if it was. */
int try_to_wake_up(struct task_struct *task, unsigned int states, int flags);

/* Let @task, which is the caller's, be on @cpu. */
void task_on_cpu(struct task_struct *task, int cpu);

/* Begin to run it. */
void task_start(struct task_struct *task);
/* Wait until all threads that have ended are gone. Return: how many run on. */
unsigned int task_settle(void);

/* Go where the caller's mask of CPUs allows. */
void cpu_follow_mask(void);

/* The tree's, behind those of bind.c. */
void tree_kthread_bind(struct task_struct *task, unsigned int cpu);
void tree_kthread_bind_mask(struct task_struct *task, const struct cpumask *mask);
struct task_struct *tree_kthread_create_on_cpu(int (*run)(void *arg), void *arg, unsigned int cpu,
					       const char *format);

/* See to it that reports on caches are counted by the test that wants to have them. */
void slab_boot(void);

/* Have @timer expire on @cpu, where CPUs have gates. */
void timer_add_on(struct timer_list *timer, int cpu);

void wait_boot(void);

/* Whether no other thread of the layer's or the program's runs; whether one ever did. */
bool task_is_alone(void);
bool task_has_started(void);

/*
 * Have callbacks of RCU called by whoever runs, as long as that is the only task, and not by
 * a task of their own; call them, if the caller's context allows it.
 */
extern bool rcu_by_caller;
void rcu_call(void);

/* Then, if it is set, called where that is done: in no atomic section, and none of RCU. */
extern void (*rcu_at_rest)(void);

/* Say whether the @nr-th request for memory is to fail, counted from 1. */
typedef bool fault_chooser(unsigned int nr);

/*
 * Count requests from here on, and let @choose say which fail; a thread that begins joins.
 * fault_end() returns how many there were.
 */
void fault_begin(fault_chooser *choose);
void fault_join(void);
unsigned int fault_end(void);

/*
 * A request of whoever @caller returns to, for memory that is not of a machine. Return: whether
 * it is to fail.
 */
bool fault_strikes(gfp_t gfp, unsigned long caller);
/* Who makes the request that a chooser is called for. Return: how many entries, at most @most. */
unsigned int fault_stack(unsigned long *entries, unsigned int most);

/* One that fails: --fail-nth. */
void fault_begin_nth(unsigned int nth);
void fault_end_nth(void);

/*
 * All of them, in copies of the process: sweep.c. @seconds: that one may take; 0: as long as
 * is said there. sweep_end(), which is told how much more is left than should be, returns in
 * one process only, and whether all survived.
 */
void sweep_begin(unsigned int every, unsigned int nr_jobs, unsigned int seconds);
void sweep_requests_end(void);
bool sweep_end(long live);

void smp_boot(void);
void gate_arrive(void);
void gate_depart(void);
void ipi_boot(void);
void kthread_boot(void);
void workqueue_boot(void);
void srcu_boot(void);
void srcu_settle(void); /* wait for callbacks */
/* --cat and --write, in order. Return: false if one could not be done. */
bool files_do(int argc, char **argv);
void workqueue_settle(void);
/* The caller, who does work of a queue, is about to sleep: others may have to do the rest. */
void worker_sleeps(void);

/* Who allocated what is left, by kind and call stack: sites.c. Nothing before sites_begin(). */
extern const char sites_frames[], sites_areas[], sites_percpu[];
void sites_begin(void);
void sites_end(void);
/* @at is allocated, as @kind, by whoever @caller returns to; 0: by who called the library. */
void sites_take(const void *kind, const void *at, size_t bytes, unsigned long caller);
/* The call stack from @caller on, as there. Return: how many entries, at most @most. */
unsigned int sites_stack(unsigned long *entries, unsigned int most, unsigned long caller);
void sites_drop(const void *at);
/* Tell the sites of @kind, or if it is NULL, of the cache of that name. */
void sites_tell(const void *kind, const char *cache);

/* A file of the machine's as text, to be freed by host_free(); NULL if there is none. */
char *live_file(const char *path);

/* Tell what is pending still, by its function. Return: how many those are. */
long timers_tell(void);
long hrtimers_tell(void);

/* Note what is allocated; tell what has come since. Return: how much that is. */
void live_boot(void);
long live_report(void);

/* Print errors and warnings only; nothing, and not even format it. */
extern bool printk_quiet, printk_mute;

/* What is printed past printk() begins a line of its own. */
void printk_line_end(void);

/* Who calls; inline, so that the first line is whose function it is in. */
static __always_inline void stack_print(void)
{
	printk_line_end();
	host_backtrace();
}

/* Count a warning; the first few are followed by a call stack. */
void warn_count(void);

/* Warnings seen; KUnit's cases that passed, and that failed; its suites that did. */
extern atomic_t warns_seen, kunit_passed, kunit_failed, suites_failed;

#endif
