/* SPDX-License-Identifier: MIT */
/*
 * The first member fills chunks of pointers to new objects, the second frees what is in
 * them. Up to NR_CHUNKS are under way. Only filling and freeing is timed, not the waiting.
 */
#include <semaphore.h>

#include "crew.h"
#include "objects.h"
#include "pick.h"

#define CHUNK	  1024
#define NR_CHUNKS 8

static void *chunks[NR_CHUNKS][CHUNK];
static sem_t nr_full, nr_free;
static long nr_warm, nr_timed;

static ALWAYS_INLINE double fill(void **chunk, const bool real)
{
	double start = thread_ns();

	for (int i = 0; i < CHUNK; i++)
		chunk[i] = pick(TAKE_SIZE, real);
	return thread_ns() - start;
}

static ALWAYS_INLINE double empty(void **chunk, const bool real)
{
	double start = thread_ns();

	for (int i = 0; i < CHUNK; i++)
		drop(chunk[i], TAKE_SIZE, real);
	return thread_ns() - start;
}

static void work(struct member *member)
{
	const bool fills = member->index == 0;
	static void *own[2][CHUNK];
	void **nothings = own[member->index];

	for (long i = 0; i < nr_timed; i++)
		member->ns -= fills ? fill(nothings, false) : empty(nothings, false);
	for (long i = 0; i < nr_warm + nr_timed; i++) {
		void **chunk = chunks[i % NR_CHUNKS];
		double ns;

		while (sem_wait(fills ? &nr_free : &nr_full))
			;
		ns = fills ? fill(chunk, true) : empty(chunk, true);
		sem_post(fills ? &nr_full : &nr_free);
		if (i >= nr_warm)
			member->ns += ns;
	}
}

double remote_measure(const struct shape *shape)
{
	(void)shape;
	take_boot();
	nr_timed = crew_times(CHUNK);
	nr_warm = nr_timed / 4 + NR_CHUNKS;
	sem_init(&nr_full, 0, 0);
	sem_init(&nr_free, 0, NR_CHUNKS);
	return crew_ns(2, work) / (double)(nr_timed * CHUNK);
}
