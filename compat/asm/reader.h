/* SPDX-License-Identifier: MIT */
/*
 * Sections of RCU's readers. How deep in them a thread is stands in its allocation context too,
 * as far as that counts: a reader may be preempted and must not sleep, in an allocation either.
 */
#ifndef _ASM_READER_H
#define _ASM_READER_H

#include <kalloc/context.h>
#include <kalloc/kernel/host.h>

#define KALLOC_RCU_MOST (KALLOC_RCU_MASK / KALLOC_RCU_COUNT)

static inline void kalloc_reader_begin(void)
{
	if (host_rcu_read_lock() <= KALLOC_RCU_MOST)
		kalloc_task()->preempt_count += KALLOC_RCU_COUNT;
}

static inline void kalloc_reader_end(void)
{
	if (host_rcu_read_unlock() < KALLOC_RCU_MOST)
		kalloc_task()->preempt_count -= KALLOC_RCU_COUNT;
}

#endif
