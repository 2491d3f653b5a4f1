/* SPDX-License-Identifier: MIT */
/*
 * Sweep (--fail-each): the program runs once as it is, and again and again with one request
 * for memory failing. A run *survives* that if it comes to its end: nothing is fatal in it,
 * no sanitizer stops it, it does not hang, and nothing is left behind. What its own
 * checks say does not count: a test may well find that it had no memory.
 *
 * The requests of the first run are told apart by their call stacks. Those that are to fail
 * are each K-th, and of each stack the first, the second and the last.
 *
 * The runs are copies of the process. A program of one thread runs a second time, and is
 * copied just before each request that is to fail; so a copy has only the rest to do. It
 * goes on to the end of the program for the first request of a stack; for the others until
 * it has asked for memory again, nothing is allocated, and the program is at rest: in no
 * section that is atomic or of RCU, it waits for callbacks of RCU, ends a section of RCU or
 * asks for memory that it may sleep for. The rest would be what it was in the first run. A
 * program of several threads, which no copy has, begins anew for each.
 *
 * Processes: *main* does the first run, chooses and reports; *server*, its copy, makes the
 * others (*attempts*). They share what is below.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <kalloc/observe.h>

#include "core.h"

#define NR_REQUESTS (1UL << 26) /* that can be told apart */
#define NR_STACKS   (1UL << 14)
#define NR_ENTRIES  12
#define NR_JOBS	    64
#define NR_LOOKS    64 /* at what is left, of one attempt: it takes a while */

/* How long an attempt may take: so long, and so many times as long as the first run. */
#define LEAST_S	 30
#define TIMES	 20

#define NS_PER_S 1000000000ULL

/* One request that fails. */
struct attempt {
	unsigned int nth;
	int pid;
	bool is_made;
	bool has_ended;
	bool is_whole; /* it came to the program's end */
	long live;
	unsigned int nr_entries;
	unsigned long entries[NR_ENTRIES]; /* where it comes from */
	struct host_fault fault;
	struct host_end end;
};

/* How an attempt ends that does not survive. */
enum trouble {
	TROUBLE_LEFT,
	TROUBLE_SIGNAL,
	TROUBLE_STATUS,
	TROUBLE_LATE,
	NR_TROUBLES
};

/* A call stack that requests come from. */
struct stack {
	unsigned int nr_entries;
	unsigned int nr, first, second, last; /* requests */
	unsigned long entries[NR_ENTRIES];
	unsigned int nr_troubles[NR_TROUBLES];
	struct attempt troubles[NR_TROUBLES]; /* the first of each */
};

struct shared {
	unsigned int nr_requests, nr_stacks; /* of the first run */
	unsigned int nr_jobs, seconds;
	bool has_threads;
	bool has_served;
	unsigned int nr_tried, nr_survived, nr_whole, nr_unmade;
	struct attempt attempts[NR_JOBS];
	struct stack stacks[NR_STACKS];	      /* a table by their hash; the first: unknown ones */
	unsigned short stack_of[NR_REQUESTS]; /* by number */
	unsigned long chosen[NR_REQUESTS / BITS_PER_LONG];
};

static enum role {
	ROLE_NONE,
	ROLE_MAIN,
	ROLE_SERVER,
	ROLE_ATTEMPT,
} role;

static struct shared *shared;
static struct host_pipe begin;
static struct attempt *mine; /* of an attempt */
static unsigned int step;
static unsigned int nr_known; /* call stacks, to this process */
static bool to_the_end, has_asked_again;
static unsigned long long began_ns;
static atomic_long_t nr_objects = ATOMIC_LONG_INIT(0);

static void object_taken(struct kmem_cache *s, void *object)
{
	atomic_long_inc(&nr_objects);
}

static void object_given(struct kmem_cache *s, void *object)
{
	atomic_long_dec(&nr_objects);
}

static const struct kalloc_observer counting = { object_taken, object_given };

/* --- main: the first run ------------------------------------------------------- */

static unsigned long stack_hash(const unsigned long *entries, unsigned int nr)
{
	unsigned long hash = nr;

	while (nr--)
		hash = (hash ^ entries[nr]) * 0x9e3779b97f4a7c15UL;
	return hash >> 32;
}

/* The stack of these entries, which may be new; the unknown one: of none, or of too many. */
static struct stack *stack_find(const unsigned long *entries, unsigned int nr)
{
	unsigned long at = stack_hash(entries, nr) % NR_STACKS;
	struct stack *stack;

