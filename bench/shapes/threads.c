/* SPDX-License-Identifier: MIT */
#include "crew.h"
#include "objects.h"
#include "pick.h"

#define OWN 64 /* objects that a thread has at a time */
/* Long enough that the host interrupts a thread in the middle, so that others must wait. */
#define TIMES (2 * crew_times(OWN))

static ALWAYS_INLINE double own_batches(long times, const bool real)
{
	void *own[OWN];
	double start = thread_ns();

	for (long t = 0; t < times; t++) {
		for (int i = 0; i < OWN; i++)
			own[i] = pick(TAKE_SIZE, real);
		for (int i = 0; i < OWN; i++)
			drop(own[i], TAKE_SIZE, real);
	}
	return thread_ns() - start;
}

static void work(struct member *member)
{
	long times = TIMES;
	double empty = own_batches(times, false);

	own_batches(times / 8 + 1, true);
	crew_meet();
	member->ns = own_batches(times, true) - empty;
}

double threads_measure(const struct shape *shape)
{
	take_boot();
	return crew_ns((int)shape->n, work) / (double)(shape->n * TIMES * OWN);
}
