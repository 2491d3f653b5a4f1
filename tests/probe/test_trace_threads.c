/* SPDX-License-Identifier: MIT */
/*
 * Proves src/probe/trace*.c where there is more than one thread: each one's events are
 * there, with its number, its name and its CPU; reading, switching, clearing and resizing
 * under the hands of those who record harms nobody; and what a child of a fork has.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kalloc/context.h>

#include "probe/seen.h"
#include "slab/rig.h"

#define ALL	((1ULL << NR_TRACE_EVENTS) - 2)
#define KMALLOC TRACE_BIT(kmalloc)

static void use(size_t nr)
{
	volatile size_t size = 100;

	for (size_t i = 0; i < nr; i++)
		kfree(kmalloc(size, GFP_KERNEL));
}

#define THREADS 4
#define EACH	500

struct worker {
	struct kalloc_machine *m;
	unsigned int number;
	int pid;
};

static void *work(void *arg)
{
	struct worker *worker = arg;
	volatile size_t size = 40;

	snprintf(kalloc_task()->comm, sizeof(kalloc_task()->comm), "worker/%u", worker->number);
	kalloc_enter(worker->m);
	kalloc_set_cpu(worker->number % 2);
	worker->pid = thread_numbers().pid;
	for (int i = 0; i < EACH; i++)
		kfree(kmalloc(size + worker->number, GFP_KERNEL));
	kalloc_set_cpu(-1);
	kalloc_enter(NULL);
	return NULL;
}

static void test_threads(void **state)
{
	struct kalloc_machine *m = *state;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	char comm[16], expected[16];

	seen_begin(m, KMALLOC);
	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .m = m, .number = i };
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	seen_read(m, true);
	assert_int_equal(seen.nr, THREADS * EACH);
	for (unsigned int i = 0; i < THREADS; i++) {
		size_t nr = 0;
		u64 last = 0;

		for (size_t j = 0; j < seen.nr; j++) {
			if (seen.records[j].pid != workers[i].pid)
				continue;
			assert_true(seen.records[j].stamp >= last);
			last = seen.records[j].stamp;
			assert_int_equal(seen.records[j].cpu, i % 2);
			assert_int_equal(seen.records[j].words[2], 40 + i);
			nr++;
		}
		assert_int_equal(nr, EACH);
		snprintf(expected, sizeof(expected), "worker/%u", i);
		trace_thread_name(m, workers[i].pid, comm);
		assert_string_equal(comm, expected);
	}
	trace_thread_name(m, 1, comm);
	assert_string_equal(comm, "<...>");
}

/* Threads that record, while others switch, read, clear and resize. */
static void *disturb(void *arg)
{
	struct worker *worker = arg;
	struct kalloc_machine *m = worker->m;

	kalloc_enter(m);
	for (int i = 0; i < 100; i++) {
		const struct trace_record *record;
		struct trace_reader reader;
		u64 lost;

		assert_int_equal(trace_want(m, TRACE_ALL, i % 2 ? KMALLOC : ALL), 0);
		assert_int_equal(trace_read_begin(m, &reader, i % 3), 0);
		while ((record = trace_read_look(&reader, &lost)) != NULL) {
			assert_in_range(record->id, 1, NR_TRACE_IDS - 1);
			trace_read_on(&reader);
		}
		trace_read_end(&reader);
		if (i % 10 == 0)
			assert_int_equal(trace_resize(m, i % 20 ? 8192 : 4096), 0);
		if (i % 10 == 5)
			trace_clear(m);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void test_threads_disturbed(void **state)
{
	struct kalloc_machine *m = *state;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	assert_int_equal(trace_resize(m, 4096), 0);
	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .m = m, .number = i };
		assert_int_equal(pthread_create(&threads[i], NULL, i ? work : disturb, &workers[i]),
				 0);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(trace_want(m, TRACE_ALL, 0), 0);
	assert_int_equal(m->traced, 0);
}

/* --- fork ------------------------------------------------------------------ */

static void child_of_test_fork(struct kalloc_machine *m)
{
	seen_read(m, true);
	assert_int_equal(seen_count(TRACE_ID_kmalloc), 2);
	use(3);
	seen_read(m, true);
	assert_int_equal(seen_count(TRACE_ID_kmalloc), 3);
	assert_int_equal(seen.records[0].pid, getpid());
	_exit(0);
}

static void test_fork(void **state)
{
	struct kalloc_machine *m = *state;
	int status;
	pid_t pid;

	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), 0);
	use(2);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		child_of_test_fork(m);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	seen_read(m, true);
	assert_int_equal(seen_count(TRACE_ID_kmalloc), 2);
}

static int setup(void **state)
{
	*state = rig_boot("mem=64M nr_cpus=2");
	return 0;
}

#define RIGGED(test) cmocka_unit_test_setup_teardown(test, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIGGED(test_threads),
		RIGGED(test_threads_disturbed),
		RIGGED(test_fork),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
