/* SPDX-License-Identifier: MIT */
/*
 * Wait queues and completions: the tree's own files, which are not complete without what
 * kernel/sched/sched.h says.
 */
#include <linux/bitops.h>
#include <linux/uaccess.h>
#include <linux/completion.h>
#include <linux/eventpoll.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/mm.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/swait.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>
#include <uapi/linux/eventpoll.h>
#include <asm/poll.h>

#include "core.h"

#define WF_SYNC	       0x10
#define WF_CURRENT_CPU 0x40

void swake_up_all_locked(struct swait_queue_head *q);
void __prepare_to_swait(struct swait_queue_head *q, struct swait_queue *wait);

#include <kernel/sched/swait.c>
#include <kernel/sched/wait.c>
#include <kernel/sched/wait_bit.c>
#include <kernel/sched/completion.c>

/* The queues of those who wait for a bit. */
void wait_boot(void)
{
	wait_bit_init();
}
