/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "objects.h"
#include "pick.h"
#include "random.h"

#define BATCH_MAX 100000

static void *held[BATCH_MAX];
static uint32_t order[BATCH_MAX]; /* in which they are freed */
static size_t nr_objects;

static ALWAYS_INLINE void batch_body(long times, const bool real)
{
	for (long t = 0; t < times; t++) {
		for (size_t i = 0; i < nr_objects; i++)
			held[i] = pick(TAKE_SIZE, real);
		for (size_t i = 0; i < nr_objects; i++)
			drop(held[order[i]], TAKE_SIZE, real);
	}
}
LOOPS(batch)

static void order_fill(int way)
{
	struct random random = { 1 };

	if (way == BATCH_SHUFFLED) {
		random_order(&random, order, nr_objects);
		return;
	}
	for (size_t i = 0; i < nr_objects; i++)
		order[i] = (uint32_t)(way == BATCH_FIFO ? i : nr_objects - 1 - i);
}

double batch_measure(const struct shape *shape)
{
	nr_objects = (size_t)shape->n;
	if (nr_objects > BATCH_MAX)
		shape_fail("batch: more objects than there are places");
	if (nr_objects * TAKE_SIZE > MAX_BYTES)
		return NAN;
	order_fill(shape->way);
	take_boot();
	for (size_t i = 0; i < nr_objects; i++) {
		held[i] = take(TAKE_SIZE);
		if (!held[i])
			shape_fail("batch: no memory");
	}
	for (size_t i = 0; i < nr_objects; i++)
		give(held[i], TAKE_SIZE);
	return loop_ns(batch_real, batch_empty) / (double)nr_objects;
}
