/* SPDX-License-Identifier: MIT */
/*
 * A shape is one way of using an allocator, and what an operation costs in it.
 *
 * It is written once, against take() and give() of "take.h"; the build compiles it
 * for each allocator with another folder of bench/take in the include path. take() is
 * inlined, so the calls are those of a program written for that allocator.
 *
 * Each shape runs in a process of its own (round.c), which measures nothing else: no
 * shape finds the heap that another has left.
 *
 * Time is the CPU time of the threads that do the work, so others on the same CPU
 * disturb only caches. From it goes what the same loop costs without the allocator:
 * a loop's body is compiled twice, the second time with pick() and drop() that call
 * nothing.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#define ALWAYS_INLINE inline __attribute__((__always_inline__))

struct shape {
	const char *name;
	/* Value: of a timed shape ns per operation; NAN if there is no such thing here. */
	double (*measure)(const struct shape *shape);
	long n;		   /* objects, threads or bytes, as the shape has it */
	int way;	   /* which variant, as the shape has it */
	bool free_to_move; /* has threads: not to be pinned to one CPU */
};

/* The shapes of this program; the last has no name. */
extern const struct shape shapes[];

/* How long a timed loop is to take, in ns of CPU time. */
extern double budget_ns;

double thread_ns(void);

/* Stop this shape: it cannot be measured because something failed. */
void shape_fail(const char *why) __attribute__((__noreturn__, __cold__));

/* The compiler must assume that @p is used, and does not know what it is afterwards. */
static ALWAYS_INLINE void *opaque(void *p)
{
	__asm__ volatile("" : "+r"(p) : : "memory");
	return p;
}

static ALWAYS_INLINE size_t opaque_size(size_t size)
{
	__asm__ volatile("" : "+r"(size));
	return size;
}

/*
 * Value: ns that one time of a loop costs more than one of the empty loop. The number of
 * times is what fits in the budget; warmed with a quarter of it.
 */
double loop_ns(void (*real)(long times), void (*empty)(long times));

/* From NAME_body(times, real) make NAME_real and NAME_empty, for loop_ns(). */
#define LOOPS(name)                          \
	static void name##_real(long times)  \
	{                                    \
		name##_body(times, true);    \
	}                                    \
	static void name##_empty(long times) \
	{                                    \
		name##_body(times, false);   \
	}

#endif
