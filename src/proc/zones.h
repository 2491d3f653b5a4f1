/* SPDX-License-Identifier: MIT */
/*
 * Walking the zones as /proc shows them: node by node, each from the lowest rank
 * up, empty ones included; HIGHMEM only on a machine that has it.
 */
#ifndef PROC_ZONES_H
#define PROC_ZONES_H

#include "room.h"

static inline bool zones_have_highmem(const struct page_room *room)
{
	return room->m->params.highmem_bytes != 0;
}

/* The zone of @node that has @rank; NULL if it is not shown. */
struct zone *zones_of_rank(struct node *node, unsigned int rank);

/* The zone shown after @zone, the first one for NULL; NULL past the last. */
struct zone *zones_next(struct page_room *room, const struct zone *zone);

#define for_each_shown_zone(zone, room) \
	for (zone = zones_next(room, NULL); zone; zone = zones_next(room, zone))

#endif
