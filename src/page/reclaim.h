/* SPDX-License-Identifier: MIT */
/*
 * Reclaim: taking frames back from the LRU lists and from shrinkers, for a request
 * that found none (direct) or for a node's kswapd.
 *
 * A run goes through priorities 12 .. 0, looking at 1/2^priority of each list, until
 * it has what it wants. A direct reclaimer that got nothing goes through them once more,
 * and active pages are not spared. A page is freed if nothing stands against it:
 *
 *	clean file page		always
 *	dirty file page		only with __GFP_FS: it must be written
 *	anonymous page		only with __GFP_IO, and while there is swap space
 *	referenced since	it is activated instead
 *	zone above the request's highest  it is left alone
 *
 * The pages of one batch are isolated under the LRU lock, worked on without it, and
 * retired and freed or put back. A thread that reclaims has PF_MEMALLOC set, so that whatever the
 * callbacks allocate comes from the reserves and does not reclaim again.
 *
 * Differs from Linux 6.1: a direct reclaimer writes dirty file pages itself (there,
 * the flusher threads do); anonymous and file pages are looked at in proportion to
 * their numbers, without vm.swappiness and the cost of refaults; inactive lists are
 * kept at least as long as active ones; one touch is enough to save a page (there,
 * only of a mapped one).
 */
#ifndef PAGE_RECLAIM_H
#define PAGE_RECLAIM_H

#include "lru.h"
#include "node.h"

#define RECLAIM_PRIORITY 12
#define RECLAIM_CLUSTER	 32 /* frames a direct reclaimer wants; pages of one batch */

struct reclaim {
	struct page_room *room;
	gfp_t gfp;
	unsigned int order;
	unsigned int highest; /* rank of the request's highest zone */
	int priority;
	bool kswapd;
	bool may_swap;
	bool may_write;
	bool deactivate; /* active lists are shrunk however short they are */
	bool skipped;	 /* an active list was not */
	unsigned long nr_to_reclaim;
	unsigned long nr_scanned;
	unsigned long nr_reclaimed; /* frames, objects' slabs included */
};

struct alloc_request;

/* Reclaim on behalf of a request. Return: frames freed, or 1 if compaction can begin. */
unsigned long reclaim_direct(const struct alloc_request *req);

/* One look at a node at the present priority. */
void reclaim_node(struct reclaim *rc, struct node *node);

/* Frames of a zone that reclaim could free at best; zone_reclaimable_pages(). */
unsigned long reclaim_possible(const struct zone *zone);

#endif
