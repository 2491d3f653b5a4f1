/* SPDX-License-Identifier: MIT */
/*
 * What page keeps of one machine: its memory, its nodes, its knobs.
 *
 * Lock: knob_lock orders the writers of the knobs; each zone's marks are then
 * written under the zone's own lock. Readers of the knobs take none.
 */
#ifndef PAGE_ROOM_H
#define PAGE_ROOM_H

#include "event.h"
#include "highmem.h"
#include "layout.h"
#include "node.h"
#include "oom.h"
#include "page.h"
#include "plat.h"

/* The flags that choose a zone or a type. */
#define QUICK_GFP_MASK (GFP_ZONEMASK | GFP_MOVABLE_MASK)
_Static_assert((QUICK_GFP_MASK & (QUICK_GFP_MASK + 1)) == 0, "a table is indexed by them");

/* Where the common case of a request leads, by these flags (quick.h). */
struct quick_zone {
	struct zone *zone;   /* NULL: go the long way */
	const long *reserve; /* of zone->lowmem_reserve: what is kept from such requests */
};

struct page_room {
	struct quick_zone quick[QUICK_GFP_MASK + 1];
	unsigned long quick_place; /* frame_place() of the frames of quick[0].zone */
	bool dresses;		   /* each block needs more than request_make_ready() does itself */
	bool undresses;		   /* so does each that is freed; both: trace_page.h */
	struct kalloc_machine *m;
	struct layout layout;
	struct ram ram;
	struct kmap_slots kmap;
	struct list_head fragmentations; /* holding.h */
	struct lock fragment_lock;	 /* protects them */
	struct ratelimit warn_limit;
	unsigned long events[NR_PAGE_EVENTS];
	unsigned long swap_pages; /* kalloc.swap= */
	unsigned long swap_free;

	struct lock daemon_lock;    /* held while daemons run; only ever tried */
	struct list_head shrinkers; /* under shrinker_lock */
	struct waitq shrinker_wait; /* for calls to end */
	struct lock shrinker_lock;
	struct oom oom;

	struct lock knob_lock;
	unsigned long min_free_kbytes;
	unsigned long watermark_scale_factor;
	unsigned long watermark_boost_factor;

	unsigned long nr_pcps; /* in the block that every zone's pcp lies in */
	struct pcp *pcp_block;
	struct node_stats stats[LAYOUT_NODES];
	struct node nodes[];
};

#define for_each_node(node, room) \
	for (node = (room)->nodes; node < (room)->nodes + (room)->layout.nr_nodes; node++)

/* Every zone of every node, empty ones included, in the order of nodes and types. */
static inline struct zone *room_zone(struct page_room *room, unsigned int index)
{
	return index < room->layout.nr_nodes * MAX_NR_ZONES
		       ? &room->nodes[index / MAX_NR_ZONES].zones[index % MAX_NR_ZONES]
		       : NULL;
}

#define for_each_zone(zone, room)                                                       \
	for (unsigned int zone_index = 0; (zone = room_zone(room, zone_index)) != NULL; \
	     zone_index++)

/*
 * vm.lowmem_reserve_ratio: a zone keeps 1/ratio of the zones above it from their
 * requests; 0: nothing. Constant.
 */
extern const unsigned int lowmem_reserve_ratio[MAX_NR_ZONES];

/* Recompute every zone's marks, reserves and per-CPU limits from the knobs. */
void room_set_marks(struct page_room *room);

#endif
