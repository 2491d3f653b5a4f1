/* SPDX-License-Identifier: MIT */
/* References to a thread, for who looks at one that may have ended by itself. */
#ifndef _LINUX_SCHED_TASK_H
#define _LINUX_SCHED_TASK_H

#include <linux/sched.h>

struct task_struct *get_task_struct(struct task_struct *task);
void put_task_struct(struct task_struct *task);

#endif
