/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/rseq.c and the sequences of this machine's kind: they do what rseq.h
 * says on the CPU that owns the word and nothing on another, interrupted sequences
 * start over, also in a child, and where the host has no fence there are none. Where
 * sequences are off only the last is tested.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <cmocka.h>

#include "percpu.h"
#include "plat/child.h"
#include "plat/hop.h"

#define SLOTS 8

/* Whatever comes of it, no word of the sequence is left. */
static void *pop(struct kalloc_stack *stack)
{
	void *object = kalloc_sequence_pop(stack, kalloc_self.area);

	assert_int_equal(kalloc_self.area->running, 0);
	return object;
}

static bool push(struct kalloc_stack *stack, void *object)
{
	bool pushed = kalloc_sequence_push(stack, kalloc_self.area, object);

	assert_int_equal(kalloc_self.area->running, 0);
	return pushed;
}

/* What the C library registered with. */
#ifdef __aarch64__
#define RSEQ_SIGNATURE 0xd428bc00
#else
#define RSEQ_SIGNATURE 0x53053053
#endif

/* Begin a test that needs sequences, on the first CPU. */
static void on_first_cpu(void)
{
	if (!rseq_is_on())
		skip();
	hop_to(0);
}

static int rseq_teardown(void **state)
{
	hop_anywhere();
	return 0;
}

/* Let membarrier fail as on a host that does not know it. */
static bool refuse_fences(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { .len = ARRAY_SIZE(code), .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

#define CANNOT 77

/* Exit status: the line of what went wrong, CANNOT if the host lets nobody refuse. */
static void without_fence(void *arg)
{
	void *slots[SLOTS] = { slots };
	struct kalloc_stack stack = { .slots = slots, .nr = 1, .most = SLOTS };
	struct percpu part = { 0 };
	int home;

	if (!refuse_fences())
		_exit(CANNOT);
	hop_in_company();
	if (rseq_is_on() || rseq_cpu() >= 0)
		_exit(1);
	/* A zeroed part is host CPU 0's, where this may be running. */
	if (rseq_enter(&part.owner) >= 0 || pop(&stack) || push(&stack, slots))
		_exit(2);
	home = percpu_enter(&part, RANK_FRONT);
	if (home != PERCPU_LOCKED)
		_exit(3);
	percpu_leave(&part, RANK_FRONT, home);
	rseq_fence();
}

/* Runs first: a process asks once. */
static void no_fence_no_sequences(void **state)
{
	struct child child;

	hop_to(0);
	child_run(&child, without_fence, NULL);
	hop_anywhere();
	if (WIFEXITED(child.status) && WEXITSTATUS(child.status) == CANNOT)
		skip();
	assert_int_equal(child.status, 0);
}

static void *ask(void *arg)
{
	return rseq_is_on() ? arg : NULL;
}

/* Runs second: nobody in this process has asked before. */
static void many_may_ask_at_once(void **state)
{
	pthread_t threads[4];
	void *said[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, ask, &threads);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &said[i]);
		assert_ptr_equal(said[i], said[0]);
	}
	assert_int_equal(rseq_is_on(), said[0] != NULL);
}

static void the_cpu_is_the_hosts(void **state)
{
	on_first_cpu();
	for (unsigned int n = 0; n < hop_nr; n++) {
		hop_to(n);
		assert_int_equal(rseq_cpu(), hop_cpus[n]);
		assert_int_equal(rseq_cpu(), sched_getcpu());
	}
}

static void entering_writes_one_word(void **state)
{
	int words[3] = { 11, hop_cpus[0], 12 };

	on_first_cpu();
	assert_int_equal(rseq_enter(&words[1]), hop_cpus[0]);
	assert_int_equal(words[1], PERCPU_HELD);
	assert_int_equal(rseq_enter(&words[1]), -1);
	assert_int_equal(words[1], PERCPU_HELD);
	words[1] = hop_cpus[0] + 1;
	assert_int_equal(rseq_enter(&words[1]), -1);
	assert_int_equal(words[1], hop_cpus[0] + 1);
	assert_int_equal(words[0], 11);
	assert_int_equal(words[2], 12);
}

