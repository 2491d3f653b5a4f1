/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks between threads. The host may take the CPU from whoever holds one, so those
 * who wait spin a little and then sleep in the host. Locks of readers and writers are fair:
 * host/rwlock.c.
 */
#ifndef _ASM_SPINLOCK_H
#define _ASM_SPINLOCK_H

#include <asm/spinlock_types.h>
#include <kalloc/kernel/host.h>

static inline int arch_spin_trylock(arch_spinlock_t *lock)
{
	unsigned int free = 0;

	return __atomic_compare_exchange_n(&lock->word, &free, 1, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline void arch_spin_lock(arch_spinlock_t *lock)
{
	if (!arch_spin_trylock(lock))
		host_spin_wait(&lock->word);
}

static inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)
		host_wake(&lock->word, 1);
}

static inline int arch_spin_is_locked(arch_spinlock_t *lock)
{
	return __atomic_load_n(&lock->word, __ATOMIC_RELAXED) != 0;
}

static inline int arch_spin_value_unlocked(arch_spinlock_t lock)
{
	return lock.word == 0;
}

static inline int arch_spin_is_contended(arch_spinlock_t *lock)
{
	return __atomic_load_n(&lock->word, __ATOMIC_RELAXED) == 2;
}

static inline int arch_read_trylock(arch_rwlock_t *lock)
{
	unsigned int word = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);

	do {
		if (word & (KALLOC_RW_WRITER | KALLOC_RW_WAITING))
			return 0;
	} while (!__atomic_compare_exchange_n(&lock->word, &word, word + KALLOC_RW_READER, false,
					      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return 1;
}

static inline int arch_write_trylock(arch_rwlock_t *lock)
{
	unsigned int free = 0;

	return __atomic_compare_exchange_n(&lock->word, &free, KALLOC_RW_WRITER, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void arch_read_lock(arch_rwlock_t *lock)
{
	if (!arch_read_trylock(lock))
		host_read_wait(&lock->word, lock->turns);
}

static inline void arch_write_lock(arch_rwlock_t *lock)
{
	if (!arch_write_trylock(lock))
		host_write_wait(&lock->word, lock->turns);
}

static inline void arch_read_unlock(arch_rwlock_t *lock)
{
	__atomic_fetch_sub(&lock->word, KALLOC_RW_READER, __ATOMIC_RELEASE);
}

/* The rest of the word is others': who waits has said so there. */
static inline void arch_write_unlock(arch_rwlock_t *lock)
{
#ifdef KALLOC_RW_WHOLE
	__atomic_fetch_and(&lock->word, ~KALLOC_RW_WRITER, __ATOMIC_RELEASE);
#else
	__atomic_store_n(&lock->writer, 0, __ATOMIC_RELEASE);
#endif
}

static inline int arch_rwlock_is_contended(arch_rwlock_t *lock)
{
	return __atomic_load_n(&lock->turns[0], __ATOMIC_RELAXED) !=
	       __atomic_load_n(&lock->turns[1], __ATOMIC_RELAXED);
}
#define arch_rwlock_is_contended arch_rwlock_is_contended

#endif
