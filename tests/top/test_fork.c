/* SPDX-License-Identifier: MIT */
/*
 * Proves src/fork.c: after a fork parent and child each have their own machine.
 * What was allocated before is there in both, at the linear and at the vmalloc
 * address; a write in one is not seen in the other; both go on allocating and
 * freeing. So with several machines, with threads that allocate meanwhile, and
 * when there is no memory for the copy.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "top_test.h"
#include "top.h"

struct held {
	char *object;  /* kmalloc */
	char *block;   /* pages */
	char *area;    /* vmalloc */
	char *aliased; /* linear address of @area's first frame */
};

static struct held held_take(void)
{
	struct held held = {
		.object = kmalloc(200, GFP_KERNEL),
		.block = (char *)__get_free_pages(GFP_KERNEL, 2),
		.area = vmalloc(3 * PAGE_SIZE),
	};

	assert_non_null(held.object);
	assert_non_null(held.block);
	assert_non_null(held.area);
	held.aliased = page_address(vmalloc_to_page(held.area));
	strcpy(held.object, "before");
	strcpy(held.block, "before");
	strcpy(held.area, "before");
	return held;
}

static void held_write(const struct held *held, const char *text)
{
	strcpy(held->object, text);
	strcpy(held->block, text);
	strcpy(held->area, text);
}

/* The frame of the area must say the same at both its addresses, unless they are private. */
static bool held_says(const struct held *held, const char *text)
{
	return !strcmp(held->object, text) && !strcmp(held->block, text) &&
	       !strcmp(held->area, text) &&
	       (machine_of(held->area)->params.ram_private || !strcmp(held->aliased, text));
}

static void held_give(const struct held *held)
{
	kfree(held->object);
	free_pages((unsigned long)held->block, 2);
	vfree(held->area);
}

/* Enough of each kind to go past the per-CPU lists. */
static bool can_allocate(void)
{
	enum {
		COUNT = 300
	};
	void *objects[COUNT], *areas[8];
	unsigned long pages[COUNT];
	bool all = true;

	for (int i = 0; i < COUNT; i++) {
		objects[i] = kmalloc(512, GFP_KERNEL);
		pages[i] = __get_free_pages(GFP_KERNEL, 0);
		all = all && objects[i] && pages[i];
	}
	for (int i = 0; i < 8; i++) {
		areas[i] = vmalloc(20000);
		all = all && areas[i];
		if (areas[i])
			memset(areas[i], i, 20000);
	}
	for (int i = 0; i < 8; i++)
		vfree(areas[i]);
	for (int i = 0; i < COUNT; i++) {
		kfree(objects[i]);
		free_pages(pages[i], 0);
	}
	return all;
}

static int wait_for(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Parent and child take turns through a pair of pipes, so the order is fixed. */
static void turn_give(const int pipe_ends[2])
{
	(void)!write(pipe_ends[1], "x", 1);
}

static void turn_take(const int pipe_ends[2])
{
	char c;

	(void)!read(pipe_ends[0], &c, 1);
}

static int child_of_copies(const struct held *held, const int to_parent[2], const int to_child[2])
{
	if (!held_says(held, "before"))
		return 1;
	held_write(held, "child");
	turn_give(to_parent);
	turn_take(to_child);
	if (!held_says(held, "child"))
		return 2;
	if (!can_allocate())
		return 3;
	held_give(held);
	if (!can_allocate())
		return 4;
	return 0;
}

static void fork_and_compare(const struct held *held)
{
	int to_parent[2], to_child[2];
	pid_t pid;

	assert_int_equal(pipe(to_parent) | pipe(to_child), 0);
	pid = fork();
	if (pid == 0)
		_exit(child_of_copies(held, to_parent, to_child));
	turn_take(to_parent);
	assert_true(held_says(held, "before"));
	held_write(held, "parent");
	turn_give(to_child);
	assert_true(can_allocate());
	assert_int_equal(wait_for(pid), 0);
	assert_true(held_says(held, "parent"));
	for (int i = 0; i < 2; i++) {
		close(to_parent[i]);
		close(to_child[i]);
	}
}

static void test_own_copies(void **state)
{
	struct kalloc_machine *m = kalloc_boot("mem=32M nr_cpus=2");
	struct held held;

	assert_non_null(m);
	kalloc_enter(m);
	held = held_take();
	fork_and_compare(&held);
	assert_true(can_allocate());
	held_give(&held);
	kalloc_halt(m);
}

/* Without a descriptor, as if the program had closed all of them. */
static void test_private(void **state)
{
	struct kalloc_machine *m = kalloc_boot("mem=32M nr_cpus=2 kalloc.ram=private");
	struct rlimit before, none;
	struct held held;

	if (getenv("KALLOC_UNDER_VALGRIND"))
		skip(); /* it keeps descriptors of its own above the limit */
	assert_non_null(m);
	kalloc_enter(m);
	held = held_take();
	fork_and_compare(&held);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			bool same = held_says(&held, i ? "second" : "parent");

			held_write(&held, "child");
			_exit(same && can_allocate() ? 0 : 1);
		}
		assert_int_equal(wait_for(pid), 0);
		held_write(&held, "second");
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(held_says(&held, "second"));
	held_give(&held);
	assert_true(can_allocate());
	kalloc_halt(m);
}

