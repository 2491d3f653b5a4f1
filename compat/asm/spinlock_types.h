/* SPDX-License-Identifier: MIT */
/* The words of the locks in asm/spinlock.h. */
#ifndef _ASM_SPINLOCK_TYPES_H
#define _ASM_SPINLOCK_TYPES_H

/* 0: free, 1: taken, 2: taken, and somebody may be waiting. */
typedef struct {
	unsigned int word;
} arch_spinlock_t;

#define __ARCH_SPIN_LOCK_UNLOCKED \
	{                         \
		0                 \
	}

/* Readers that are inside; the topmost bit: a writer is. */
typedef struct {
	unsigned int word;
} arch_rwlock_t;

#define __ARCH_RW_LOCK_UNLOCKED \
	{                       \
		0               \
	}

#endif
