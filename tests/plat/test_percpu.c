/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/percpu.c: the owner's word goes through the states of the header and
 * no others; one thread at a time is inside, however the threads move from CPU to CPU;
 * a claim keeps everybody out and waits for who is in; what is pushed on stacks is
 * popped once. With sequences and without: the suite runs a second time with
 * GLIBC_TUNABLES=glibc.pthread.rseq=0.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cpu.h"
#include "percpu.h"
#include "plat/hop.h"

#define RANK	   RANK_FRONT
#define OTHER_CPU  100000 /* of no host */
#define MOVES_MOST 256
#define NR_THREADS 6

static bool on;

static int percpu_setup(void **state)
{
	on = rseq_is_on();
	hop_to(0);
	return 0;
}

static int percpu_teardown(void **state)
{
	hop_anywhere();
	return 0;
}

/* Whose a part is that was last entered here. */
static int owner_here(void)
{
	return on ? hop_cpus[0] : PERCPU_LOCKED;
}

static void enter_and_leave(struct percpu *p)
{
	int home = percpu_enter(p, RANK);

	assert_int_equal(home, owner_here());
	assert_int_equal(p->owner, PERCPU_HELD);
	assert_int_equal(percpu_enter(p, RANK), PERCPU_BUSY);
	assert_int_equal(percpu_enter_own(p, RANK), PERCPU_BUSY);
	assert_int_equal(p->owner, PERCPU_HELD);
	percpu_leave(p, RANK, home);
	assert_int_equal(p->owner, owner_here());
}

static void a_part_becomes_whose_it_is_entered_by(void **state)
{
	struct percpu p;

	percpu_init(&p);
	assert_int_equal(p.owner, PERCPU_NONE);
	assert_int_equal(percpu_enter_own(&p, RANK), PERCPU_BUSY);
	assert_int_equal(p.owner, PERCPU_NONE);
	enter_and_leave(&p);
	enter_and_leave(&p);
	assert_int_equal(p.moves, 0);
}

static void a_zeroed_part_is_one(void **state)
{
	struct percpu p = { 0 };

	enter_and_leave(&p);
	assert_int_equal(p.moves, 0);
}

static void a_part_of_another_cpu_is_taken_over(void **state)
{
	struct percpu p = { .owner = OTHER_CPU };

	assert_int_equal(percpu_enter_own(&p, RANK), PERCPU_BUSY);
	assert_int_equal(p.owner, OTHER_CPU);
	enter_and_leave(&p);
	/* A process of one thread counts no moves: it is the same in every run. */
	assert_int_equal(p.moves, 0);
}

static void a_claimed_part_is_nobodys(void **state)
{
	int first = percpu_claim_new(), second = percpu_claim_new();
	struct percpu p;

	percpu_init(&p);
	assert_true(percpu_claim_begin(&p, first));
	assert_false(percpu_claim_begin(&p, second));
	assert_false(percpu_claim_begin(&p, first));
	rseq_fence();
	percpu_claim_end(&p, first);
	assert_int_equal(p.owner, first);
	assert_int_equal(percpu_enter(&p, RANK), PERCPU_BUSY);
	assert_int_equal(percpu_enter_own(&p, RANK), PERCPU_BUSY);
	assert_int_equal(p.owner, first);
	percpu_unclaim(&p);
	assert_int_equal(p.owner, PERCPU_NONE);
	enter_and_leave(&p);
	assert_true(percpu_claim_begin(&p, second));
	percpu_claim_end(&p, second);
	percpu_unclaim(&p);
}

static void a_held_part_is_not_claimed(void **state)
{
	int claim = percpu_claim_new();
	struct percpu p;
	int home;

	percpu_init(&p);
	home = percpu_enter(&p, RANK);
	assert_false(percpu_claim_begin(&p, claim));
	assert_int_equal(p.owner, PERCPU_HELD);
	percpu_leave(&p, RANK, home);
	/* What had not begun is begun anew. */
	percpu_claim_end(&p, claim);
	assert_int_equal(p.owner, claim);
}

static void claims_differ(void **state)
{
	int last = percpu_claim_new();

	for (int i = 0; i < 1000; i++) {
		int claim = percpu_claim_new();

		assert_true(claim <= PERCPU_CLAIMED);
		assert_int_not_equal(claim, last);
		last = claim;
	}
}

static const int foreign_words[] = { OTHER_CPU,	  PERCPU_LOCKED,  PERCPU_HELD,
				     PERCPU_NONE, PERCPU_CLAIMED, PERCPU_CLAIMED - 7 };

