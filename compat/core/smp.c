/* SPDX-License-Identifier: MIT */
/* Which CPUs there are. */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/nodemask.h>
#include <linux/smp.h>

#include "core.h"

#if NR_CPUS > BITS_PER_LONG
#error "core/smp.c has masks of one word"
#endif

struct cpumask __cpu_possible_mask = { CPU_BITS_ALL };
struct cpumask __cpu_online_mask;
struct cpumask __cpu_present_mask = { CPU_BITS_ALL };
struct cpumask __cpu_active_mask = { CPU_BITS_ALL };
struct cpumask __cpu_dying_mask;
struct cpumask __cpu_enabled_mask = { CPU_BITS_ALL };
atomic_t __num_online_cpus;
const unsigned long cpu_bit_bitmap[BITS_PER_LONG + 1][BITS_TO_LONGS(NR_CPUS)] = {
#define ROW(n) [(n) + 1][0] = 1UL << (n)
#define ROWS(n)                                                                       \
	ROW(n), ROW((n) + 1), ROW((n) + 2), ROW((n) + 3), ROW((n) + 4), ROW((n) + 5), \
		ROW((n) + 6), ROW((n) + 7)
	ROWS(0), ROWS(8), ROWS(16), ROWS(24), ROWS(32), ROWS(40), ROWS(48), ROWS(56),
};
const DECLARE_BITMAP(cpu_all_bits, NR_CPUS) = CPU_BITS_ALL;
int __boot_cpu_id; /* main()'s */
bool early_boot_irqs_disabled;

nodemask_t node_states[NR_NODE_STATES] = {
	[0 ... NR_NODE_STATES - 1] = { { [0] = 1UL } },
};

void smp_boot(void)
{
	unsigned int cpu, nr = min_t(unsigned int, host_nr_cpus(), NR_CPUS);

	for (cpu = 0; cpu < nr; cpu++)
		set_cpu_online(cpu, true);
}

/* A thread beyond those makes its CPU appear. */
void set_cpu_online(unsigned int cpu, bool online)
{
	if (online && !cpumask_test_and_set_cpu(cpu, &__cpu_online_mask))
		atomic_inc(&__num_online_cpus);
}
