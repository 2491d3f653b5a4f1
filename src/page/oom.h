/* SPDX-License-Identifier: MIT */
/*
 * Out of memory: what happens when nothing can be reclaimed for a request that is
 * too small to fail. First the notifiers are asked to free something; then the policy
 * of the machine decides (kalloc.oom=):
 *
 *	kill	end the registered task of the highest badness (its pages plus
 *		oom_score_adj thousandths of the machine); without one, panic
 *	panic	print the kernel's report and stop the process
 *	fail	print the report; the request fails. The default.
 *
 * A request without __GFP_FS does not reach the policy in Linux, which lets it try
 * again for ever; here it fails after OOM_MAX_ROUNDS rounds without progress.
 *
 * Differs from Linux 6.1: there the policies are vm.panic_on_oom and what the kernel
 * always does, kill; failing is ours, and its report obeys __GFP_NOWARN and comes at
 * most once in 10 s. A killed task has ended when its kill() returns, so that the next
 * call may choose another one. Who finds another thread in here waits for it (at most
 * WAIT_MS), instead of trying again a tick later.
 *
 * Lock: `lock` protects the tasks, the notifiers and the fields that say who is in.
 * `owner` lets one thread at a time in; callbacks are made without the lock, with
 * `calling` naming the object whose callback it is: nobody but the owner's own
 * callback may take that object away meanwhile. `next` is the notifier to call after
 * it, moved on if that one is taken away.
 *
 * Source: Linux 6.1 mm/oom_kill.c, kernel/notifier.c.
 */
#ifndef PAGE_OOM_H
#define PAGE_OOM_H

#include <kalloc/reclaim.h>

#include "plat.h"
#include "task.h"

#define OOM_MAX_ROUNDS 16

struct oom {
	struct lock lock;
	struct list_head tasks; /* oldest first */
	struct notifier_block *notifiers;
	struct notifier_block *next;
	const struct kalloc_task *owner; /* NULL: nobody is in */
	const void *calling;
	struct waitq idle;	/* for the owner to leave, or a callback to end */
	struct ratelimit limit; /* of the reports of policy fail */
};

struct alloc_request;

void oom_init(struct oom *oom);

/* In the child of a fork: whoever was in here, another thread, does not exist. */
void oom_forget_run(struct oom *oom);

/*
 * Return: true if memory may have become free and the request should go on; false if
 * the policy says that it fails.
 */
bool oom_handle(const struct alloc_request *req);

/* What a task is chosen by, for a machine of @totalpages frames and swap slots. Pure. */
long oom_badness(const struct kalloc_oom_task *task, unsigned long totalpages);

#endif