static void a_stack_that_is_not_ours_stays_as_it_is(void **state)
{
	void *slots[2] = { &on, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(foreign_words); i++) {
		struct percpu_stack stack = {
			.owner = foreign_words[i], .given = 1, .slots = slots, .most = 2
		};

		assert_null(rseq_pop(&stack));
		assert_false(rseq_push(&stack, &stack));
		assert_int_equal(rseq_enter(&stack.owner), -1);
		assert_int_equal(stack.owner, foreign_words[i]);
		assert_int_equal(stack.given, 1);
		assert_int_equal(stack.taken, 0);
		assert_null(slots[1]);
	}
}

static void *ask_for_a_cpu(void *arg)
{
	cpu_current(1);
	return NULL;
}

/* From here on the process has several threads, and moves are counted. */
static void a_part_wanted_in_turn_becomes_locked(void **state)
{
	struct percpu p = { .owner = OTHER_CPU };
	pthread_t thread;
	int claim = percpu_claim_new();

	cpu_current(1);
	pthread_create(&thread, NULL, ask_for_a_cpu, NULL);
	pthread_join(thread, NULL);
	assert_true(cpu_many_threads());
	for (unsigned int i = 1; i < MOVES_MOST; i++) {
		enter_and_leave(&p);
		assert_int_equal(p.moves, i);
		p.owner = OTHER_CPU;
	}
	for (int i = 0; i < 2; i++) {
		int home = percpu_enter(&p, RANK);

		assert_int_equal(home, PERCPU_LOCKED);
		assert_int_equal(p.owner, PERCPU_HELD);
		assert_int_equal(percpu_enter(&p, RANK), PERCPU_BUSY);
		percpu_leave(&p, RANK, home);
		assert_int_equal(p.owner, PERCPU_LOCKED);
		assert_int_equal(p.moves, MOVES_MOST);
		/* And stays it after a claim. */
		assert_true(percpu_claim_begin(&p, claim));
		percpu_claim_end(&p, claim);
		percpu_unclaim(&p);
	}
}

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

#define NR_STACKS   4
#define STACK_SLOTS 24
#define NR_TOKENS   (NR_STACKS * STACK_SLOTS / 2)
#define IN_HAND	    4

struct stacks {
	struct {
		struct percpu_stack stack;
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
static void *take_one(struct percpu_stack *stack)
{
	void *token = rseq_pop(stack);
	int home;

	if (token)
		return token;
	home = percpu_enter(percpu_of(stack), RANK);
	if (home == PERCPU_BUSY)
		return NULL;
	if (stack_count(stack)) {
		token = stack->slots[stack_count(stack) - 1];
		stack->taken++;
	}
	percpu_leave(percpu_of(stack), RANK, home);
	return token;
}

static bool give_one(struct percpu_stack *stack, void *token)
{
	bool given;
	int home;

	if (rseq_push(stack, token))
		return true;
	home = percpu_enter(percpu_of(stack), RANK);
	if (home == PERCPU_BUSY)
		return false;
	given = stack_count(stack) < stack->most;
	if (given) {
		stack->slots[stack_count(stack)] = token;
		stack->given++;
	}
	percpu_leave(percpu_of(stack), RANK, home);
	return given;
}

static void *move_tokens(void *arg)
{
	struct mover *self = arg;
	unsigned int rounds = hop_rounds(300000);

	for (unsigned int i = 0; i < rounds; i++) {
		unsigned int n = hop_random(&self->seed);
		struct percpu_stack *stack = &self->stacks->of[n / 4 % NR_STACKS].stack;
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
		struct percpu_stack *stack = &stacks.of[i].stack;

		*stack = (struct percpu_stack){ .slots = stacks.of[i].slots, .most = STACK_SLOTS };
		percpu_init(percpu_of(stack));
		/* The counters may run over. */
		stack->given = stack->taken = ~0u - i;
		while (stack_count(stack) < STACK_SLOTS / 2)
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

#define percpu_test(f) cmocka_unit_test_setup_teardown(f, percpu_setup, percpu_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		percpu_test(a_part_becomes_whose_it_is_entered_by),
		percpu_test(a_zeroed_part_is_one),
		percpu_test(a_part_of_another_cpu_is_taken_over),
		percpu_test(a_claimed_part_is_nobodys),
		percpu_test(a_held_part_is_not_claimed),
		percpu_test(claims_differ),
		percpu_test(a_stack_that_is_not_ours_stays_as_it_is),
		percpu_test(a_part_wanted_in_turn_becomes_locked),
		percpu_test(one_thread_at_a_time_is_inside),
		percpu_test(hopping_threads_exclude_each_other),
		percpu_test(claims_exclude_threads),
		percpu_test(pointers_are_neither_lost_nor_doubled),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
