/* SPDX-License-Identifier: MIT */
/* Mutexes: the spinlock's word, but who holds one may sleep. */
#ifndef __LINUX_MUTEX_H
#define __LINUX_MUTEX_H

#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <asm/spinlock.h>

struct mutex {
	arch_spinlock_t lock;
};

#define __MUTEX_INITIALIZER(name)                 \
	{                                         \
		.lock = __ARCH_SPIN_LOCK_UNLOCKED \
	}
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)

static inline void mutex_init(struct mutex *mutex)
{
	*mutex = (struct mutex)__MUTEX_INITIALIZER(mutex);
}

static inline void mutex_destroy(struct mutex *mutex)
{
}

/* A macro, so that a report of atomic context names the caller. */
#define mutex_lock(mutex)                       \
	do {                                    \
		might_sleep();                  \
		arch_spin_lock(&(mutex)->lock); \
	} while (0)

/* There are no signals. */
#define mutex_lock_interruptible(mutex) \
	({                              \
		mutex_lock(mutex);      \
		0;                      \
	})

static inline int mutex_trylock(struct mutex *mutex)
{
	return arch_spin_trylock(&mutex->lock);
}

static inline void mutex_unlock(struct mutex *mutex)
{
	arch_spin_unlock(&mutex->lock);
}

static inline bool mutex_is_locked(struct mutex *mutex)
{
	return arch_spin_is_locked(&mutex->lock);
}

#endif
