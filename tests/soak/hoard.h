/* SPDX-License-Identifier: MIT */
/*
 * A hoard: a task that takes one page after the other, until it has had enough, is told
 * that there is none, or is killed by the OOM policy. A killed task starts again.
 *
 * Lock: `lock` protects the list; kill() takes it, so it is not held over an allocation.
 */
#ifndef SOAK_HOARD_H
#define SOAK_HOARD_H

#include <pthread.h>

#include <kalloc/reclaim.h>

struct hoard {
	struct kalloc_oom_task task;
	pthread_mutex_t lock;
	struct list_head pages;
	unsigned long nr_refused, nr_killed;
};

void hoard_init(struct hoard *hoard, int pid);
void hoard_fini(struct hoard *hoard);

/* Take up to @most pages and free them all. */
void hoard_step(struct hoard *hoard, unsigned long most, gfp_t gfp);

#endif