	if (!nr)
		return &shared->stacks[0];
	for (;; at = (at + 1) % NR_STACKS) {
		stack = &shared->stacks[at];
		if (!at)
			continue;
		if (!stack->nr_entries)
			break;
		if (stack->nr_entries == nr &&
		    !memcmp(stack->entries, entries, nr * sizeof(*entries)))
			return stack;
	}
	if (nr_known == NR_STACKS / 2)
		return &shared->stacks[0];
	nr_known++;
	stack->nr_entries = nr;
	memcpy(stack->entries, entries, nr * sizeof(*entries));
	return stack;
}

static void stack_count(struct stack *stack, unsigned int nr)
{
	stack->nr++;
	stack->last = nr;
	if (stack->nr == 1)
		stack->first = nr;
	else if (stack->nr == 2)
		stack->second = nr;
}

static bool request_record(unsigned int nr)
{
	static int lock;
	unsigned long entries[NR_ENTRIES];
	unsigned int nr_entries;
	struct stack *stack;

	if (nr >= NR_REQUESTS)
		return false;
	nr_entries = fault_stack(entries, NR_ENTRIES);
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		host_relax(1);
	stack = stack_find(entries, nr_entries);
	stack_count(stack, nr);
	shared->stack_of[nr] = (unsigned short)(stack - shared->stacks);
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	return false;
}

static void choose_all(void)
{
	unsigned long i;

	for (i = step; i <= shared->nr_requests && i < NR_REQUESTS; i += step)
		__set_bit(i, shared->chosen);
	for (i = 0; i < NR_STACKS; i++) {
		const struct stack *stack = &shared->stacks[i];

		__set_bit(stack->first, shared->chosen);
		__set_bit(stack->second, shared->chosen);
		__set_bit(stack->last, shared->chosen);
	}
	__clear_bit(0, shared->chosen); /* of stacks that had fewer */
}

/* --- server -------------------------------------------------------------------- */

static struct attempt *attempt_of(int pid)
{
	unsigned int i;

	for (i = 0; i < shared->nr_jobs; i++)
		if (shared->attempts[i].pid == pid)
			return &shared->attempts[i];
	return NULL;
}

static void trouble_note(const struct attempt *attempt)
{
	struct stack *stack = stack_find(attempt->entries, attempt->nr_entries);
	enum trouble trouble = TROUBLE_LEFT;

	if (attempt->end.is_late)
		trouble = TROUBLE_LATE;
	else if (attempt->end.signal)
		trouble = TROUBLE_SIGNAL;
	else if (!attempt->has_ended)
		trouble = TROUBLE_STATUS;
	if (!stack->nr_troubles[trouble]++)
		stack->troubles[trouble] = *attempt;
}

static void attempt_judge(const struct attempt *attempt)
{
	bool whole = attempt->has_ended && !attempt->end.signal;

	if (whole && !attempt->is_made) {
		shared->nr_unmade++;
		return;
	}
	shared->nr_tried++;
	shared->nr_whole += attempt->is_whole;
	if (whole && attempt->live <= 0)
		shared->nr_survived++;
	else
		trouble_note(attempt);
}

/* Wait for the end of one. Return: false if none is under way. */
static bool attempt_reap(void)
{
	struct attempt *attempt;
	struct host_end end;

	if (!host_reap(&end))
		return false;
	attempt = attempt_of(end.pid);
	attempt->end = end;
	attempt_judge(attempt);
	attempt->pid = 0;
	return true;
}

/* Return: true in the copy. */
static bool attempt_make(unsigned int nth)
{
	struct attempt *attempt = attempt_of(0);
	int pid;

	if (!attempt) {
		attempt_reap();
		attempt = attempt_of(0);
	}
	*attempt = (struct attempt){ .nth = nth };
	pid = host_fork(shared->seconds);
	if (pid > 0) {
		attempt->pid = pid;
		return false;
	}
	if (pid < 0)
		host_leave(1);
	role = ROLE_ATTEMPT;
	mine = attempt;
	host_catch(&mine->fault);
	return true;
}

static __noreturn void serve_end(void)
{
	while (attempt_reap())
		;
	shared->has_served = true;
	host_leave(0);
}

/* --- attempt ------------------------------------------------------------------- */

static __noreturn void attempt_end(long live)
{
	mine->live = live;
	mine->has_ended = true;
	host_leave(0);
}

/* The program is at rest after a request that has failed. */
static void attempt_rest(void)
{
	static unsigned int nr_looks;

	if (to_the_end || !has_asked_again || atomic_long_read(&nr_objects) || nr_looks == NR_LOOKS)
		return;
	nr_looks++;
	if (!live_report())
		attempt_end(0);
}

static bool request_fail(unsigned int nr)
{
	mine->is_made = true;
	mine->nr_entries = fault_stack(mine->entries, NR_ENTRIES);
	to_the_end |= nr == shared->stacks[shared->stack_of[nr]].first;
	rcu_at_rest = attempt_rest;
	return true;
}

