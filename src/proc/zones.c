/* SPDX-License-Identifier: MIT */
#include "zones.h"

struct zone *zones_of_rank(struct node *node, unsigned int rank)
{
	for (int type = 0; type < MAX_NR_ZONES; type++) {
		struct zone *zone = &node->zones[type];

		if (zone_ranks[type] != rank)
			continue;
		return type == ZONE_HIGHMEM && !zones_have_highmem(zone->room) ? NULL : zone;
	}
	return NULL;
}

struct zone *zones_next(struct page_room *room, const struct zone *zone)
{
	unsigned int nid = zone ? (unsigned int)zone->nid : 0;
	unsigned int rank = zone ? zone->rank + 1 : 0;

	for (; nid < room->layout.nr_nodes; nid++, rank = 0) {
		for (; rank < MAX_NR_ZONES; rank++) {
			struct zone *next = zones_of_rank(&room->nodes[nid], rank);

			if (next)
				return next;
		}
	}
	return NULL;
}
