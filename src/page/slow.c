/* SPDX-License-Identifier: MIT */
/*
 * The slow path: attempts, each a little less modest than the one before, until
 * one succeeds. What reclaims memory or moves pages is not among them yet: a
 * machine has no page that it may take back by itself.
 */
#include "block.h"
#include "request.h"

unsigned int request_slow_flags(gfp_t gfp, unsigned int order)
{
	unsigned int flags = WMARK_MIN | (gfp & (__GFP_HIGH | __GFP_KSWAPD_RECLAIM));

	_Static_assert(__GFP_HIGH == ALLOC_MIN_RESERVE, "taken over as they are");
	_Static_assert(__GFP_KSWAPD_RECLAIM == ALLOC_KSWAPD, "taken over as they are");

	if (!(gfp & __GFP_DIRECT_RECLAIM) && !(gfp & __GFP_NOMEMALLOC)) {
		flags |= ALLOC_NON_BLOCK;
		if (order && flags & ALLOC_MIN_RESERVE)
			flags |= ALLOC_HIGHATOMIC;
	}
	return flags;
}

static struct page *attempt_min_mark(struct alloc_request *req)
{
	return request_attempt(req, request_slow_flags(req->gfp, req->order));
}

/*
 * Once more, for those who may take what is kept back: MEMALLOC without any mark;
 * they and the atomic ones on any node, whatever mask the caller gave.
 */
static struct page *attempt_reserves(struct alloc_request *req)
{
	unsigned int flags = request_slow_flags(req->gfp, req->order);
	bool memalloc = req->gfp & __GFP_MEMALLOC && !(req->gfp & __GFP_NOMEMALLOC);

	if (memalloc)
		flags = ALLOC_NO_WATERMARKS | (flags & ALLOC_KSWAPD);
	if (memalloc || (!(req->gfp & __GFP_DIRECT_RECLAIM) && req->gfp & __GFP_HIGH)) {
		req->nodemask = NULL;
		req->preferred = node_first_zone(req->zones, req->highest, NULL);
	}
	return request_attempt(req, flags);
}

/* What other CPUs and other types keep, for callers who may wait for it. */
static struct page *attempt_drained(struct alloc_request *req)
{
	for (struct zone *const *at = req->zones; *at; at++)
		block_unreserve_highatomic(*at, req->mt, true);
	pages_drain(req->room->m);
	return request_attempt(req, request_slow_flags(req->gfp, req->order));
}

static struct page *attempt_nofail(struct alloc_request *req)
{
	struct page *page = request_attempt(req, WMARK_MIN | ALLOC_MIN_RESERVE);

	if (!page)
		page = request_attempt(req, ALLOC_NO_WATERMARKS);
	if (!page)
		console_panic("Kernel panic - not syncing: Out of memory: __GFP_NOFAIL request of "
			      "order %u cannot be met\n",
			      req->order);
	return page;
}

struct page *request_slow(struct alloc_request *req)
{
	bool may_sleep = req->gfp & __GFP_DIRECT_RECLAIM;
	struct page *page;

	if (WARN_ONCE(may_sleep && req->gfp & __GFP_ATOMIC, "gfp 0x%x: atomic, but may sleep",
		      req->gfp))
		req->gfp &= ~__GFP_ATOMIC;

	page = attempt_min_mark(req);
	if (!page)
		page = attempt_reserves(req);
	if (!page && may_sleep)
		page = attempt_drained(req);
	if (!page && req->gfp & __GFP_NOFAIL &&
	    !WARN_ONCE(!may_sleep, "gfp 0x%x: __GFP_NOFAIL, but may not sleep", req->gfp))
		page = attempt_nofail(req);
	if (!page)
		pages_warn(req->room->m, req->gfp, "page allocation failure: order:%u", req->order);
	return page;
}
