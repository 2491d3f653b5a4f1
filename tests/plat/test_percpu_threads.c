/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/percpu.c, many threads at once: one is inside, however they move from
 * CPU to CPU; a claim keeps everybody out, waits for who is in and is next; what is pushed on
 * stacks is popped once. With sequences and without.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "percpu.h"
#include "plat/hop.h"

#define RANK	   RANK_FRONT
#define NR_THREADS 6

/* Counters that agree whenever nobody is inside. */
struct counted {
	struct percpu p;
	long a, b, claims;
	bool is_done;
} cacheline;

struct runner {
	struct counted *parts;
	unsigned int nr_parts, seed;
	bool hops;
	long entered, torn;
};

static void *run_in_and_out(void *arg)
{
	struct runner *self = arg;
	unsigned int rounds = hop_rounds(150000);

	for (unsigned int i = 0; i < rounds; i++) {
		struct counted *c = &self->parts[hop_random(&self->seed) % self->nr_parts];
		int home;

		if (self->hops && i % 256 == 0)
			hop_to(hop_random(&self->seed));
		home = percpu_enter(&c->p, RANK);
		if (home == PERCPU_BUSY)
			continue;
		self->torn += c->a != c->b;
		c->a++;
		if (i % 1024 == 0)
			sched_yield(); /* to leave it on another CPU, perhaps */
		c->b++;
		percpu_leave(&c->p, RANK, home);
		self->entered++;
	}
	return NULL;
}

/* Claims all parts again and again until told to stop. */
static void *run_claims(void *arg)
{
	struct runner *self = arg;

	while (!__atomic_load_n(&self->parts[0].is_done, __ATOMIC_ACQUIRE)) {
		int claim = percpu_claim_new();

		for (unsigned int i = 0; i < self->nr_parts; i++)
			percpu_claim_begin(&self->parts[i].p, claim);
		rseq_fence();
		for (unsigned int i = 0; i < self->nr_parts; i++) {
			struct counted *c = &self->parts[i];

			percpu_claim_end(&c->p, claim);
			self->torn += c->a != c->b;
			c->a++;
			c->claims++;
			c->b++;
		}
		for (unsigned int i = 0; i < self->nr_parts; i++)
			percpu_unclaim(&self->parts[i].p);
		sched_yield();
	}
	return NULL;
}

static void run_threads(unsigned int nr_parts, bool hops, bool claims)
{
	struct counted parts[4] = { 0 };
	struct runner runners[NR_THREADS], claimer = { .parts = parts, .nr_parts = nr_parts };
	pthread_t threads[NR_THREADS], claiming;
	long entered = 0, seen = 0, claimed = 0;

	for (unsigned int i = 0; i < nr_parts; i++)
		percpu_init(&parts[i].p);
	hop_anywhere();
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		runners[i] = (struct runner){
			.parts = parts, .nr_parts = nr_parts, .seed = i + 1, .hops = hops
		};
		pthread_create(&threads[i], NULL, run_in_and_out, &runners[i]);
	}
	if (claims)
		pthread_create(&claiming, NULL, run_claims, &claimer);
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(runners[i].torn, 0);
		entered += runners[i].entered;
	}
	__atomic_store_n(&parts[0].is_done, true, __ATOMIC_RELEASE);
	if (claims)
		pthread_join(claiming, NULL);
	assert_int_equal(claimer.torn, 0);
	for (unsigned int i = 0; i < nr_parts; i++) {
		assert_int_equal(parts[i].a, parts[i].b);
		seen += parts[i].a;
		claimed += parts[i].claims;
	}
	assert_true(entered > 0);
	assert_int_equal(seen, entered + claimed);
}

static void one_thread_at_a_time_is_inside(void **state)
{
	run_threads(1, false, false);
	run_threads(4, false, false);
}

static void hopping_threads_exclude_each_other(void **state)
{
	run_threads(1, true, false);
	run_threads(4, true, false);
}

static void claims_exclude_threads(void **state)
{
	run_threads(1, false, true);
	run_threads(4, true, true);
}

struct claimer {
	struct percpu p;
	bool has_claimed, may_end;
};

static void *run_one_claim(void *arg)
{
	struct claimer *self = arg;
	int claim = percpu_claim_new();

	if (percpu_claim_begin(&self->p, claim))
		rseq_fence();
	percpu_claim_end(&self->p, claim);
	__atomic_store_n(&self->has_claimed, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&self->may_end, __ATOMIC_ACQUIRE))
		sched_yield();
	percpu_unclaim(&self->p);
	return NULL;
}

