/* SPDX-License-Identifier: MIT */
/*
 * Items of work (workqueue.c). Whoever set an item's PENDING bit has it for himself until he
 * hands it over or drops the bit.
 */
#ifndef KALLOC_KERNEL_WORK_H
#define KALLOC_KERNEL_WORK_H

#include <linux/timer.h>
#include <linux/workqueue.h>

/* Somebody who cancels the item holds PENDING: the kernel's bit for another thing. */
#define WORK_CANCELING_BIT WORK_STRUCT_INACTIVE_BIT

/* Set PENDING. Return: false if it was. */
bool work_claim(struct work_struct *work);

/* Let others queue it. */
void work_drop(struct work_struct *work);

bool work_is_running(struct work_struct *work);

/* What is to be called for the delayed work whose timer @timer is. */
const void *delayed_work_function(const struct timer_list *timer);

/* The name of the queue whose work the caller does; NULL: of none. */
const char *worker_name(void);

/*
 * Take PENDING. Return: 1 if the item was queued, or @timer was set, which would queue it (NULL:
 * there is none); 0 if not; -EAGAIN: it is on the way there; -ENOENT: somebody else cancels it.
 */
int work_grab(struct work_struct *work, struct timer_list *timer);

/* Where what the caller queues now for @cpu is to be done: a CPU, or WORK_CPU_UNBOUND. */
int work_choose(int cpu, const struct workqueue_struct *wq);

/* Queue an item whose PENDING the caller holds. */
void work_insert(int cpu, struct workqueue_struct *wq, struct work_struct *work);

/* Return: whether it was queued, or @timer set; the second waits until it does not run. */
bool work_cancel(struct work_struct *work, struct timer_list *timer);
bool work_cancel_sync(struct work_struct *work, struct timer_list *timer);

#endif
