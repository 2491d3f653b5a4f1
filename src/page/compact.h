/* SPDX-License-Identifier: MIT */
/*
 * Compaction: making free memory whole by moving used pages out of the way.
 *
 * Two scanners work on a zone. The migrate scanner goes up from the zone's start and
 * collects pages that their owner can move (on the LRU lists, or marked by
 * __SetPageMovable); the free scanner comes down from its end and collects free frames
 * to move them to. A run ends when a block of the wanted order is free, or when the
 * scanners meet. Where the scanners stand is kept between runs. After failures a zone
 * is deferred: runs at that order are skipped, 2^n requests long.
 *
 * Results are ordered as in Linux: COMPACT_SKIPPED (not enough free frames to work
 * with, or failure is not due to fragmentation), COMPACT_DEFERRED, COMPACT_CONTINUE,
 * COMPACT_COMPLETE (whole zone scanned, nothing suitable), COMPACT_PARTIAL_SKIPPED,
 * COMPACT_CONTENDED, COMPACT_SUCCESS.
 *
 * The scanners are in scan.h, the moving of a page in migrate.h.
 *
 * Locks: the zone's lock for its free lists, the node's LRU lock for its lists, never
 * both; the positions and the deferral state are under zone->compact.lock. Owners'
 * callbacks are made without locks, with PF_MEMALLOC set.
 *
 * Differs from Linux 6.1: the block that was made is not captured for the request, which
 * takes it from the free lists like anybody; kcompactd does not compact proactively; and
 * vm.compact_memory gives the CPUs' page lists back when it ends.
 *
 * Source: Linux 6.1 mm/compaction.c, mm/migrate.c.
 */
#ifndef PAGE_COMPACT_H
#define PAGE_COMPACT_H

#include "node.h"

enum compact_result {
	COMPACT_NOT_SUITABLE_ZONE,
	COMPACT_SKIPPED,
	COMPACT_DEFERRED,
	COMPACT_NO_SUITABLE_PAGE,
	COMPACT_CONTINUE,
	COMPACT_COMPLETE,
	COMPACT_PARTIAL_SKIPPED,
	COMPACT_CONTENDED,
	COMPACT_SUCCESS,
};

/* From the hardest try to the easiest; a request starts at the easiest. */
enum compact_priority {
	COMPACT_PRIO_SYNC_FULL,
	COMPACT_PRIO_SYNC_LIGHT,
	COMPACT_PRIO_ASYNC,
};
#define COMPACT_PRIO_MIN	COMPACT_PRIO_SYNC_FULL
#define COMPACT_PRIO_MIN_COSTLY COMPACT_PRIO_SYNC_LIGHT
#define COMPACT_PRIO_DEFAULT	COMPACT_PRIO_SYNC_LIGHT
#define COMPACT_PRIO_INITIAL	COMPACT_PRIO_ASYNC

struct alloc_request;

/*
 * Compact the zones of a request until one may serve it. Events are counted as Linux
 * counts them (compact_stall, compact_success by the caller).
 */
enum compact_result compact_for(const struct alloc_request *req, unsigned int flags,
				enum compact_priority priority);

/*
 * Deferral: after a failure at an order, 2^defer_shift - 1 requests of that order or a
 * higher one are skipped, up to 63.
 */
void compact_defer(struct zone *zone, unsigned int order);

/* Whether a request is to be skipped; counts it. */
bool compact_is_deferred(struct zone *zone, unsigned int order);

/* Whether this is the first request after the longest deferral. */
bool compact_is_restarting(struct zone *zone, unsigned int order);

/*
 * After compaction: a block of @order is there, and the request has it (@success) or is
 * expected to get it.
 */
void compact_defer_reset(struct zone *zone, unsigned int order, bool success);

/*
 * Whether a zone needs compaction for a request of @order (else COMPACT_SUCCESS) and has
 * the free frames for it (COMPACT_CONTINUE, else COMPACT_SKIPPED).
 */
enum compact_result compact_suitable(struct zone *zone, unsigned int order, unsigned int flags,
				     unsigned int highest);

/* Whether reclaiming everything would give compaction enough to work with somewhere. */
bool compact_worth_reclaim(const struct alloc_request *req, unsigned int flags);

/* Compact every zone of the machine, as vm.compact_memory does. */
void compact_all(struct page_room *room);

/* Wake the node's kcompactd / let it work if it was woken. Return: whether it had work. */
void compact_wake(struct node *node, unsigned int order, unsigned int highest);
bool compact_run_daemon(struct node *node);

/*
 * Fragmentation index of a zone at an order, in thousandths: near 0 an allocation
 * fails for lack of memory, near 1000 for fragmentation, -1000 if it would not fail.
 */
int compact_fragmentation_index(struct zone *zone, unsigned int order);

#endif
