/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "percpu.h"

#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cpu.h"

/* After so many moves a part is one that threads of several CPUs want in turn. */
#define MOVES_MOST 256

#define ROUNDS	   4

/* Whoever waits for a thread that is inside yields so often, then sleeps. */
#define YIELDS	 100
#define SLEEP_NS 50000

static bool swap_owner(struct percpu *p, int from, int to)
{
	return __atomic_compare_exchange_n(&p->owner, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

/* Whose a part becomes that is nobody's, or that is wanted on this CPU. */
static int new_owner(struct percpu *p)
{
	int cpu = rseq_cpu();

	/* A single thread may have no sequences, where somebody took its registration back. */
	if (!rseq_is_on() || cpu < 0)
		return PERCPU_LOCKED;
	if (cpu_many_threads() && READ_ONCE(p->moves) >= MOVES_MOST)
		return PERCPU_LOCKED;
	return cpu;
}

int percpu_claim_new(void)
{
	static unsigned int last;

	return PERCPU_CLAIMED - (int)(__atomic_add_fetch(&last, 1, __ATOMIC_RELAXED) % (1u << 30));
}

static bool is_claimed_by(const struct percpu *p, int claim)
{
	return __atomic_load_n(&p->owner, __ATOMIC_ACQUIRE) == claim;
}

/* As the head comment says. Return: whether the part is now whose new_owner() says. */
static bool take_over(struct percpu *p, int from)
{
	int claim = percpu_claim_new();

	if (!swap_owner(p, from, claim))
		return false;
	rseq_fence();
	if (!is_claimed_by(p, claim))
		return false;
	if (cpu_many_threads())
		WRITE_ONCE(p->moves, (u16)(p->moves + 1));
	__atomic_store_n(&p->owner, new_owner(p), __ATOMIC_RELEASE);
	return true;
}

/*
 * Each round ends, enters, or changes the owner to what lets the next one enter; the
 * host may move the thread in between, so there are a few. A process of one thread does
 * not give up: it is to do the same in every run.
 */
cold_path int percpu_enter_slow(struct percpu *p)
{
	for (int round = 0; round < ROUNDS || !cpu_many_threads(); round++) {
		int owner = READ_ONCE(p->owner), home;

		if (owner == PERCPU_HELD || owner <= PERCPU_CLAIMED || READ_ONCE(p->wanted))
			return PERCPU_BUSY;
		if (owner == PERCPU_LOCKED)
			return swap_owner(p, PERCPU_LOCKED, PERCPU_HELD) ? PERCPU_LOCKED
									 : PERCPU_BUSY;
		if (owner == PERCPU_NONE)
			swap_owner(p, PERCPU_NONE, new_owner(p));
		else if (owner != rseq_cpu() && !take_over(p, owner))
			return PERCPU_BUSY;
		home = rseq_enter(&p->owner);
		if (home >= 0)
			return home;
	}
	return PERCPU_BUSY;
}

bool percpu_claim_begin(struct percpu *p, int claim)
{
	int owner = READ_ONCE(p->owner);

	return owner != PERCPU_HELD && owner > PERCPU_CLAIMED && swap_owner(p, owner, claim) &&
	       owner >= 0;
}

/*
 * A thread of a lower priority runs on this CPU only while we sleep. Not by nanosleep(),
 * where the thread might be cancelled.
 */
static void give_way(unsigned int round)
{
	if (round < YIELDS)
		sched_yield();
	else
		syscall(SYS_nanosleep, &(struct timespec){ .tv_nsec = SLEEP_NS }, NULL);
}

void percpu_claim_end(struct percpu *p, int claim)
{
	for (unsigned int round = 0; !is_claimed_by(p, claim); round++) {
		/* Each time, as the end of another claim takes it back. */
		WRITE_ONCE(p->wanted, true);
		give_way(round);
		if (percpu_claim_begin(p, claim))
			rseq_fence();
	}
}

void percpu_unclaim(struct percpu *p)
{
	WRITE_ONCE(p->wanted, false);
	__atomic_store_n(&p->owner, PERCPU_NONE, __ATOMIC_RELEASE);
}
