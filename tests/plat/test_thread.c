/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/thread.c: the first thread's number is the process's, another thread
 * has one of its own, and the child of a fork its own two.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "thread.h"

static void *ask(void *arg)
{
	*(struct thread_numbers *)arg = thread_numbers();
	return NULL;
}

static void test_threads(void **state)
{
	struct thread_numbers numbers;
	pthread_t thread;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(thread_numbers().pid, getpid());
		assert_int_equal(thread_numbers().tgid, getpid());
	}
	assert_int_equal(pthread_create(&thread, NULL, ask, &numbers), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_not_equal(numbers.pid, getpid());
	assert_int_equal(numbers.tgid, getpid());
}

static void test_child(void **state)
{
	int parent = getpid(), status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		struct thread_numbers own = thread_numbers();

		_exit(own.pid == getpid() && own.tgid == own.pid && own.pid != parent ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
