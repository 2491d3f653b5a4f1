/* SPDX-License-Identifier: MIT */
/*
 * Gates of virtual CPUs. As long as one thread is on a CPU there is nobody to keep out. In
 * a program that calls functions on other CPUs there is (core/gate.c, which is linked into
 * such programs only): a thread that begins an atomic section, or disables interrupts, then
 * goes through its CPU's gate, and whoever comes from elsewhere does so, too.
 */
#ifndef _ASM_GATE_H
#define _ASM_GATE_H

/* The first atomic section of the calling thread's begins; the last has ended. */
void kalloc_gate_enter(void) __attribute__((__weak__));
void kalloc_gate_leave(void) __attribute__((__weak__));

/* The same for interrupts that are off, within the other. */
void kalloc_gate_irqs_off(void) __attribute__((__weak__));
void kalloc_gate_irqs_on(void) __attribute__((__weak__));

#define KALLOC_HAS_GATES __builtin_expect(kalloc_gate_enter != (void *)0, 0)

#endif
