/* SPDX-License-Identifier: MIT */
/* What a queued head is for: a function to call, or for kfree_rcu() an object to free. */
#ifndef KALLOC_KERNEL_RCU_HEAD_H
#define KALLOC_KERNEL_RCU_HEAD_H

#include <linux/mm.h>
#include <linux/types.h>

/* A "function" below this is how far from its object's beginning a head lies. */
#define NR_OFFSETS 4096UL

static inline void head_call(struct rcu_head *head)
{
	unsigned long offset = (unsigned long)head->func;

	if (offset < NR_OFFSETS)
		kvfree((char *)head - offset);
	else
		head->func(head);
}

#endif
