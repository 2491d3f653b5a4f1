/* SPDX-License-Identifier: MIT */
/* A task with memory of its own, for the OOM policy "kill" to choose from. */
#ifndef SCENARIO_OOM_TASK_H
#define SCENARIO_OOM_TASK_H

#include <stdbool.h>

#include <kalloc/reclaim.h>

struct oom_task {
	struct kalloc_oom_task task;
	struct page **pages; /* what it has; task.nr_pages of them */
	bool killed;
};

/* A task that has as many of @nr frames as there are. @name: cut to 15 bytes. */
struct oom_task *oom_task_create(const char *name, int pid, unsigned long nr, short adj);

/* The task ends by itself. The object stays. */
void oom_task_give_back(struct oom_task *task);

void oom_task_fini(struct oom_task *task);

#endif
