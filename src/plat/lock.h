/* SPDX-License-Identifier: MIT */
/*
 * A lock: spins a little, then sleeps in the host. Not recursive, not fair.
 *
 * word: 0 free, 1 held, 2 held and somebody may be asleep.
 *
 * Taking acquires, dropping releases; the pair is the only ordering the rooms
 * above rely on. In builds with checks each thread remembers the ranks it holds
 * and stops when one is taken out of order (base/lockrank.h).
 */
#ifndef PLAT_LOCK_H
#define PLAT_LOCK_H

#include "alone.h"
#include "base.h"
#include "lockrank.h"

#ifndef CHECK_LEVEL
#define CHECK_LEVEL 0
#endif

struct lock {
	u32 word;
	u32 rank; /* enum lock_rank */
};

#define LOCK_INIT(r)                   \
	{                              \
		.word = 0, .rank = (r) \
	}

static inline void lock_init(struct lock *lock, enum lock_rank rank)
{
	*lock = (struct lock)LOCK_INIT(rank);
}

/* The same for one that is all zero, which is free: only checks want its rank. */
static inline void lock_init_zeroed(struct lock *lock, enum lock_rank rank)
{
	if (CHECK_LEVEL >= 1)
		lock->rank = rank;
}

void lock_take_slow(struct lock *lock);
void lock_wake(struct lock *lock);
void lock_check_take(u32 rank);
void lock_check_try(u32 rank);
void lock_check_drop(u32 rank);

static inline void lock_take(struct lock *lock)
{
	u32 free = 0;

	if (CHECK_LEVEL >= 1)
		lock_check_take(lock->rank);
	if (is_alone() && likely(!lock->word))
		lock->word = 1;
	else if (unlikely(!__atomic_compare_exchange_n(&lock->word, &free, 1, false,
						       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)))
		lock_take_slow(lock);
}

/*
 * lock_take() without the rank assertion, for <room>_freeze() around fork only:
 * that takes every lock of every machine, so many of one rank. It cannot
 * deadlock, for within a machine it goes in rank order, no other code holds locks
 * of two machines, and the directory lock lets one thread freeze at a time.
 */
static inline void lock_take_nested(struct lock *lock)
{
	u32 free = 0;

	if (unlikely(!__atomic_compare_exchange_n(&lock->word, &free, 1, false, __ATOMIC_ACQUIRE,
						  __ATOMIC_RELAXED)))
		lock_take_slow(lock);
	if (CHECK_LEVEL >= 1)
		lock_check_try(lock->rank);
}

/*
 * From now on no lock waits for its holder, for a process that looks at the copy of
 * another's memory: who holds a lock there is not here to drop it.
 */
void lock_wait_no_more(void);

/*
 * The calling thread's record of what it holds starts anew, for the child of a
 * fork that leaves frozen locks behind for good.
 */
void lock_forget_all(void);

/* Return: true if the lock was free and is now held. Any rank order is allowed. */
static inline bool lock_try(struct lock *lock)
{
	u32 free = 0;

	if (is_alone() && !lock->word)
		lock->word = 1;
	else if (!__atomic_compare_exchange_n(&lock->word, &free, 1, false, __ATOMIC_ACQUIRE,
					      __ATOMIC_RELAXED))
		return false;
	if (CHECK_LEVEL >= 1)
		lock_check_try(lock->rank);
	return true;
}

static inline void lock_drop(struct lock *lock)
{
	if (CHECK_LEVEL >= 1)
		lock_check_drop(lock->rank);
	if (is_alone())
		lock->word = 0;
	else if (unlikely(__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2))
		lock_wake(lock);
}

static inline bool lock_is_held(const struct lock *lock)
{
	return READ_ONCE(lock->word) != 0;
}

#endif
