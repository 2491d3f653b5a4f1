/* SPDX-License-Identifier: MIT */
/*
 * Per CPU: the right to use one CPU's part of something, as a rule without a locked
 * instruction. A part begins with a struct percpu. Its word `owner` says who may enter:
 *
 *   n >= 0          threads that run on host CPU n, by a restartable sequence (rseq.h)
 *   PERCPU_LOCKED   any thread, by compare and exchange
 *   PERCPU_NONE     whoever comes first, and makes it the part of the CPU it runs on
 *   PERCPU_HELD     nobody: a thread is inside
 *   PERCPU_CLAIMED  and every word below it, each a claim: nobody; somebody is taking
 *                   the part over, or draining it
 *
 * Entering is only ever tried, as Linux 6.1 tries the locks of its per-CPU page lists;
 * who finds a part in use has another way. A stack (kalloc/stack.h) can besides be popped
 * and pushed in one sequence, without entering.
 *
 * Which host CPU a part belongs to is only a question of speed: a part that is a
 * virtual CPU's goes along with its thread. A thread that runs on another CPU than the
 * owner takes the part over:
 *
 *   1. owner: n -> a claim of its own, by compare and exchange
 *   2. rseq_fence(): a sequence on CPU n that had compared before 1 has ended
 *   3. if the word is still that claim, the part is ours; if it is PERCPU_HELD, such a
 *      sequence has entered: it was faster
 *
 * Draining other CPUs' parts goes the same way (percpu_claim). A part that threads of
 * several CPUs want in turn, or in a process without sequences, becomes
 * PERCPU_LOCKED and stays it.
 *
 * Who waits to claim a part looks at it now and then, and a thread that leaves it only to
 * enter it again may be inside at each look. So they say that they wait, and whoever would
 * enter otherwise than by a sequence finds the part in use until it has been claimed.
 *
 * A thread that is alone in its process (alone.h) needs none of this, and reads and
 * writes plainly.
 *
 * Ordering: entering acquires, leaving releases. On one CPU the switch of threads
 * orders everything; across CPUs the fence does, or the compare and exchange.
 */
#ifndef PLAT_PERCPU_H
#define PLAT_PERCPU_H

#include "lock.h"
#include "rseq.h"

struct percpu {
	int owner;
	u16 moves;  /* from one host CPU to another, in a process of several threads */
	u16 wanted; /* somebody waits to claim it */
};

_Static_assert(offsetof(struct percpu, owner) == 0 && offsetof(struct kalloc_stack, owner) == 0 &&
		       sizeof(struct percpu) == offsetof(struct kalloc_stack, nr),
	       "a stack begins with a struct percpu");

/* percpu_enter() did not enter; what a failed rseq_enter() returns. */
#define PERCPU_BUSY (-1)

/* A zeroed part is one too: host CPU 0's. */
static inline void percpu_init(struct percpu *p)
{
	*p = (struct percpu){ .owner = PERCPU_NONE };
}

/* percpu_enter() for a thread that is alone. */
static inline int percpu_enter_alone(struct percpu *p)
{
	int home = p->owner;

	if (unlikely(home == PERCPU_HELD || home <= PERCPU_CLAIMED))
		return PERCPU_BUSY;
	p->owner = PERCPU_HELD;
	assume(home != PERCPU_BUSY); /* which is nobody's word */
	return home;
}

int percpu_enter_slow(struct percpu *p);

/* With checks the calling thread remembers that it holds a lock of @rank from now on. */
static inline int percpu_entered(int home, enum lock_rank rank)
{
	if (CHECK_LEVEL >= 1 && home != PERCPU_BUSY)
		lock_check_try(rank);
	return home;
}

/*
 * The part of percpu_enter() that costs little, for a few lines that take no lock. Where it
 * says busy, the whole may still enter.
 */
static inline int percpu_enter_quick(struct percpu *p)
{
	return is_alone() ? percpu_enter_alone(p) : rseq_enter(&p->owner);
}

/* percpu_enter(), but only a part that is this CPU's already. */
static inline int percpu_enter_own(struct percpu *p, enum lock_rank rank)
{
	return percpu_entered(percpu_enter_quick(p), rank);
}

/*
 * Try to enter; @rank is that of the part as a lock. Return: what percpu_leave() is to
 * be given, or PERCPU_BUSY.
 */
static inline int percpu_enter(struct percpu *p, enum lock_rank rank)
{
	int home = percpu_enter_quick(p);

	if (unlikely(home == PERCPU_BUSY) && !is_alone())
		home = percpu_enter_slow(p);
	return percpu_entered(home, rank);
}

static inline void percpu_leave_quick(struct percpu *p, int home)
{
	__atomic_store_n(&p->owner, home, __ATOMIC_RELEASE);
}

static inline void percpu_leave(struct percpu *p, enum lock_rank rank, int home)
{
	if (CHECK_LEVEL >= 1)
		lock_check_drop(rank);
	percpu_leave_quick(p, home);
}

/*
 * Claim parts, whosever they are: nobody enters one until percpu_unclaim(). Three
 * steps, of which the fence is the dear one and needed once for any number of parts:
 *
 *   claim = percpu_claim_new(); percpu_claim_begin(p, claim) for each;
 *   rseq_fence(), if one of these said true; percpu_claim_end(p, claim) for each
 *
 * The last waits for threads that are inside, so no lock is held that is taken there.
 * It waits for other claims, too: two threads that claim some of the same parts would
 * wait for each other for ever, so whoever claims several holds a lock of theirs.
 */
int percpu_claim_new(void);

/* Return: true if the part was somebody's and is now claimed: then a fence is needed. */
bool percpu_claim_begin(struct percpu *p, int claim);
void percpu_claim_end(struct percpu *p, int claim);
void percpu_unclaim(struct percpu *p);

static inline struct percpu *percpu_of(struct kalloc_stack *stack)
{
	return (struct percpu *)stack;
}

#endif
