/* SPDX-License-Identifier: MIT */
#ifndef __LINUX_SPINLOCK_TYPES_H
#define __LINUX_SPINLOCK_TYPES_H

#include <linux/version.h>
#include <asm/spinlock_types.h>

typedef struct spinlock {
	arch_spinlock_t lock;
} spinlock_t, raw_spinlock_t;

typedef struct {
	arch_rwlock_t lock;
} rwlock_t;

#define __SPIN_LOCK_UNLOCKED(name)     ((spinlock_t){ .lock = __ARCH_SPIN_LOCK_UNLOCKED })
#define __RAW_SPIN_LOCK_UNLOCKED(name) __SPIN_LOCK_UNLOCKED(name)
#define __RW_LOCK_UNLOCKED(name)       ((rwlock_t){ .lock = __ARCH_RW_LOCK_UNLOCKED })
#define DEFINE_SPINLOCK(name)	       spinlock_t name = __SPIN_LOCK_UNLOCKED(name)
#define DEFINE_RAW_SPINLOCK(name)      DEFINE_SPINLOCK(name)
#define DEFINE_RWLOCK(name)	       rwlock_t name = __RW_LOCK_UNLOCKED(name)

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 39)
#define SPIN_LOCK_UNLOCKED __SPIN_LOCK_UNLOCKED()
#define RW_LOCK_UNLOCKED   __RW_LOCK_UNLOCKED()
#endif

#endif
