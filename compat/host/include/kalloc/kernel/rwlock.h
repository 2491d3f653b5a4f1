/* SPDX-License-Identifier: MIT */
/* The word of a lock of readers and writers, for both sides: asm/spinlock.h, host/rwlock.c. */
#ifndef KALLOC_KERNEL_RWLOCK_H
#define KALLOC_KERNEL_RWLOCK_H

#define KALLOC_RW_WRITER  0x001u /* is inside; the lowest byte has nothing else */
#define KALLOC_RW_WAITING 0x100u /* a writer waits for those who are inside */
#define KALLOC_RW_READER  0x200u /* one of those that are inside, or go in when the writer leaves */

/* ThreadSanitizer sees no order between accesses of different sizes. */
#if defined(__SANITIZE_THREAD__)
#define KALLOC_RW_WHOLE
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KALLOC_RW_WHOLE
#endif
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the writer's byte is the word's first"
#endif

#endif
