/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks between threads. The host may take the CPU from whoever holds one, so those
 * who wait spin a little and then sleep in the host.
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

#define KALLOC_RW_WRITER 0x80000000u

static inline int arch_read_trylock(arch_rwlock_t *lock)
{
	unsigned int word = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);

	return !(word & KALLOC_RW_WRITER) &&
	       __atomic_compare_exchange_n(&lock->word, &word, word + 1, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline int arch_write_trylock(arch_rwlock_t *lock)
{
	unsigned int free = 0;

	return __atomic_compare_exchange_n(&lock->word, &free, KALLOC_RW_WRITER, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void arch_read_lock(arch_rwlock_t *lock)
{
	for (unsigned int round = 0; !arch_read_trylock(lock); round++)
		host_relax(round);
}

static inline void arch_write_lock(arch_rwlock_t *lock)
{
	for (unsigned int round = 0; !arch_write_trylock(lock); round++)
		host_relax(round);
}

static inline void arch_read_unlock(arch_rwlock_t *lock)
{
	__atomic_fetch_sub(&lock->word, 1, __ATOMIC_RELEASE);
}

static inline void arch_write_unlock(arch_rwlock_t *lock)
{
	__atomic_store_n(&lock->word, 0, __ATOMIC_RELEASE);
}

#define arch_rwlock_is_contended(lock) 0

#endif