static void test_two_machines(void **state)
{
	struct kalloc_machine *a = kalloc_boot("mem=16M"), *b = kalloc_boot("mem=16M numa=fake=2");
	struct held in_a, in_b;

	kalloc_enter(a);
	in_a = held_take();
	kalloc_enter(b);
	in_b = held_take();
	fork_and_compare(&in_b);
	kalloc_enter(a);
	fork_and_compare(&in_a);
	held_give(&in_a);
	kalloc_enter(b);
	held_give(&in_b);
	kalloc_halt(a);
	kalloc_halt(b);
}

/* The child of a child, and a machine that the child boots and halts itself. */
static void test_grandchild(void **state)
{
	struct kalloc_machine *m = kalloc_boot("mem=16M");
	struct held held;
	pid_t pid;

	kalloc_enter(m);
	held = held_take();
	pid = fork();
	if (pid == 0) {
		struct kalloc_machine *own = kalloc_boot("mem=8M");

		kalloc_halt(own);
		held_write(&held, "child");
		pid = fork();
		if (pid == 0)
			_exit(held_says(&held, "child") && can_allocate() ? 0 : 1);
		pid = wait_for(pid);
		kalloc_halt(m);
		_exit(own && pid == 0 ? 0 : 1);
	}
	assert_int_equal(wait_for(pid), 0);
	assert_true(held_says(&held, "before"));
	kalloc_halt(m);
}

static void *churn(void *arg)
{
	bool *stop = arg;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		void *p = kmalloc(64, GFP_KERNEL), *q = vmalloc(5000);

		free_pages(__get_free_pages(GFP_KERNEL, 1), 1);
		vfree(q);
		kfree(p);
	}
	return NULL;
}

/* Every fork must find a moment when no list is half way. */
static void fork_while_threads_allocate(const char *cmdline)
{
	struct kalloc_machine *m = kalloc_boot(cmdline);
	bool stop = false;
	pthread_t threads[2];

	setenv("KALLOC_CMDLINE", cmdline, 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, churn, &stop), 0);
	kalloc_enter(m);
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			bool both = can_allocate();

			kalloc_enter(NULL);
			_exit(can_allocate() && both ? 0 : 1);
		}
		assert_int_equal(wait_for(pid), 0);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	kalloc_halt(m);
	kalloc_halt(kalloc_current());
	unsetenv("KALLOC_CMDLINE");
}

static void test_while_threads_allocate(void **state)
{
	fork_while_threads_allocate("mem=32M nr_cpus=2");
}

static void test_private_while_threads_allocate(void **state)
{
	if (getenv("KALLOC_UNDER_VALGRIND"))
		skip(); /* the other kind of memory, which has more to do, is enough of its time */
	fork_while_threads_allocate("mem=32M nr_cpus=2 kalloc.ram=private");
}

static int child_of_lost(struct kalloc_machine *m, const struct held *held)
{
	if (!strstr(console_said, "lost in this process\n"))
		return 1;
	if (fork() == 0) {
		signal(SIGSEGV, SIG_DFL);
		kfree(held->object);
		_exit(0);
	}
	int status;

	if (wait(&status) < 0 || !WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV)
		return 2;
	kalloc_halt(m);
	m = kalloc_boot("mem=8M");
	kalloc_enter(m);
	return m && can_allocate() ? 0 : 3;
}

/* No file may be made: the copy of the memory is one. */
static void test_no_memory_for_copy(void **state)
{
	struct kalloc_machine *m = kalloc_boot("mem=16M");
	struct rlimit before, none;
	struct held held;
	pid_t pid;

	if (getenv("KALLOC_UNDER_VALGRIND"))
		skip(); /* it keeps descriptors of its own above the limit */
	kalloc_enter(m);
	held = held_take();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	console_catch();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_NOFILE, &before);
		_exit(child_of_lost(m, &held));
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(wait_for(pid), 0);
	assert_true(held_says(&held, "before"));
	assert_true(can_allocate());
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_copies),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_two_machines),
		cmocka_unit_test(test_grandchild),
		cmocka_unit_test(test_while_threads_allocate),
		cmocka_unit_test(test_private_while_threads_allocate),
		cmocka_unit_test(test_no_memory_for_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