static bool request_serve(unsigned int nr)
{
	if (role == ROLE_ATTEMPT) {
		has_asked_again = true;
		return false; /* no other one fails */
	}
	if (nr >= NR_REQUESTS || !test_bit(nr, shared->chosen) || !attempt_make(nr))
		return false;
	return request_fail(nr);
}

static bool request_await(unsigned int nr)
{
	return nr == mine->nth && request_fail(nr);
}

/* --- all of them --------------------------------------------------------------- */

void sweep_begin(unsigned int every, unsigned int nr_jobs, unsigned int seconds)
{
	unsigned int nr;

	step = every;
	shared = host_share(sizeof(*shared));
	shared->seconds = seconds;
	shared->nr_jobs = clamp_t(unsigned int, nr_jobs, 1, NR_JOBS);
	host_pipe(&begin);
	kalloc_observe(&counting);
	if (host_fork(0)) {
		role = ROLE_MAIN;
		began_ns = host_clock();
		fault_begin(request_record);
		return;
	}
	role = ROLE_SERVER;
	printk_mute = true;
	if (!host_hear(&begin))
		host_leave(0);
	nr_known = shared->nr_stacks;
	if (!shared->has_threads) {
		fault_begin(request_serve);
		return;
	}
	to_the_end = true;
	for (nr = 1; nr <= shared->nr_requests && nr < NR_REQUESTS; nr++) {
		if (test_bit(nr, shared->chosen) && attempt_make(nr)) {
			fault_begin(request_await);
			return;
		}
	}
	serve_end();
}

static void trouble_tell(const struct stack *stack, enum trouble trouble)
{
	const struct attempt *attempt = &stack->troubles[trouble];
	char text[512];

	host_stack(stack->entries, stack->nr_entries, text, sizeof(text));
	printk("kalloc: request %u fails, of %s\n", attempt->nth, text);
	host_stack(attempt->fault.stack, attempt->fault.nr_stack, text, sizeof(text));
	switch (trouble) {
	case TROUBLE_LEFT:
		printk("kalloc:   %ld left behind", attempt->live);
		break;
	case TROUBLE_SIGNAL:
		printk("kalloc:   ended by signal %d in %s", attempt->end.signal, text);
		break;
	case TROUBLE_STATUS:
		printk("kalloc:   ended with status %d", attempt->end.status);
		break;
	default:
		printk("kalloc:   no end after %u s", shared->seconds);
	}
	printk(KERN_CONT " (%u requests)\n", stack->nr_troubles[trouble]);
}

/* The first one after request @nr that is in trouble. Return: false if there is none. */
static bool trouble_next(unsigned int nr, struct stack **stack, enum trouble *trouble)
{
	unsigned int i, k, first = ~0u;

	for (i = 0; i < NR_STACKS; i++) {
		for (k = 0; k < NR_TROUBLES; k++) {
			unsigned int nth = shared->stacks[i].troubles[k].nth;

			if (!shared->stacks[i].nr_troubles[k] || nth <= nr || nth >= first)
				continue;
			first = nth;
			*stack = &shared->stacks[i];
			*trouble = k;
		}
	}
	return first != ~0u;
}

static bool summary_tell(void)
{
	struct stack *stack;
	enum trouble trouble;
	unsigned int nr = 0;

	while (trouble_next(nr, &stack, &trouble)) {
		trouble_tell(stack, trouble);
		nr = stack->troubles[trouble].nth;
	}
	if (!shared->has_served)
		printk("kalloc: the sweep did not come to its end\n");
	printk("kalloc: %u requests from %u call stacks; failed one by one %u, survived %u, to the end %u, not made %u\n",
	       shared->nr_requests, shared->nr_stacks, shared->nr_tried, shared->nr_survived,
	       shared->nr_whole, shared->nr_unmade);
	return shared->has_served && shared->nr_survived == shared->nr_tried;
}

void sweep_requests_end(void)
{
	unsigned int nr = fault_end();

	rcu_at_rest = NULL;
	if (role == ROLE_MAIN)
		shared->nr_requests = nr;
}

bool sweep_end(long live)
{
	struct host_end end;

	if (role == ROLE_ATTEMPT) {
		mine->is_whole = true;
		attempt_end(live);
	}
	if (role == ROLE_SERVER)
		serve_end();
	kalloc_observe(NULL);
	shared->has_threads = task_has_started();
	if (!shared->seconds)
		shared->seconds =
			LEAST_S + TIMES * (unsigned int)((host_clock() - began_ns) / NS_PER_S);
	shared->nr_stacks = nr_known;
	choose_all();
	host_tell(&begin, 1);
	host_reap(&end);
	return summary_tell();
}
