/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lock.h"

#define SPINS 200

/* How many locks of each rank the calling thread holds; only with checks. */
static __thread unsigned int held[NR_RANKS];

/* Nobody who could drop a lock is here. */
static bool nobody_waits;

/* A call that succeeds leaves errno alone, whether or not it had to wait. */
static void futex_wait(u32 *word, u32 expected)
{
	int saved = errno;

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
	errno = saved;
}

static inline void cpu_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

cold_path void lock_take_slow(struct lock *lock)
{
	if (nobody_waits)
		return;
	for (int i = 0; i < SPINS; i++) {
		u32 free = 0;

		if (READ_ONCE(lock->word) == 0 &&
		    __atomic_compare_exchange_n(&lock->word, &free, 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return;
		cpu_relax();
	}
	/* From here on the word says 2 until we have it: its holder must wake us. */
	while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0)
		futex_wait(&lock->word, 2);
}

cold_path void lock_wake(struct lock *lock)
{
	syscall(SYS_futex, &lock->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void rank_broken(unsigned int rank, unsigned int other)
{
	fprintf(stderr, "kalloc: lock order: rank %u taken while rank %u is held\n", rank, other);
	abort();
}

void lock_check_take(u32 rank)
{
	for (unsigned int other = rank; rank != RANK_NONE && other < NR_RANKS; other++) {
		if (held[other])
			rank_broken(rank, other);
	}
	held[rank]++;
}

void lock_check_try(u32 rank)
{
	held[rank]++;
}

void lock_check_drop(u32 rank)
{
	if (!held[rank]) {
		fprintf(stderr, "kalloc: lock of rank %u dropped but not held\n", rank);
		abort();
	}
	held[rank]--;
}

void lock_wait_no_more(void)
{
	nobody_waits = true;
}

void lock_forget_all(void)
{
	memset(held, 0, sizeof(held));
}
