/* SPDX-License-Identifier: MIT */
/*
 * What a loaded heap keeps in memory for each byte that the program asked for. Everything
 * counts that came since before the allocator's first call: a machine's own tables too.
 */
#include <math.h>
#include <string.h>

#include "objects.h"
#include "resident.h"
#include "sizes.h"
#include "take.h"

#define HEAP_MAX 400000

static char *held[HEAP_MAX];
static uint16_t sizes[HEAP_MAX];

/* Value: how many bytes this place is the larger for. */
static long put(size_t place, size_t size)
{
	long before = sizes[place];

	held[place] = take(size);
	if (!held[place])
		shape_fail("heap: no memory");
	memset(held[place], 1, size);
	sizes[place] = (uint16_t)size;
	return (long)size - before;
}

static long load_full(size_t nr)
{
	long live = 0;

	for (size_t i = 0; i < nr; i++)
		live += put(i, TAKE_SIZE);
	return live;
}

static size_t size_of_way(struct random *random, int way)
{
	return way == HEAP_CLASSES ? 16u << random_below(random, 6) : size_between(random, 3, 10);
}

static long load_mixed(size_t nr, int way)
{
	struct random random = { 4 };
	long live = 0;

	for (size_t i = 0; i < nr; i++)
		live += put(i, size_of_way(&random, way));
	for (size_t i = 0; i < nr; i++) {
		size_t place = random_below(&random, nr);

		give(held[place], sizes[place]);
		live += put(place, size_of_way(&random, way));
	}
	return live;
}

double heap_measure(const struct shape *shape)
{
	struct resident before, after;
	size_t nr = (size_t)shape->n;
	double live;

	if (shape->way != HEAP_FULL && !TAKE_ANY_SIZE)
		return NAN;
	if (nr > HEAP_MAX)
		shape_fail("heap: more objects than there are places");
	memset(held, 1, sizeof(held)); /* in memory already when the count begins */
	memset(sizes, 0, sizeof(sizes));
	if (!resident_read(&before))
		return NAN;
	take_boot();
	live = (double)(shape->way == HEAP_FULL ? load_full(nr) : load_mixed(nr, shape->way));
	if (!resident_read(&after))
		return NAN;
	return (double)(after.private_bytes - before.private_bytes + after.shared_bytes -
			before.shared_bytes) /
	       live;
}
