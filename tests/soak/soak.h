/* SPDX-License-Identifier: MIT */
/*
 * The soak test: threads that use every layer at once while nearly all of a machine's
 * memory is in use, and an audit that nothing was lost.
 *
 * Each thread has what it holds (holding.h), pages that reclaim may take (store.h) or
 * compaction may move (mover.h), and a hoard that the OOM policy may end (hoard.h); all
 * threads share a cache that a shrinker empties (shrinkable.h). Before every step a
 * thread fills memory up to FULL_PERCENT with pages for its store, so that each
 * allocation needs somebody to give something up.
 *
 * What holds memory is signed, and the signature looked at before it is freed. The
 * first thing found wrong ends the process with abort(), for a debugger to look at.
 */
#ifndef TEST_SOAK_H
#define TEST_SOAK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/context.h>
#include <kalloc/flex_array.h>
#include <kalloc/kalloc.h>
#include <kalloc/mempolicy.h>
#include <kalloc/mempool.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "rand.h"

#include "holding.h"
#include "hoard.h"
#include "mover.h"
#include "shrinkable.h"
#include "store.h"

#define THREADS	     8
#define FULL_PERCENT 98

/* How full memory was when a thread began a step, over all steps. */
struct fullness {
	unsigned long nr_steps;
	unsigned long nr_full; /* steps that found FULL_PERCENT in use */
	unsigned long permille_sum;
};

struct worker {
	struct soak *soak;
	pthread_t thread;
	struct rand rand;
	struct holdings holdings;
	struct store store;
	struct mover mover;
	struct hoard hoard;
	struct fullness fullness;
};

struct soak {
	struct kalloc_machine *m;
	unsigned long nr_frames; /* managed */
	unsigned long nr_steps;	 /* a thread; 0: until `stop` */
	bool stop;
	struct layers layers;
	struct shrinkable shrinkable;
	struct worker workers[THREADS];
};

/* One thread's work, from start to the freeing of all it has. */
void *worker_run(void *worker);

/* Something is wrong: say what and stop. */
void soak_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#define SOAK_CHECK(condition)                                                   \
	do {                                                                    \
		if (!(condition))                                               \
			soak_fail("%s:%d: %s", __FILE__, __LINE__, #condition); \
	} while (0)

#endif
