/* SPDX-License-Identifier: MIT */
/* Spinlocks and locks of readers and writers; who holds one is in atomic context. */
#ifndef __LINUX_SPINLOCK_H
#define __LINUX_SPINLOCK_H

#include <linux/bug.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <asm/spinlock.h>

#define spin_lock_init(at) ((void)(*(at) = __SPIN_LOCK_UNLOCKED(at)))
#define rwlock_init(at)	   ((void)(*(at) = __RW_LOCK_UNLOCKED(at)))

static inline void spin_lock(spinlock_t *at)
{
	preempt_disable();
	arch_spin_lock(&at->lock);
}

static inline void spin_unlock(spinlock_t *at)
{
	arch_spin_unlock(&at->lock);
	preempt_enable();
}

static inline bool spin_trylock(spinlock_t *at)
{
	preempt_disable();
	if (arch_spin_trylock(&at->lock))
		return true;
	preempt_enable();
	return false;
}

static inline bool spin_is_locked(spinlock_t *at)
{
	return arch_spin_is_locked(&at->lock);
}

#define assert_spin_locked(at)	BUG_ON(!spin_is_locked(at))
#define lockdep_assert_held(at) ((void)(at))

static inline void read_lock(rwlock_t *at)
{
	preempt_disable();
	arch_read_lock(&at->lock);
}

static inline void read_unlock(rwlock_t *at)
{
	arch_read_unlock(&at->lock);
	preempt_enable();
}

static inline void write_lock(rwlock_t *at)
{
	preempt_disable();
	arch_write_lock(&at->lock);
}

static inline void write_unlock(rwlock_t *at)
{
	arch_write_unlock(&at->lock);
	preempt_enable();
}

#define spin_lock_bh(at)   spin_lock(at)
#define spin_unlock_bh(at) spin_unlock(at)

#define KALLOC_IRQ_LOCK(lock, at)    \
	do {                         \
		local_irq_disable(); \
		lock(at);            \
	} while (0)
#define KALLOC_IRQ_UNLOCK(unlock, at) \
	do {                          \
		unlock(at);           \
		local_irq_enable();   \
	} while (0)
#define KALLOC_IRQ_LOCK_SAVE(lock, at, flags) \
	do {                                  \
		local_irq_save(flags);        \
		lock(at);                     \
	} while (0)
#define KALLOC_IRQ_UNLOCK_RESTORE(unlock, at, flags) \
	do {                                         \
		unlock(at);                          \
		local_irq_restore(flags);            \
	} while (0)

#define spin_lock_irq(at)		      KALLOC_IRQ_LOCK(spin_lock, at)
#define spin_unlock_irq(at)		      KALLOC_IRQ_UNLOCK(spin_unlock, at)
#define spin_lock_irqsave(at, flags)	      KALLOC_IRQ_LOCK_SAVE(spin_lock, at, flags)
#define spin_unlock_irqrestore(at, flags)     KALLOC_IRQ_UNLOCK_RESTORE(spin_unlock, at, flags)
#define read_lock_irqsave(at, flags)	      KALLOC_IRQ_LOCK_SAVE(read_lock, at, flags)
#define read_unlock_irqrestore(at, flags)     KALLOC_IRQ_UNLOCK_RESTORE(read_unlock, at, flags)
#define write_lock_irqsave(at, flags)	      KALLOC_IRQ_LOCK_SAVE(write_lock, at, flags)
#define write_unlock_irqrestore(at, flags)    KALLOC_IRQ_UNLOCK_RESTORE(write_unlock, at, flags)

#define raw_spin_lock_init(at)		      spin_lock_init(at)
#define raw_spin_lock(at)		      spin_lock(at)
#define raw_spin_unlock(at)		      spin_unlock(at)
#define raw_spin_trylock(at)		      spin_trylock(at)
#define raw_spin_lock_irqsave(at, flags)      spin_lock_irqsave(at, flags)
#define raw_spin_unlock_irqrestore(at, flags) spin_unlock_irqrestore(at, flags)

#endif
