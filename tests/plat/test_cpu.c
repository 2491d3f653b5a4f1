/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/cpu.c: threads are lent CPUs in turn, the first gets 0, and a
 * thread keeps the CPU it was lent or set until it sets another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <kalloc/kalloc.h>
#include <cmocka.h>

#include "cpu.h"

#define NR_THREADS 5
#define MANY	   1000

static void *cpu_of_thread(void *arg)
{
	unsigned int *cpu = arg;

	*cpu = cpu_current(MANY);
	if (cpu_current(MANY) != *cpu || (unsigned int)kalloc_set_cpu(0) != *cpu)
		*cpu = MANY;
	return NULL;
}

/* Runs first: nobody in this process has asked for a CPU before. */
static void threads_are_lent_cpus_in_turn(void **state)
{
	assert_int_equal(cpu_current(MANY), 0);
	assert_int_equal(cpu_current(1), 0);
	for (unsigned int i = 1; i <= NR_THREADS; i++) {
		pthread_t thread;
		unsigned int cpu;

		assert_int_equal(pthread_create(&thread, NULL, cpu_of_thread, &cpu), 0);
		pthread_join(thread, NULL);
		assert_int_equal(cpu, i);
	}
	assert_int_equal(cpu_current(MANY), 0);
}

static void a_set_cpu_is_kept(void **state)
{
	assert_int_equal(kalloc_set_cpu(7), 0);
	assert_int_equal(cpu_current(MANY), 7);
	assert_int_equal(cpu_current(8), 7);
	assert_int_equal(cpu_current(7), 0);
	assert_int_equal(cpu_current(4), 3);
	assert_int_equal(kalloc_set_cpu(0), 7);
}

static void a_negative_cpu_asks_for_the_next(void **state)
{
	assert_int_equal(kalloc_set_cpu(-5), 0);
	assert_int_equal(kalloc_set_cpu(-1), -1);
	assert_int_equal(cpu_current(MANY), NR_THREADS + 1);
	assert_int_equal(kalloc_set_cpu(0), NR_THREADS + 1);
}

static void the_host_has_a_cpu(void **state)
{
	assert_true(cpu_host_count() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_are_lent_cpus_in_turn),
		cmocka_unit_test(a_set_cpu_is_kept),
		cmocka_unit_test(a_negative_cpu_asks_for_the_next),
		cmocka_unit_test(the_host_has_a_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
