/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"
#include "oom_task.h"

static void free_pages_of(struct oom_task *task)
{
	while (task->task.nr_pages)
		__free_page(task->pages[--task->task.nr_pages]);
}

static void kill(struct kalloc_oom_task *task)
{
	struct oom_task *killed = (struct oom_task *)task;

	free_pages_of(killed);
	killed->killed = true;
}

struct oom_task *oom_task_create(const char *name, int pid, unsigned long nr, short adj)
{
	struct oom_task *task = memory_new(1, sizeof(*task));

	task->task = (struct kalloc_oom_task){ .pid = pid, .oom_score_adj = adj, .kill = kill };
	snprintf(task->task.comm, sizeof(task->task.comm), "%s", name);
	task->pages = memory_new(nr, sizeof(struct page *));
	while (task->task.nr_pages < nr) {
		struct page *page = alloc_page(GFP_HIGHUSER | __GFP_NORETRY | __GFP_NOWARN);

		if (!page)
			break;
		task->pages[task->task.nr_pages++] = page;
	}
	kalloc_oom_add(&task->task);
	return task;
}

void oom_task_give_back(struct oom_task *task)
{
	kalloc_oom_del(&task->task);
	free_pages_of(task);
}

void oom_task_fini(struct oom_task *task)
{
	free(task->pages);
	free(task);
}
