/* SPDX-License-Identifier: MIT */
/* Semaphores: so many may be inside; who comes when there are as many sleeps. */
#ifndef __LINUX_SEMAPHORE_H
#define __LINUX_SEMAPHORE_H

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/version.h>

struct semaphore {
	struct completion free; /* done: how many more may come in */
};

#define __SEMAPHORE_INITIALIZER(name, count) \
	{                                    \
		.free = {(count) }           \
	}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define DEFINE_SEMAPHORE(name) struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)
#else
#define DEFINE_SEMAPHORE(name, count) struct semaphore name = __SEMAPHORE_INITIALIZER(name, count)
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 37)
#define DECLARE_MUTEX(name)	   struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)
#define DECLARE_MUTEX_LOCKED(name) struct semaphore name = __SEMAPHORE_INITIALIZER(name, 0)
#define init_MUTEX(sem)		   sema_init((sem), 1)
#define init_MUTEX_LOCKED(sem)	   sema_init((sem), 0)
#endif

static inline void sema_init(struct semaphore *sem, int count)
{
	*sem = (struct semaphore)__SEMAPHORE_INITIALIZER(*sem, (unsigned int)count);
}

static inline void down(struct semaphore *sem)
{
	wait_for_completion(&sem->free);
}

/* There are no signals. */
static inline int __must_check down_interruptible(struct semaphore *sem)
{
	down(sem);
	return 0;
}

static inline int __must_check down_killable(struct semaphore *sem)
{
	down(sem);
	return 0;
}

/* Return: 0; 1 if it would have to wait. */
static inline int __must_check down_trylock(struct semaphore *sem)
{
	return !try_wait_for_completion(&sem->free);
}

static inline int __must_check down_timeout(struct semaphore *sem, long ticks)
{
	return wait_for_completion_timeout(&sem->free, (unsigned long)ticks) ? 0 : -ETIME;
}

static inline void up(struct semaphore *sem)
{
	complete(&sem->free);
}

#endif
