/* SPDX-License-Identifier: MIT */
/* The calling thread, as kernel sources know it. */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

struct task_struct;

extern __thread struct task_struct *kalloc_current_task;

/* Makes one for a thread that the kernel layer has not made itself. */
struct task_struct *kalloc_task_adopt(void);

static inline __attribute__((__always_inline__)) struct task_struct *get_current(void)
{
	struct task_struct *task = kalloc_current_task;

	return __builtin_expect(task != (void *)0, 1) ? task : kalloc_task_adopt();
}

#define current get_current()

#endif
