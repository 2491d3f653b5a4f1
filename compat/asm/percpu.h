/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables. All copies of all variables lie in one reservation of address space,
 * a CPU's at kalloc_percpu_stride from those of the CPU before it (core/percpu.c); the
 * addresses that the compiler sees are those of the initial values. No other thread is on
 * the calling thread's CPU, so its copies need no atomic instruction.
 */
#ifndef _ASM_PERCPU_H
#define _ASM_PERCPU_H

#include <asm/smp.h>

extern __thread unsigned long kalloc_percpu_mine;

static inline unsigned long kalloc_percpu_offset(void)
{
	kalloc_cpu();
	return kalloc_percpu_mine;
}

#define __my_cpu_offset kalloc_percpu_offset()

#include <asm-generic/percpu.h>

#endif