/* From empty to full and back. */
static void a_stack_is_last_in_first_out(void **state)
{
	void *slots[SLOTS + 1] = { 0 };
	struct kalloc_stack stack = { .owner = hop_cpus[0], .slots = slots, .most = SLOTS };
	char objects[SLOTS];

	on_first_cpu();
	for (int round = 0; round < 3; round++) {
		assert_null(pop(&stack));
		for (unsigned int i = 0; i < SLOTS; i++) {
			assert_true(push(&stack, &objects[i]));
			assert_int_equal(stack.nr, i + 1);
			assert_ptr_equal(slots[i], &objects[i]);
		}
		assert_false(push(&stack, objects));
		assert_null(slots[SLOTS]);
		assert_int_equal(stack.nr, SLOTS);
		for (unsigned int i = SLOTS; i-- > 0;) {
			assert_ptr_equal(pop(&stack), &objects[i]);
			assert_int_equal(stack.nr, i);
		}
	}
	assert_null(pop(&stack));
	assert_int_equal(stack.owner, hop_cpus[0]);
	assert_int_equal(stack.most, SLOTS);
	assert_ptr_equal(stack.slots, slots);
}

static void a_stack_without_slots_is_empty_and_full(void **state)
{
	struct kalloc_stack stack = { .owner = hop_cpus[0] };

	on_first_cpu();
	assert_null(pop(&stack));
	assert_false(push(&stack, &stack));
}

static volatile sig_atomic_t nr_signals;

static void on_signal(int signal)
{
	nr_signals++;
}

/* Pushes and pops until @signals have come; false if an object was lost or doubled. */
static bool survives_signals(int signals)
{
	const struct itimerval often = { { 0, 50 }, { 0, 50 } }, never = { { 0, 0 }, { 0, 0 } };
	void *slots[SLOTS];
	struct kalloc_stack stack = { .owner = hop_cpus[0], .slots = slots, .most = SLOTS };
	bool good = true;

	nr_signals = 0;
	signal(SIGALRM, on_signal);
	setitimer(ITIMER_REAL, &often, NULL);
	while (good && nr_signals < signals) {
		good = push(&stack, &stack) && push(&stack, slots) && pop(&stack) == slots &&
		       pop(&stack) == (void *)&stack && rseq_enter(&stack.owner) == hop_cpus[0];
		stack.owner = hop_cpus[0];
	}
	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_DFL);
	return good && !stack.nr;
}

/* A sequence that a signal hits is sent to where it starts over. */
static void interrupted_sequences_start_over(void **state)
{
	on_first_cpu();
	assert_true(survives_signals(2000));
}

/* Exit status: the line of what went wrong. */
static void without_registration(void *arg)
{
	struct percpu part;
	int home;

	hop_in_company();
	if (syscall(SYS_rseq, kalloc_self.area, 32, 1 /* to end it */, RSEQ_SIGNATURE))
		_exit(CANNOT);
	if (!rseq_is_on() || rseq_cpu() >= 0)
		_exit(1);
	percpu_init(&part);
	for (int i = 0; i < 2; i++) {
		home = percpu_enter(&part, RANK_FRONT);
		if (home != PERCPU_LOCKED || percpu_enter(&part, RANK_FRONT) != PERCPU_BUSY)
			_exit(2);
		percpu_leave(&part, RANK_FRONT, home);
		/* Of whatever CPU it is: this thread cannot tell that it runs there. */
		part.owner = hop_cpus[0];
	}
}

static void a_thread_without_sequences_locks(void **state)
{
	struct child child;

	on_first_cpu();
	child_run(&child, without_registration, NULL);
	if (WIFEXITED(child.status) && WEXITSTATUS(child.status) == CANNOT)
		skip();
	assert_int_equal(child.status, 0);
}

static void in_child(void *arg)
{
	rseq_fence();
	_exit(rseq_is_on() && rseq_cpu() == hop_cpus[0] && survives_signals(200) ? 0 : 1);
}

static void a_child_has_sequences_too(void **state)
{
	struct child child;

	on_first_cpu();
	child_run(&child, in_child, NULL);
	assert_int_equal(child.status, 0);
}

#define rseq_test(f) cmocka_unit_test_setup_teardown(f, NULL, rseq_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_fence_no_sequences),
		cmocka_unit_test(many_may_ask_at_once),
		rseq_test(the_cpu_is_the_hosts),
		rseq_test(entering_writes_one_word),
		rseq_test(a_stack_is_last_in_first_out),
		rseq_test(a_stack_without_slots_is_empty_and_full),
		rseq_test(interrupted_sequences_start_over),
		rseq_test(a_thread_without_sequences_locks),
		rseq_test(a_child_has_sequences_too),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
