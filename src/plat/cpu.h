/* SPDX-License-Identifier: MIT */
/*
 * Virtual CPUs. Each thread is lent a number at its first call, the next in turn
 * (the first thread of a process gets 0), or sets its own with kalloc_set_cpu().
 * A machine of N CPUs takes it modulo N. Two threads may share a CPU: who may use
 * what is per CPU is settled by percpu.h.
 *
 * Rows. What nobody can tell apart by CPU is kept once for each host CPU instead: a
 * table has a row of CPU_ROW_BYTES for each, and a thread remembers where the row
 * begins that it used last, which percpu.h then finds right or not. A process of one
 * thread uses the first row wherever it runs, so that it does the same in every run.
 */
#ifndef PLAT_CPU_H
#define PLAT_CPU_H

#include "base.h"
#include "self.h"

unsigned int cpu_lend(void);

/* The calling thread's CPU on a machine of @nr_cpus. */
static inline unsigned int cpu_current(unsigned long nr_cpus)
{
	int cpu = kalloc_self.cpu;
	unsigned int n = likely(cpu >= 0) ? (unsigned int)cpu : cpu_lend();

	return likely(n < nr_cpus) ? n : (unsigned int)(n % nr_cpus);
}

/* Whether more than one thread has asked for a CPU. */
bool cpu_many_threads(void);

/* Processors of the host that were online at the first call. */
unsigned int cpu_host_count(void);

/* Bytes of a row. Rows of like tables do not fall on the same lines of a cache. */
#define CPU_ROW_LINES 65536
#define CPU_ROW_BYTES ((CPU_ROW_LINES + 65) * 64UL)

/* Rows of a table: one for each CPU that the host may ever have. */
unsigned int cpu_rows(void);

/* Where the row begins, in bytes from the table's start, that was found last. */
static inline size_t cpu_row(void)
{
	return kalloc_self.row;
}

/* Look again which row is the calling thread's. Return: true if it is another one. */
bool cpu_row_again(void);

#endif
