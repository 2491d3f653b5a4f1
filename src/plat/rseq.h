/* SPDX-License-Identifier: MIT */
/*
 * Restartable sequences: how threads of one host CPU exclude each other without a locked
 * instruction. kalloc/stack.h says what they are, and has those that pop and push; here is
 * the one that enters. percpu.h is their only user and says what they protect.
 *
 *   rseq_enter(owner)   owner = PERCPU_HELD, if it was the host CPU; fails with -1
 *
 * A thread's area (kalloc_self.area) is nobody's until it asks for its CPU: sequences fail.
 * Where the C library registered none (GLIBC_TUNABLES=glibc.pthread.rseq=0, Valgrind, a
 * host before 4.18) or the host has no fence (before 5.10), it is then one of ours, in
 * which the CPU is negative, which is nobody's word: the same instructions always fail.
 * Where there is no such area or ThreadSanitizer has to see who excludes whom, rseq_none.h
 * stands in.
 */
#ifndef PLAT_RSEQ_H
#define PLAT_RSEQ_H

#include "alone.h"
#include "self.h"

/* Words that are no CPU; the host itself uses -1 and -2. */
#define PERCPU_LOCKED  (-3)
#define PERCPU_HELD    (-4)
#define PERCPU_NONE    (-5)
#define PERCPU_CLAIMED (-6) /* and every word below */

#if !__has_include(<sys/rseq.h>) && !defined(KALLOC_NO_SEQUENCES)
#define KALLOC_NO_SEQUENCES
#endif

#if defined(KALLOC_NO_SEQUENCES)
#define RSEQ_HOST false
#include "rseq_none.h"
#elif defined(__x86_64__)
#define RSEQ_HOST true
#include "rseq_x86_64.h"
#elif defined(__aarch64__)
#define RSEQ_HOST true
#include "rseq_aarch64.h"
#else
#define RSEQ_HOST false
#include "rseq_none.h"
#endif

/* Whether sequences work in this process; asked once, then remembered. */
bool rseq_is_on(void);

/*
 * The calling thread's host CPU; negative where sequences are off. From here on they run
 * in this thread. Not for a hot path.
 */
int rseq_cpu(void);

/*
 * On return every sequence that was under way anywhere in the process when it was
 * called has either made its last store or will start over.
 */
void rseq_fence(void);

#endif
