/* SPDX-License-Identifier: MIT */
/*
 * Messages between threads: each member fills a batch with new objects, puts it at the end
 * of a queue, takes the first batch from there, mostly another member's, and frees what is
 * in it. The queue itself is not timed.
 */
#include <pthread.h>

#include "crew.h"
#include "objects.h"
#include "pick.h"

#define BATCH 512

struct batch {
	struct batch *next;
	void *objects[BATCH];
};

static struct batch batches[2 * CREW_MAX];
static struct batch *first, **last = &first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void put(struct batch *batch)
{
	pthread_mutex_lock(&lock);
	batch->next = NULL;
	*last = batch;
	last = &batch->next;
	pthread_mutex_unlock(&lock);
}

/* There is always one: each member keeps one of its two batches in the queue. */
static struct batch *get(void)
{
	struct batch *batch;

	pthread_mutex_lock(&lock);
	batch = first;
	first = batch->next;
	if (!first)
		last = &first;
	pthread_mutex_unlock(&lock);
	return batch;
}

static ALWAYS_INLINE double fill(struct batch *batch, const bool real)
{
	double start = thread_ns();

	for (int i = 0; i < BATCH; i++) {
		char *object = pick(TAKE_SIZE, real);

		object[0] = 1;
		batch->objects[i] = object;
	}
	return thread_ns() - start;
}

static ALWAYS_INLINE double empty(struct batch *batch, const bool real)
{
	double start = thread_ns();

	for (int i = 0; i < BATCH; i++)
		drop(batch->objects[i], TAKE_SIZE, real);
	return thread_ns() - start;
}

static void work(struct member *member)
{
	struct batch *batch = &batches[2 * member->index];
	long times = crew_times(BATCH);

	for (long t = 0; t < times; t++)
		member->ns -= fill(batch, false) + empty(batch, false);
	fill(&batches[2 * member->index + 1], true);
	put(&batches[2 * member->index + 1]);
	crew_meet();
	for (long t = -times / 4; t < times; t++) {
		double ns = fill(batch, true);

		put(batch);
		batch = get();
		ns += empty(batch, true);
		if (t >= 0)
			member->ns += ns;
	}
}

double queue_measure(const struct shape *shape)
{
	take_boot();
	return crew_ns((int)shape->n, work) / (double)(shape->n * crew_times(BATCH) * BATCH);
}
