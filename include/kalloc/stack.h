/* SPDX-License-Identifier: MIT */
/*
 * Stack: pointers that one CPU has at hand, last in first out, popped and pushed
 * without a locked instruction and without a call. What kalloc/front.h is made of; not
 * for programs to use.
 *
 * A thread that is alone in its process reads and writes plainly: the C library knows
 * (glibc since 2.32), and another thread can only come from one that is not inside.
 *
 * Among several threads it is done by a *restartable sequence*: a few instructions that
 * the host starts over whenever it takes the CPU from the thread in their midst, so that
 * threads of one host CPU exclude each other. A sequence begins by comparing the host CPU
 * with the stack's owner; a thread that runs on any other CPU changes nothing. It ends
 * with the one store that counts. The host and a thread talk through an area, which the
 * C library registers (glibc since 2.35): there the host writes the CPU, and a sequence
 * leaves word of itself as long as it runs, and no longer, so that its code may be
 * unloaded.
 *
 * Where there are no sequences (other processors, ThreadSanitizer, which has to see who
 * excludes whom, compilers before gcc 11 and clang 14) they fail at once. Those compilers'
 * faults with results of asm goto do not matter here: no result is used where it jumps to.
 *
 * Layouts are part of the ABI.
 */
#ifndef KALLOC_STACK_H
#define KALLOC_STACK_H

#include <kalloc/types.h>

/* What struct rseq of the host begins with. */
struct kalloc_area {
	unsigned int unused;
	int cpu; /* negative: not registered */
	unsigned long long running;
};

/* Invariant: nr <= most. All zero: empty and full, of the first CPU. */
struct kalloc_stack {
	int owner;	    /* a host CPU; negative words are the library's own */
	unsigned int moves; /* the library's own */
	unsigned int nr;    /* pointers that it holds */
	unsigned int most;
	void **slots;
};

#if defined(__has_include)
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define KALLOC_CAN_BE_ALONE
#endif
#endif

/* Whether the calling thread is known to be the only one of its process. */
KALLOC_INLINED bool kalloc_is_alone(void)
{
#ifdef KALLOC_CAN_BE_ALONE
	return __builtin_expect(__libc_single_threaded, 1);
#else
	return 0;
#endif
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KALLOC_NO_SEQUENCES
#endif
#endif
#if defined(__SANITIZE_THREAD__) || \
	(defined(__clang__) ? __clang_major__ < 14 : !defined(__GNUC__) || __GNUC__ < 11)
#define KALLOC_NO_SEQUENCES
#endif

#if defined(KALLOC_NO_SEQUENCES)
#include <kalloc/arch/none.h>
#elif defined(__x86_64__) && defined(__LP64__)
#include <kalloc/arch/x86_64.h>
#elif defined(__aarch64__) && defined(__LP64__)
#include <kalloc/arch/aarch64.h>
#else
#include <kalloc/arch/none.h>
#endif

#endif
