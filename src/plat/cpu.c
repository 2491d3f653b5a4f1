/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <kalloc/kalloc.h>
#include <unistd.h>

#include "cpu.h"

__thread int cpu_lent __attribute__((tls_model("initial-exec"))) = -1;

static unsigned int cpu_next;

unsigned int cpu_lend(void)
{
	unsigned int n = __atomic_fetch_add(&cpu_next, 1, __ATOMIC_RELAXED);

	cpu_lent = (int)(n & 0x3fffffff);
	return (unsigned int)cpu_lent;
}

unsigned int cpu_host_count(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (unsigned int)n : 1;
}

int kalloc_set_cpu(int cpu)
{
	int was = cpu_lent;

	cpu_lent = cpu < 0 ? -1 : cpu;
	return was;
}
