/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/waitq.c: no wake is lost, whenever it comes; all waiters see
 * it; and without one the wait ends by itself. A lost wake would leave these
 * tests asleep for the hour they are ready to wait.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <cmocka.h>

#include "waitq.h"

#define HOUR_MS	   3600000
#define NR_TURNS   2000
#define NR_WAITERS 3

static void wake_before_the_wait_counts(void **state)
{
	struct waitq q = { 0 };
	u32 ticket = waitq_ticket(&q);

	waitq_wake(&q);
	waitq_wait(&q, ticket, HOUR_MS);
	assert_int_not_equal(waitq_ticket(&q), ticket);
	assert_int_equal(q.waiters, 0);
}

static void without_a_wake_the_wait_ends(void **state)
{
	struct waitq q = { 0 };
	u32 ticket = waitq_ticket(&q);

	errno = EDOM;
	waitq_wait(&q, ticket, 1);
	assert_int_equal(errno, EDOM);
	assert_int_equal(waitq_ticket(&q), ticket);
	assert_int_equal(q.waiters, 0);
}

/* A ball that two threads pass to and fro: whose turn it is, is the condition. */
struct game {
	struct waitq q;
	int turn; /* plain reads and writes would be a race: the condition is atomic */
};

static void play(struct game *game, int me)
{
	for (int i = 0; i < NR_TURNS; i++) {
		for (;;) {
			u32 ticket = waitq_ticket(&game->q);

			if (__atomic_load_n(&game->turn, __ATOMIC_ACQUIRE) == me)
				break;
			waitq_wait(&game->q, ticket, HOUR_MS);
		}
		__atomic_store_n(&game->turn, !me, __ATOMIC_RELEASE);
		waitq_wake(&game->q);
	}
}

static void *play_second(void *arg)
{
	play(arg, 1);
	return NULL;
}

static void no_wake_is_lost(void **state)
{
	struct game game = { .turn = 0 };
	pthread_t second;

	assert_int_equal(pthread_create(&second, NULL, play_second, &game), 0);
	play(&game, 0);
	pthread_join(second, NULL);
	assert_int_equal(game.turn, 0);
	assert_int_equal(game.q.waiters, 0);
}

static void *wait_for_turn_one(void *arg)
{
	struct game *game = arg;

	for (;;) {
		u32 ticket = waitq_ticket(&game->q);

		if (__atomic_load_n(&game->turn, __ATOMIC_ACQUIRE) == 1)
			return NULL;
		waitq_wait(&game->q, ticket, HOUR_MS);
	}
}

static void one_wake_reaches_all(void **state)
{
	struct game game = { .turn = 0 };
	pthread_t waiters[NR_WAITERS];

	for (int i = 0; i < NR_WAITERS; i++)
		assert_int_equal(pthread_create(&waiters[i], NULL, wait_for_turn_one, &game), 0);
	while (READ_ONCE(game.q.waiters) != NR_WAITERS)
		sched_yield();
	__atomic_store_n(&game.turn, 1, __ATOMIC_RELEASE);
	waitq_wake(&game.q);
	for (int i = 0; i < NR_WAITERS; i++)
		pthread_join(waiters[i], NULL);
	assert_int_equal(game.q.waiters, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wake_before_the_wait_counts),
		cmocka_unit_test(without_a_wake_the_wait_ends),
		cmocka_unit_test(no_wake_is_lost),
		cmocka_unit_test(one_wake_reaches_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
