/* SPDX-License-Identifier: MIT */
/*
 * The zones of the machine that is recorded, in order of address, as one row of frames
 * without the holes between zones: a frame is known by its *place* in that row.
 */
#ifndef RECORDER_ZONES_H
#define RECORDER_ZONES_H

#include <stddef.h>

#include <kalloc/state.h>

#include "json.h"

#define ZONES_NODES 64
#define ZONES_CPUS  64 /* whose lists are looked at */

struct zone_span {
	int nid;
	unsigned char type;
	unsigned long start, spanned, managed;
	unsigned long first; /* place of @start */
};

struct zones {
	struct zone_span *list;
	size_t nr, capacity;
	unsigned char number[ZONES_NODES][KALLOC_STATE_ZONES]; /* in the list, + 1 */
	unsigned long nr_frames;
	unsigned int nr_cpus;	  /* at most ZONES_CPUS */
	unsigned int block_order; /* of a pageblock */
};

/* Learn the zones of the current machine. */
void zones_init(struct zones *zones);
void zones_fini(struct zones *zones);

/* What a zone is asked for with kalloc_zone_export(), of CPU 0 and without arrays. */
struct kalloc_zone_state zones_ask(const struct zone_span *zone);

/* The place of a frame of a zone that is known to hold it. */
static inline unsigned long zone_place(const struct zone_span *zone, unsigned long pfn)
{
	return zone->first + (pfn - zone->start);
}

/* The zone that holds a frame, or NULL. */
const struct zone_span *zones_find(const struct zones *zones, unsigned long pfn);

/* The members "zones", "block_order" and "cpus". */
void zones_write(const struct zones *zones, struct json *json);

#endif
