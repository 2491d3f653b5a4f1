/* SPDX-License-Identifier: MIT */
/*
 * The tree's. What is queued for a CPU goes by other names: a program that has them is
 * linked with what lets several threads be on one CPU (core/gate.c).
 */
#include_next <linux/workqueue.h>

#ifndef KALLOC_WORKQUEUE_H
#define KALLOC_WORKQUEUE_H

bool kalloc_queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
bool kalloc_queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
				  unsigned long delay);
bool kalloc_mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
				unsigned long delay);

#define KALLOC_ANY_CPU(cpu) (__builtin_constant_p(cpu) && (cpu) == WORK_CPU_UNBOUND)

#define queue_work_on(cpu, wq, work)                                \
	(KALLOC_ANY_CPU(cpu) ? (queue_work_on)((cpu), (wq), (work)) \
			     : kalloc_queue_work_on((cpu), (wq), (work)))
#define queue_delayed_work_on(cpu, wq, work, delay)                                  \
	(KALLOC_ANY_CPU(cpu) ? (queue_delayed_work_on)((cpu), (wq), (work), (delay)) \
			     : kalloc_queue_delayed_work_on((cpu), (wq), (work), (delay)))
#define mod_delayed_work_on(cpu, wq, work, delay)                                  \
	(KALLOC_ANY_CPU(cpu) ? (mod_delayed_work_on)((cpu), (wq), (work), (delay)) \
			     : kalloc_mod_delayed_work_on((cpu), (wq), (work), (delay)))
#define schedule_work_on(cpu, work) queue_work_on((cpu), system_wq, (work))
#define schedule_delayed_work_on(cpu, work, delay) \
	queue_delayed_work_on((cpu), system_wq, (work), (delay))

#endif
