/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <kalloc/kalloc.h>
#include <unistd.h>

#include "cpu.h"
#include "rseq.h"

static unsigned int cpu_next;
static unsigned int nr_threads;

bool cpu_many_threads(void)
{
	return READ_ONCE(nr_threads) > 1;
}

unsigned int cpu_lend(void)
{
	unsigned int n = __atomic_fetch_add(&cpu_next, 1, __ATOMIC_RELAXED);

	kalloc_self.cpu = (int)(n & 0x3fffffff);
	if (!kalloc_self.is_counted)
		__atomic_fetch_add(&nr_threads, 1, __ATOMIC_RELAXED);
	kalloc_self.is_counted = true;
	return (unsigned int)kalloc_self.cpu;
}

/* What the host says, which takes it a file to read, is asked once. */
static unsigned int count_once(unsigned int *known, int name)
{
	unsigned int count = READ_ONCE(*known);

	if (unlikely(!count)) {
		long n = sysconf(name);

		count = n > 0 ? (unsigned int)n : 1;
		WRITE_ONCE(*known, count);
	}
	return count;
}

unsigned int cpu_host_count(void)
{
	static unsigned int known;

	return count_once(&known, _SC_NPROCESSORS_ONLN);
}

unsigned int cpu_rows(void)
{
	static unsigned int known;

	return count_once(&known, _SC_NPROCESSORS_CONF);
}

bool cpu_row_again(void)
{
	size_t before = kalloc_self.row;
	unsigned int lent = cpu_current(~0UL);
	bool follows = cpu_many_threads() && !kalloc_self.cpu_is_set;
	int host = rseq_cpu(); /* which gives the thread its area, if nothing else */

	kalloc_self.row =
		(follows && host >= 0 ? (unsigned int)host : lent) % cpu_rows() * CPU_ROW_BYTES;
	return kalloc_self.row != before;
}

int kalloc_set_cpu(int cpu)
{
	int was = kalloc_self.cpu;

	kalloc_self.cpu = cpu < 0 ? -1 : cpu;
	kalloc_self.cpu_is_set = cpu >= 0;
	if (cpu >= 0 && !kalloc_self.is_counted) {
		__atomic_fetch_add(&nr_threads, 1, __ATOMIC_RELAXED);
		kalloc_self.is_counted = true;
	}
	if (cpu >= 0)
		cpu_row_again();
	return was;
}
