/* SPDX-License-Identifier: MIT */
/*
 * Virtual CPUs. Each thread is lent a number at its first call, the next in turn
 * (the first thread of a process gets 0), or sets its own with kalloc_set_cpu().
 * A machine of N CPUs takes it modulo N. Two threads may share a CPU: what is
 * per CPU is under a lock of its own.
 */
#ifndef PLAT_CPU_H
#define PLAT_CPU_H

#include "base.h"

extern __thread int cpu_lent __attribute__((tls_model("initial-exec"))); /* -1: none yet */

unsigned int cpu_lend(void);

/* The calling thread's CPU on a machine of @nr_cpus. */
static inline unsigned int cpu_current(unsigned long nr_cpus)
{
	int cpu = cpu_lent;
	unsigned int n = likely(cpu >= 0) ? (unsigned int)cpu : cpu_lend();

	return likely(n < nr_cpus) ? n : (unsigned int)(n % nr_cpus);
}

/* Processors of the host that are online. */
unsigned int cpu_host_count(void);

#endif
