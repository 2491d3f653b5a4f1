/* SPDX-License-Identifier: MIT */
/*
 * What runs on a CPU that another thread may be on: see gate.c. A program that uses none
 * of this is linked without it.
 */
#ifndef KALLOC_KERNEL_GATE_H
#define KALLOC_KERNEL_GATE_H

#include <linux/types.h>

/* A program that calls it is linked with gates. It does nothing else. */
void gates_need(void);

/* Be on @cpu from here on, outside of atomic sections. Return: the CPU that it was on. */
int cpu_move(int cpu);

/* Keep all threads out of atomic sections, or let them in again. May sleep. */
void gates_close(void);
void gates_open(void);

/*
 * For a thread that is on a CPU which is not its own, and always in atomic context: be so
 * from here on, with interrupts off and @count as preemption count, whoever has the locks.
 */
void context_force(unsigned int count);

/* Such a thread, which is an interrupt of its CPU's (HARDIRQ_OFFSET), comes in, and goes. */
void gate_interrupt_begin(void);
void gate_interrupt_end(void);

/* Such a thread acts as the one that holds its CPU's lock of interrupts, while gates are closed. */
void gate_lend(bool lent);

#endif