/* However quickly the thread that is inside would come back. */
static void who_waits_to_claim_goes_first(void **state)
{
	struct claimer claimer = { .p = { .owner = PERCPU_LOCKED } };
	int home = percpu_enter(&claimer.p, RANK);
	pthread_t thread;

	assert_int_equal(home, PERCPU_LOCKED);
	pthread_create(&thread, NULL, run_one_claim, &claimer);
	while (!READ_ONCE(claimer.p.wanted))
		sched_yield();
	percpu_leave(&claimer.p, RANK, home);
	while (!__atomic_load_n(&claimer.has_claimed, __ATOMIC_ACQUIRE))
		assert_int_equal(percpu_enter(&claimer.p, RANK), PERCPU_BUSY);
	assert_int_equal(percpu_enter(&claimer.p, RANK), PERCPU_BUSY);
	__atomic_store_n(&claimer.may_end, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	home = percpu_enter(&claimer.p, RANK);
	assert_int_not_equal(home, PERCPU_BUSY);
	percpu_leave(&claimer.p, RANK, home);
}

#define NR_STACKS   4
#define STACK_SLOTS 24
#define NR_TOKENS   (NR_STACKS * STACK_SLOTS / 2)
#define IN_HAND	    4

struct stacks {
	struct {
		struct kalloc_stack stack;
		void *slots[STACK_SLOTS];
	} cacheline of[NR_STACKS];
	char tokens[NR_TOKENS]; /* their addresses go round */
};

struct mover {
	struct stacks *stacks;
	unsigned int seed;
	void *hand[IN_HAND];
	unsigned int nr;
};

/* Pop from, or push to, a stack: in one sequence, or else inside. */
static void *take_one(struct kalloc_stack *stack)
{
	void *token = kalloc_sequence_pop(stack, kalloc_self.area);
	int home;

	if (token)
		return token;
	home = percpu_enter(percpu_of(stack), RANK);
	if (home == PERCPU_BUSY)
		return NULL;
	if (stack->nr)
		token = stack->slots[--stack->nr];
	percpu_leave(percpu_of(stack), RANK, home);
	return token;
}

static bool give_one(struct kalloc_stack *stack, void *token)
{
	bool given;
	int home;

	if (kalloc_sequence_push(stack, kalloc_self.area, token))
		return true;
	home = percpu_enter(percpu_of(stack), RANK);
	if (home == PERCPU_BUSY)
		return false;
	given = stack->nr < stack->most;
	if (given)
		stack->slots[stack->nr++] = token;
	percpu_leave(percpu_of(stack), RANK, home);
	return given;
}

static void *move_tokens(void *arg)
{
	struct mover *self = arg;
	unsigned int rounds = hop_rounds(300000);

	for (unsigned int i = 0; i < rounds; i++) {
		unsigned int n = hop_random(&self->seed);
		struct kalloc_stack *stack = &self->stacks->of[n / 4 % NR_STACKS].stack;
		void *token;

		if (i % 128 == 0)
			hop_to(hop_random(&self->seed));
		if (n % 2 && self->nr && give_one(stack, self->hand[self->nr - 1])) {
			self->nr--;
		} else if (self->nr < IN_HAND) {
			token = take_one(stack);
			if (token)
				self->hand[self->nr++] = token;
		}
	}
	return NULL;
}

static void count_token(struct stacks *stacks, void *token)
{
	char *seen = token;

	assert_true(seen >= stacks->tokens && seen < stacks->tokens + NR_TOKENS);
	assert_int_equal(*seen, 0);
	*seen = 1;
}

static void pointers_are_neither_lost_nor_doubled(void **state)
{
	static struct stacks stacks;
	struct mover movers[NR_THREADS];
	pthread_t threads[NR_THREADS];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < NR_STACKS; i++) {
		struct kalloc_stack *stack = &stacks.of[i].stack;

		*stack = (struct kalloc_stack){ .slots = stacks.of[i].slots, .most = STACK_SLOTS };
		percpu_init(percpu_of(stack));
		while (stack->nr < STACK_SLOTS / 2)
			give_one(stack, &stacks.tokens[nr++]);
	}
	assert_int_equal(nr, NR_TOKENS);
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		movers[i] = (struct mover){ .stacks = &stacks, .seed = 1000 + i };
		pthread_create(&threads[i], NULL, move_tokens, &movers[i]);
	}
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		pthread_join(threads[i], NULL);
		nr -= movers[i].nr;
		while (movers[i].nr)
			count_token(&stacks, movers[i].hand[--movers[i].nr]);
	}
	for (unsigned int i = 0; i < NR_STACKS; i++) {
		void *token;

		while ((token = take_one(&stacks.of[i].stack)) != NULL) {
			count_token(&stacks, token);
			nr--;
		}
	}
	assert_int_equal(nr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread_at_a_time_is_inside),
		cmocka_unit_test(hopping_threads_exclude_each_other),
		cmocka_unit_test(claims_exclude_threads),
		cmocka_unit_test(who_waits_to_claim_goes_first),
		cmocka_unit_test(pointers_are_neither_lost_nor_doubled),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
