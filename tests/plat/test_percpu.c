/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/percpu.c, one thread at a time: the owner's word goes through the
 * states of the header and no others. With sequences and without: the suite runs a
 * second time with GLIBC_TUNABLES=glibc.pthread.rseq=0.
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
	/* It was nobody's, so there is nobody to wait for. */
	assert_false(percpu_claim_begin(&p, first));
	assert_int_equal(p.owner, first);
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
	assert_int_equal(percpu_claim_begin(&p, second), on);
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

/* Runs first: with one thread a part stays whose it is, and a stack needs no owner. */
static void who_is_alone_reads_and_writes_plainly(void **state)
{
	static const int words[] = { OTHER_CPU, PERCPU_LOCKED, PERCPU_NONE };
	void *slots[2] = { NULL };
	struct kalloc_stack stack = { .owner = OTHER_CPU, .slots = slots, .most = 2 };

	if (!is_alone())
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct percpu p = { .owner = words[i] };
		int home = percpu_enter(&p, RANK);

		assert_int_equal(home, words[i]);
		assert_int_equal(p.owner, PERCPU_HELD);
		assert_int_equal(percpu_enter(&p, RANK), PERCPU_BUSY);
		percpu_leave(&p, RANK, home);
		assert_int_equal(p.owner, words[i]);
		p.owner = percpu_claim_new();
		assert_int_equal(percpu_enter(&p, RANK), PERCPU_BUSY);
	}
	assert_null(kalloc_stack_pop(&stack));
	assert_true(kalloc_stack_push(&stack, &stack));
	assert_true(kalloc_stack_push(&stack, slots));
	assert_false(kalloc_stack_push(&stack, slots));
	assert_ptr_equal(kalloc_stack_pop(&stack), slots);
	assert_ptr_equal(kalloc_stack_pop(&stack), &stack);
	assert_null(kalloc_stack_pop(&stack));
}

/* Runs second, for all that follow. */
static void in_company(void **state)
{
	hop_in_company();
	assert_false(is_alone());
}

static const int foreign_words[] = { OTHER_CPU,	  PERCPU_LOCKED,  PERCPU_HELD,
				     PERCPU_NONE, PERCPU_CLAIMED, PERCPU_CLAIMED - 7 };

static void a_stack_that_is_not_ours_stays_as_it_is(void **state)
{
	void *slots[2] = { &on, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(foreign_words); i++) {
		struct kalloc_stack stack = {
			.owner = foreign_words[i], .nr = 1, .slots = slots, .most = 2
		};

		assert_null(kalloc_sequence_pop(&stack, kalloc_self.area));
		assert_false(kalloc_sequence_push(&stack, kalloc_self.area, &stack));
		assert_int_equal(rseq_enter(&stack.owner), -1);
		assert_int_equal(kalloc_self.area->running, 0);
		assert_int_equal(stack.owner, foreign_words[i]);
		assert_int_equal(stack.nr, 1);
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
		assert_false(percpu_claim_begin(&p, claim));
		assert_int_equal(p.owner, claim);
		percpu_claim_end(&p, claim);
		percpu_unclaim(&p);
	}
}

#define percpu_test(f) cmocka_unit_test_setup_teardown(f, percpu_setup, percpu_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		percpu_test(who_is_alone_reads_and_writes_plainly),
		percpu_test(in_company),
		percpu_test(a_part_becomes_whose_it_is_entered_by),
		percpu_test(a_zeroed_part_is_one),
		percpu_test(a_part_of_another_cpu_is_taken_over),
		percpu_test(a_claimed_part_is_nobodys),
		percpu_test(a_held_part_is_not_claimed),
		percpu_test(claims_differ),
		percpu_test(a_stack_that_is_not_ours_stays_as_it_is),
		percpu_test(a_part_wanted_in_turn_becomes_locked),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
