/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "objects.h"
#include "pick.h"
#include "sizes.h"

#define MAX_LIVE 10000
#define NR_STEPS 65536 /* then the same steps again */

/* Each step puts an object of so many bytes in a slot, in place of the one there. */
static struct step {
	uint16_t slot, size;
} steps[NR_STEPS];

/* The empty loop has its own slots: it must not lose the objects. */
static char *held[2][MAX_LIVE];
static uint16_t sizes[2][MAX_LIVE];
static uint32_t next[2];

static ALWAYS_INLINE void steps_body(long times, const bool real, const bool fixed,
				     const bool write)
{
	for (long t = 0; t < times; t++) {
		struct step step = steps[next[real]++ % NR_STEPS];
		size_t size = fixed ? TAKE_SIZE : step.size;
		char *object;

		drop(held[real][step.slot], fixed ? TAKE_SIZE : sizes[real][step.slot], real);
		object = pick(size, real);
		held[real][step.slot] = object;
		if (!fixed)
			sizes[real][step.slot] = step.size;
		if (write)
			write_lines(object, size);
	}
}

static ALWAYS_INLINE void same_body(long times, const bool real)
{
	steps_body(times, real, true, false);
}
LOOPS(same)

static ALWAYS_INLINE void unwritten_body(long times, const bool real)
{
	steps_body(times, real, false, false);
}
LOOPS(unwritten)

static ALWAYS_INLINE void written_body(long times, const bool real)
{
	steps_body(times, real, false, true);
}
LOOPS(written)

static uint16_t size_of_way(struct random *random, int way)
{
	if (way == REPLACE_MIXED)
		return size_between(random, 3, 10);
	if (way == REPLACE_WIDE)
		return size_between(random, 3, 12);
	if (way == REPLACE_CLASSES)
		return (uint16_t)(16u << random_below(random, 6));
	return 0;
}

static void slots_fill(size_t nr_live, int way)
{
	struct random random = { 2 };

	for (size_t i = 0; i < NR_STEPS; i++) {
		steps[i].slot = (uint16_t)random_below(&random, nr_live);
		steps[i].size = size_of_way(&random, way);
	}
	for (size_t i = 0; i < nr_live; i++) {
		sizes[1][i] = size_of_way(&random, way);
		held[1][i] = way == REPLACE_SAME ? take(TAKE_SIZE) : take(sizes[1][i]);
		if (!held[1][i])
			shape_fail("replace: no memory");
	}
}

double replace_measure(const struct shape *shape)
{
	if (shape->n > MAX_LIVE)
		shape_fail("replace: more objects than there are places");
	if (shape->way == REPLACE_SAME && (size_t)shape->n * TAKE_SIZE > MAX_BYTES)
		return NAN;
	if (shape->way != REPLACE_SAME && !TAKE_ANY_SIZE)
		return NAN;
	take_boot();
	slots_fill((size_t)shape->n, shape->way);
	if (shape->way == REPLACE_SAME)
		return loop_ns(same_real, same_empty);
	if (shape->way == REPLACE_WIDE)
		return loop_ns(unwritten_real, unwritten_empty);
	return loop_ns(written_real, written_empty);
}
