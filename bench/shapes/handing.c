/* SPDX-License-Identifier: MIT */
/*
 * A server whose connections move from thread to thread: each member replaces random
 * objects of a block, then all blocks go one member on. So most frees, at first, are of
 * objects of another thread, and each block's objects come from all of them in the end.
 */
#include <math.h>

#include "crew.h"
#include "objects.h"
#include "pick.h"
#include "sizes.h"

#define NR_SLOTS 1024
#define NR_STEPS 4096 /* between two handings on */

static struct block {
	void *held[NR_SLOTS];
} blocks[CREW_MAX];
static struct step {
	uint16_t slot, size;
} steps[NR_STEPS];

static ALWAYS_INLINE double replace(struct block *block, const bool real)
{
	double start = thread_ns();

	for (int i = 0; i < NR_STEPS; i++) {
		void **slot = &block->held[steps[i].slot];
		char *object;

		drop(*slot, 0, real);
		object = pick(steps[i].size, real);
		object[0] = 1;
		*slot = object;
	}
	return thread_ns() - start;
}

static void work(struct member *member)
{
	static struct block nothings[CREW_MAX];
	long times = crew_times(NR_STEPS);
	long nr_warm = member->nr;

	for (int i = 0; i < NR_SLOTS; i++)
		blocks[member->index].held[i] = take(64);
	for (long t = 0; t < times; t++)
		member->ns -= replace(&nothings[member->index], false);
	for (long t = 0; t < nr_warm + times; t++) {
		double ns;

		crew_meet();
		ns = replace(&blocks[(member->index + t) % member->nr], true);
		if (t >= nr_warm)
			member->ns += ns;
	}
}

double handing_measure(const struct shape *shape)
{
	struct random random = { 3 };

	if (!TAKE_ANY_SIZE)
		return NAN;
	for (int i = 0; i < NR_STEPS; i++) {
		steps[i].slot = (uint16_t)random_below(&random, NR_SLOTS);
		steps[i].size = size_between(&random, 3, 9);
	}
	take_boot();
	return crew_ns((int)shape->n, work) / (double)(shape->n * crew_times(NR_STEPS) * NR_STEPS);
}
