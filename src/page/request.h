/* SPDX-License-Identifier: MIT */
/*
 * One request for a block, as it travels through the room: what was asked
 * (gfp, order, nodes), and what follows from it (type, zones). The fast attempt
 * (alloc.c) and the slow path (slow.c) work on the same request with different
 * ALLOC_ flags.
 */
#ifndef PAGE_REQUEST_H
#define PAGE_REQUEST_H

#include <kalloc/explain.h>

#include "node.h"
#include "room.h"

struct alloc_request {
	struct page_room *room;
	gfp_t gfp;
	unsigned int order;
	enum migratetype mt;
	unsigned int highest; /* rank of the highest zone it may use */
	unsigned int cpu;
	int local_nid;
	const unsigned long *nodemask; /* NULL: all nodes */
	struct zone *const *zones;     /* in the order to try them */
	struct zone *preferred;	       /* the first of them that it may use */
};

/* Migratetype and highest zone's rank of a set of flags. Pure. */
enum migratetype request_type(gfp_t gfp);
unsigned int request_highest(gfp_t gfp);

/*
 * Fill @req but for nodemask and preferred. @nid: where to start, negative for the
 * caller's node. Return: false if there is no such node.
 */
bool request_init(struct alloc_request *req, struct kalloc_machine *m, gfp_t gfp,
		  unsigned int order, int nid);

/* ALLOC_NOFRAGMENT if the fast attempt should not mix pageblocks there, else 0. */
unsigned int request_no_fragment(const struct zone *preferred);

/* The part of request_make_ready() that few blocks need: zeroing, compounds, owners. */
void request_dress(struct page_room *room, struct page *page, gfp_t gfp, unsigned int order);

static inline bool request_is_dressed(const struct page_room *room, gfp_t gfp)
{
	return unlikely(gfp & (__GFP_ZERO | __GFP_COMP) || READ_ONCE(room->dresses));
}

/* Make a block that was taken ready for the caller. */
static inline void request_make_ready(struct page_room *room, struct page *page, gfp_t gfp,
				      unsigned int order)
{
	frame_hand_out(page);
	if (request_is_dressed(room, gfp))
		request_dress(room, page, gfp, order);
}

/* A partial steal raised the marks: kswapd works that off, as soon as it may. */
void request_wake_boosted(struct page_room *room, gfp_t gfp, struct zone *zone);

/*
 * One walk through the zones; @step is what it is called in the record of an explained
 * request. Return: a block ready for the caller, or NULL.
 */
struct page *request_attempt(const struct alloc_request *req, unsigned int flags,
			     enum kalloc_step step);

/* The same where it is known that nobody wants it explained. */
struct page *request_attempt_unnoted(const struct alloc_request *req, unsigned int flags);

/* What to do when the fast attempt failed; warns, or stops for __GFP_NOFAIL. */
struct page *request_slow(struct alloc_request *req);

/* ALLOC_ flags of a set of GFP flags at the min mark. Pure. */
unsigned int request_slow_flags(gfp_t gfp, unsigned int order);

#endif
