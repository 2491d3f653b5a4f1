/* SPDX-License-Identifier: MIT */
/* One slab, object by object. */
#ifndef RECORDER_SLAB_BODY_H
#define RECORDER_SLAB_BODY_H

#include <kalloc/inspect_slab.h>

#include "json.h"

/* A place after those of enum kalloc_slab_place: on no list. */
#define SLAB_BODY_FULL 3

/*
 * Values of a slab: pfn, order, place, CPU, node, index on its list, objects on the CPU's
 * free list, letters of the objects, numbers of the free ones as they come out, numbers of
 * those whose red zones are not as they should be. @at_hand: ascending.
 */
void slab_body_write(const struct kalloc_cache_view *cache, const struct kalloc_slab_view *slab,
		     int place, const void *const *at_hand, size_t nr_at_hand, struct json *json);

#endif
