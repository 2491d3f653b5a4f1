/* SPDX-License-Identifier: MIT */
#ifndef _ASM_THREAD_INFO_H
#define _ASM_THREAD_INFO_H

#include <asm/page.h>
#include <asm/current.h>

#define THREAD_SIZE_ORDER 2
#define THREAD_SIZE	  (PAGE_SIZE << THREAD_SIZE_ORDER)

/* What a struct task_struct begins with. */
struct thread_info {
	unsigned long flags;
	unsigned int cpu;
	int preempt_count; /* not used: it is in the allocation context */
};

#define INIT_THREAD_INFO(task) \
	{                      \
		0              \
	}

#define TIF_SIGPENDING	    0
#define TIF_NOTIFY_SIGNAL   1
#define TIF_NEED_RESCHED    2
#define TIF_NOTIFY_RESUME   3
#define TIF_MEMDIE	    4
#define TIF_POLLING_NRFLAG  5
#define TIF_RESTORE_SIGMASK 6
#define TIF_UPROBE	    7

#define _TIF_SIGPENDING	    (1 << TIF_SIGPENDING)
#define _TIF_NOTIFY_SIGNAL  (1 << TIF_NOTIFY_SIGNAL)
#define _TIF_NEED_RESCHED   (1 << TIF_NEED_RESCHED)
#define _TIF_NOTIFY_RESUME  (1 << TIF_NOTIFY_RESUME)
#define _TIF_POLLING_NRFLAG (1 << TIF_POLLING_NRFLAG)

#endif
