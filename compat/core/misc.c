/* SPDX-License-Identifier: MIT */
/* Single functions that kernel code calls and that mean little here. */
#include <linux/bottom_half.h>
#include <linux/device.h>
#include <linux/fwnode.h>
#include <linux/jump_label.h>
#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pipe_fs_i.h>
#include <linux/preempt.h>
#include <linux/property.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core.h"

bool static_key_initialized = true;

/* --- softirqs: a depth, and no handlers -------------------------------------- */

void __local_bh_enable_ip(unsigned long ip, unsigned int count)
{
	preempt_count_sub(count);
}

void _local_bh_enable(void)
{
	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
}

/* --- tasks -------------------------------------------------------------------- */

void __set_task_comm(struct task_struct *task, const char *from, bool exec)
{
	strscpy(task->comm, from, sizeof(task->comm));
	if (task == current)
		strscpy(kalloc_task()->comm, from, sizeof(kalloc_task()->comm));
}

char *__get_task_comm(char *to, size_t len, struct task_struct *task)
{
	strscpy(to, task->comm, len);
	return to;
}

void ignore_signals(struct task_struct *task)
{
}

void flush_signals(struct task_struct *task)
{
}

/* --- strings that may be constants ---------------------------------------------- */

const char *kstrdup_const(const char *s, gfp_t gfp)
{
	return kstrdup(s, gfp);
}

void kfree_const(const void *s)
{
	kfree(s);
}

/* --- pipes: there are none ------------------------------------------------------- */

const struct pipe_buf_operations default_pipe_buf_ops, page_cache_pipe_buf_ops;

/* --- the mutex's notice of I/O -------------------------------------------------- */

int io_schedule_prepare(void)
{
	return 0;
}

void io_schedule_finish(int token)
{
}

/* --- firmware nodes: there are none --------------------------------------------- */

unsigned int fwnode_count_parents(const struct fwnode_handle *node)
{
	return 0;
}

struct fwnode_handle *fwnode_get_nth_parent(struct fwnode_handle *node, unsigned int depth)
{
	return NULL;
}

const char *fwnode_get_name(const struct fwnode_handle *node)
{
	return NULL;
}

const char *fwnode_get_name_prefix(const struct fwnode_handle *node)
{
	return NULL;
}

/* What program.lds calls by names that are inline functions in some versions. */
void kalloc_nothing(void);

void kalloc_nothing(void)
{
}
