/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/cpu.c: threads are lent CPUs in turn, the first gets 0, and a
 * thread keeps the CPU it was lent or set until it sets another. The row of a process's
 * only thread is the first, of a thread that has set its CPU that one's; the others'
 * follows them from host CPU to host CPU.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <kalloc/kalloc.h>
#include <cmocka.h>

#include "cpu.h"
#include "rseq.h"
#include "plat/hop.h"

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

static unsigned int row_number(void)
{
	assert_int_equal(cpu_row() % CPU_ROW_BYTES, 0);
	assert_true(cpu_row() / CPU_ROW_BYTES < cpu_rows());
	return (unsigned int)(cpu_row() / CPU_ROW_BYTES);
}

/* Runs first: nobody in this process has asked for a CPU before. */
static void the_only_thread_has_the_first_row(void **state)
{
	assert_true(cpu_rows() >= cpu_host_count());
	assert_int_equal(cpu_rows(), cpu_rows());
	assert_int_equal(row_number(), 0);
	for (unsigned int n = 0; n < hop_nr; n++) {
		hop_to(n);
		assert_false(cpu_row_again());
		assert_int_equal(row_number(), 0);
	}
	hop_anywhere();
	assert_false(cpu_many_threads());
}

/* Runs second. */
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

/* Now that there are several threads. */
static void a_set_cpu_has_its_row(void **state)
{
	assert_true(cpu_many_threads());
	for (int cpu = 0; cpu < 5; cpu++) {
		kalloc_set_cpu(cpu);
		hop_to((unsigned int)cpu);
		assert_int_equal(row_number(), cpu % (int)cpu_rows());
		assert_false(cpu_row_again());
	}
	hop_anywhere();
	kalloc_set_cpu(0);
}

static void a_lent_row_follows_the_host(void **state)
{
	kalloc_set_cpu(-1);
	for (unsigned int n = 0; n < 2 * hop_nr; n++) {
		unsigned int before = row_number();
		bool is_another;

		hop_to(n);
		assert_int_equal(row_number(), before);
		is_another = cpu_row_again();
		assert_int_equal(is_another, row_number() != before);
		assert_false(cpu_row_again());
		if (rseq_is_on())
			assert_int_equal(row_number(),
					 (unsigned int)hop_cpus[n % hop_nr] % cpu_rows());
		else
			assert_int_equal(row_number(), cpu_current(~0UL) % cpu_rows());
	}
	hop_anywhere();
	kalloc_set_cpu(0);
}

/* A thread that never asked begins with the first row, and is counted once it has asked. */
static void *row_of_thread(void *arg)
{
	bool *good = arg;

	*good = cpu_row() == 0 && !kalloc_self.is_counted;
	cpu_row_again();
	*good = *good && kalloc_self.is_counted && cpu_row() / CPU_ROW_BYTES < cpu_rows();
	return NULL;
}

static void a_new_thread_finds_its_row(void **state)
{
	pthread_t thread;
	bool good;

	assert_int_equal(pthread_create(&thread, NULL, row_of_thread, &good), 0);
	pthread_join(thread, NULL);
	assert_true(good);
}

static void the_host_has_a_cpu(void **state)
{
	assert_true(cpu_host_count() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_thread_has_the_first_row),
		cmocka_unit_test(threads_are_lent_cpus_in_turn),
		cmocka_unit_test(a_set_cpu_is_kept),
		cmocka_unit_test(a_negative_cpu_asks_for_the_next),
		cmocka_unit_test(a_set_cpu_has_its_row),
		cmocka_unit_test(a_lent_row_follows_the_host),
		cmocka_unit_test(a_new_thread_finds_its_row),
		cmocka_unit_test(the_host_has_a_cpu),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
