/* SPDX-License-Identifier: MIT */
#include "objects.h"
#include "pick.h"

#define TOUCH_PAGE 4096

/*
 * Areas taken and given before anything is measured. libkalloc asks the host for the mappings of
 * the first few, which takes a thousand times as long as an area that comes home: in a short
 * loop there was nothing else to be seen.
 */
#define NR_WARM 16

static size_t bytes;

static void touched(long times)
{
	for (long t = 0; t < times; t++) {
		char *p = opaque(take(bytes));

		if (!p)
			shape_fail("touch: no memory");
		for (size_t at = 0; at < bytes; at += TOUCH_PAGE)
			p[at] = 1;
		give(p, bytes);
	}
}

static void untouched(long times)
{
	for (long t = 0; t < times; t++)
		give(opaque(take(bytes)), bytes);
}

/* The touching is part of what is measured: it is when the host brings the memory. */
static void nothing_at_all(long times)
{
	for (long t = 0; t < times; t++)
		opaque(nothing);
}

double touch_measure(const struct shape *shape)
{
	bytes = (size_t)shape->n;
	take_boot();
	untouched(NR_WARM);
	return loop_ns(shape->way == TOUCH_PAGES ? touched : untouched, nothing_at_all);
}
