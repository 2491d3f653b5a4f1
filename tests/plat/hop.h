/* SPDX-License-Identifier: MIT */
/* For tests of what belongs to a host CPU: threads that hop from CPU to CPU, by a seed. */
#ifndef TEST_PLAT_HOP_H
#define TEST_PLAT_HOP_H

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#define HOP_CPUS 64

/* The CPUs of the host that the process may use, as of hop_init(). */
static int hop_cpus[HOP_CPUS];
static unsigned int hop_nr;

static inline void hop_init(void)
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE && hop_nr < HOP_CPUS; cpu++)
		if (CPU_ISSET(cpu, &set))
			hop_cpus[hop_nr++] = cpu;
}

/* Let the calling thread run on the @n-th of them only. */
static inline void hop_to(unsigned int n)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(hop_cpus[n % hop_nr], &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Let it run on all. */
static inline void hop_anywhere(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned int n = 0; n < hop_nr; n++)
		CPU_SET(hop_cpus[n], &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static inline void *hop_nothing(void *arg)
{
	return arg;
}

/* From here on the process is not alone (plat/alone.h), whatever becomes of its threads. */
static inline void hop_in_company(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, hop_nothing, NULL);
	pthread_join(thread, NULL);
}

static inline unsigned int hop_random(unsigned int *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16;
}

/* Rounds of a loop: fewer under Valgrind. */
static inline unsigned int hop_rounds(unsigned int rounds)
{
	return getenv("KALLOC_UNDER_VALGRIND") ? rounds / 20 : rounds;
}

#endif
