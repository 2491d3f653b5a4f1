/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/lock.c: one thread at a time, a sleeping thread is woken and finds errno
 * as it was, trying does not wait, and a thread that takes locks out of the order of lockrank.h or
 * drops what it does not hold is stopped with a message that names the ranks.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <cmocka.h>

#include "lock.h"
#include "plat/child.h"
#include "sanitized.h"

#define NR_THREADS 4
#define NR_ROUNDS  5000

struct counter {
	struct lock lock;
	long a, b; /* equal whenever the lock is free */
};

static void *count(void *arg)
{
	struct counter *counter = arg;

	for (int i = 0; i < NR_ROUNDS; i++) {
		lock_take(&counter->lock);
		counter->a++;
		counter->b = counter->a;
		lock_drop(&counter->lock);
	}
	return NULL;
}

static void one_thread_at_a_time(void **state)
{
	struct counter counter = { .lock = LOCK_INIT(RANK_NONE) };
	pthread_t threads[NR_THREADS];

	for (int i = 0; i < NR_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, &counter), 0);
	for (int i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(counter.a, NR_THREADS * NR_ROUNDS);
	assert_int_equal(counter.b, counter.a);
	assert_false(lock_is_held(&counter.lock));
}

/* The word says 2 once a waiter has given up spinning: dropping must wake it. */
static void a_sleeper_is_woken(void **state)
{
	struct counter counter = { .lock = LOCK_INIT(RANK_NONE) };
	pthread_t threads[2];

	lock_take(&counter.lock);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, &counter), 0);
	while (READ_ONCE(counter.lock.word) != 2)
		sched_yield();
	assert_int_equal(counter.a, 0);
	lock_drop(&counter.lock);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(counter.a, 2 * NR_ROUNDS);
}

static void trying_does_not_wait(void **state)
{
	struct lock lock;

	lock_init(&lock, RANK_ZONE);
	assert_false(lock_is_held(&lock));
	assert_true(lock_try(&lock));
	assert_true(lock_is_held(&lock));
	assert_false(lock_try(&lock));
	lock_drop(&lock);
	assert_true(lock_try(&lock));
	lock_drop(&lock);
}

/* Each row is taken from left to right. */
struct order_case {
	enum lock_rank first, second;
	bool is_allowed;
};

static const struct order_case order_cases[] = {
	{ RANK_DIRECTORY, RANK_CONSOLE, true }, { RANK_SLAB_NODE, RANK_ZONE, true },
	{ RANK_PCP, RANK_ZONE, true },		{ RANK_ZONE, RANK_NONE, true },
	{ RANK_NONE, RANK_DIRECTORY, true },	{ RANK_NONE, RANK_NONE, true },
	{ RANK_ZONE, RANK_PCP, false },		{ RANK_CONSOLE, RANK_DIRECTORY, false },
	{ RANK_ZONE, RANK_ZONE, false },	{ RANK_DIRECTORY, RANK_DIRECTORY, false },
};

static void take_both(void *arg)
{
	const struct order_case *c = arg;
	struct lock first = LOCK_INIT(c->first), second = LOCK_INIT(c->second);

	lock_take(&first);
	lock_take(&second);
	lock_drop(&first);
	lock_drop(&second);
}

static void ranks_go_downward(void **state)
{
	struct child child;

	if (CHECK_LEVEL < 1)
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(order_cases); i++) {
		struct order_case c = order_cases[i];

		child_run(&child, take_both, &c);
		if (c.is_allowed) {
			assert_int_equal(child.status, 0);
			assert_string_equal(child.said, "");
		} else {
			assert_true(child_died_of(&child, SIGABRT));
			assert_non_null(strstr(child.said, "lock order"));
		}
	}
}

/* A lock that was only tried may be out of order, but counts as held from then on. */
static void try_then_take(void *arg)
{
	struct lock zone = LOCK_INIT(RANK_ZONE), pcp = LOCK_INIT(RANK_PCP),
		    node = LOCK_INIT(RANK_SLAB_NODE);

	lock_take(&zone);
	if (lock_try(&pcp))
		lock_drop(&zone);
	lock_take(&node);
}

static void a_tried_lock_counts_as_held(void **state)
{
	struct child child;

	if (CHECK_LEVEL < 1)
		skip();
	child_run(&child, try_then_take, NULL);
	assert_true(child_died_of(&child, SIGABRT));
	assert_non_null(strstr(child.said, "lock order"));
}

static void drop_unheld(void *arg)
{
	struct lock lock = LOCK_INIT(RANK_ZONE);

	lock_drop(&lock);
}

static void dropping_what_is_not_held_stops(void **state)
{
	struct child child;

	if (CHECK_LEVEL < 1)
		skip();
	child_run(&child, drop_unheld, NULL);
	assert_true(child_died_of(&child, SIGABRT));
	assert_non_null(strstr(child.said, "not held"));
}

#define NR_SIGNALS 200

static int nr_caught;

static void caught(int signal)
{
	__atomic_add_fetch(&nr_caught, 1, __ATOMIC_SEQ_CST);
}

static void *take_and_tell_errno(void *arg)
{
	struct lock *lock = arg;
	static int seen;

	errno = EDOM;
	lock_take(lock);
	seen = errno;
	lock_drop(lock);
	return &seen;
}

/* Each signal ends a wait in the host with an error, which is nobody's. */
static void waiting_leaves_errno_alone(void **state)
{
	struct sigaction act = { .sa_handler = caught }, before;
	struct lock lock = LOCK_INIT(RANK_NONE);
	pthread_t thread;
	void *seen;

	/* ThreadSanitizer keeps a signal until the thread leaves the wait. */
	if (SANITIZED) {
		skip();
		return;
	}
	sigaction(SIGUSR1, &act, &before);
	lock_take(&lock);
	assert_int_equal(pthread_create(&thread, NULL, take_and_tell_errno, &lock), 0);
	while (READ_ONCE(lock.word) != 2)
		sched_yield();
	for (int i = 0; i < NR_SIGNALS; i++) {
		pthread_kill(thread, SIGUSR1);
		while (__atomic_load_n(&nr_caught, __ATOMIC_SEQ_CST) <= i)
			sched_yield();
	}
	lock_drop(&lock);
	pthread_join(thread, &seen);
	sigaction(SIGUSR1, &before, NULL);
	assert_int_equal(*(int *)seen, EDOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* Forks before threads. */
		cmocka_unit_test(ranks_go_downward),
		cmocka_unit_test(a_tried_lock_counts_as_held),
		cmocka_unit_test(dropping_what_is_not_held_stops),
		cmocka_unit_test(trying_does_not_wait),
		cmocka_unit_test(one_thread_at_a_time),
		cmocka_unit_test(a_sleeper_is_woken),
		cmocka_unit_test(waiting_leaves_errno_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
