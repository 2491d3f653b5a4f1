/* SPDX-License-Identifier: MIT */
/*
 * Restartable sequences: a few instructions that the host starts over whenever it
 * takes the CPU from the thread in their midst, so that threads of one host CPU
 * exclude each other without a locked instruction. percpu.h is their only user and
 * says what they protect; here is what they do.
 *
 * Each sequence begins by comparing the host CPU with a word, the owner; a thread
 * that runs on any other CPU changes nothing. It ends with the one store that counts.
 *
 *   rseq_enter(owner)        owner = PERCPU_HELD; fails with -1
 *   rseq_pop(stack)          taken = taken + 1
 *   rseq_push(stack, object) given = given + 1
 *
 * The C library registers the area through which a thread and the host talk (glibc
 * since 2.35). Where it did not (GLIBC_TUNABLES=glibc.pthread.rseq=0, Valgrind, a host
 * before 4.18) or the host has no fence (before 5.10), the sequences look at an area of
 * ours, in which the CPU is negative, which is nobody's word: the same instructions then
 * always fail. Where there is no such area or ThreadSanitizer has to see who excludes
 * whom, rseq_none.h stands in.
 *
 * The host reads the description of a thread's last sequence when it next interrupts
 * that thread, however long ago the sequence ended. So the code must not be unloaded:
 * libkalloc.so is linked to stay.
 */
#ifndef PLAT_RSEQ_H
#define PLAT_RSEQ_H

#include "base.h"

/* Words that are no CPU; the host itself uses -1 and -2. */
#define PERCPU_LOCKED  (-3)
#define PERCPU_HELD    (-4)
#define PERCPU_NONE    (-5)
#define PERCPU_CLAIMED (-6) /* and every word below */

/*
 * Pointers of one CPU, last in first out; see percpu.h. It holds given - taken of them.
 * Pushing writes only the one counter and popping only the other, so that neither has to
 * wait until what the other has just written can be read again.
 */
struct percpu_stack {
	int owner;
	u32 moves;
	u32 given;
	u32 taken;
	void **slots;
	u32 most;
};

static inline u32 stack_count(const struct percpu_stack *stack)
{
	return stack->given - stack->taken;
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RSEQ_NONE
#endif
#endif
#if defined(__SANITIZE_THREAD__) || !__has_include(<sys/rseq.h>)
#define RSEQ_NONE
#endif

/* Where the area lies, from the thread pointer. */
extern long rseq_area __attribute__((visibility("hidden")));

#if defined(RSEQ_NONE)
#include "rseq_none.h"
#elif defined(__x86_64__)
#include "rseq_x86_64.h"
#elif defined(__aarch64__)
#include "rseq_aarch64.h"
#else
#include "rseq_none.h"
#endif

/*
 * Whether sequences work in this process; asked once, then remembered. Before the first
 * answer no sequence may run.
 */
bool rseq_is_on(void);

/*
 * On return every sequence that was under way anywhere in the process when it was
 * called has either made its last store or will start over.
 */
void rseq_fence(void);

#endif
