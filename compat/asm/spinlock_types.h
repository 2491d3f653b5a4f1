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

#include <kalloc/kernel/rwlock.h>

/* The word (kalloc/kernel/rwlock.h), its first byte, and whose turn it is to wait for it. */
typedef struct {
	union {
		unsigned int word;
		unsigned char writer;
	};
	unsigned short turns[2];
} arch_rwlock_t;

#define __ARCH_RW_LOCK_UNLOCKED \
	{                       \
		.word = 0       \
	}

#endif
