/* SPDX-License-Identifier: MIT */
/*
 * Gates of virtual CPUs. As long as one thread is on a CPU there is nobody to keep out. In
 * a program that calls functions on other CPUs there is (core/gate.c, which is linked into
 * such programs only): a thread that begins an atomic section, or disables interrupts, then
 * goes through its CPU's gate, and whoever comes from elsewhere does so, too.
 */
#ifndef _ASM_GATE_H
#define _ASM_GATE_H

#include <kalloc/kernel/host.h>

/* The first atomic section of the calling thread's begins; the last has ended. */
void kalloc_gate_enter(void) __attribute__((__weak__));
void kalloc_gate_leave(void) __attribute__((__weak__));

/* The same for interrupts that are off, within the other. */
void kalloc_gate_irqs_off(void) __attribute__((__weak__));
void kalloc_gate_irqs_on(void) __attribute__((__weak__));

#define KALLOC_HAS_GATES __builtin_expect(kalloc_gate_enter != (void *)0, 0)

/*
 * The calling thread is in an atomic section, and so a reader of RCU's, as in a kernel: what
 * rcu_read_lock_bh(), rcu_read_lock_sched() and locks that spin keep is kept. Who waits at
 * the gate is not one yet.
 */
static inline void kalloc_section_begin(void)
{
	if (KALLOC_HAS_GATES)
		kalloc_gate_enter();
	host_section_begin();
}

static inline void kalloc_section_end(void)
{
	host_section_end();
	if (KALLOC_HAS_GATES)
		kalloc_gate_leave();
}

#endif
