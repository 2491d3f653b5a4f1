/* SPDX-License-Identifier: MIT */
/*
 * Taking the free frames of one zone, as others would who need memory, without reclaim and
 * without regard to marks.
 *
 * The page allocator goes on to the next zone as soon as one is at its mark. Frames from
 * there are kept aside meanwhile, until only the zone that is meant is left, and freed at
 * the end.
 */
#ifndef SCENARIO_PRESSURE_H
#define SCENARIO_PRESSURE_H

#include <stdbool.h>

#include <kalloc/page.h>

struct pressure {
	enum zone_type type;
	gfp_t gfp;
	struct page **aside; /* of other zones */
	size_t nr_aside, capacity;
};

/*
 * @name: of the zone, as /proc/zoneinfo has it. @gfp: flags beside those that choose it,
 * __GFP_MOVABLE for instance. Return: false if there is no such name.
 */
bool pressure_begin(struct pressure *pressure, const char *name, gfp_t gfp);

/* A single frame of the zone. Return: NULL if it has none left. */
struct page *pressure_take(struct pressure *pressure);

void pressure_end(struct pressure *pressure);

#endif
