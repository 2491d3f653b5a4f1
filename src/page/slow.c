/* SPDX-License-Identifier: MIT */
/*
 * The slow path: attempts on one request, each a little less modest than the one
 * before. Rounds of them repeat as long as something gives reason to hope.
 *
 *	wake kswapd
 *	at the min mark, or below it for those who may
 *	compact at once, if the order is costly or would mix pageblocks
 *	round:	from the reserves, for those who may
 *		after reclaim			(callers that may sleep)
 *		after compaction
 *		give up?			__GFP_NORETRY, costly orders
 *		another round?			while reclaim or compaction could help
 *		after the OOM policy		(small orders; __GFP_NOFAIL: at no mark)
 *	at last, __GFP_NOFAIL: half the reserves, and round again
 *
 * It ends: a round repeats after progress (what can be reclaimed is used up), at most
 * MAX_RECLAIM_RETRIES or MAX_COMPACT_RETRIES a priority without, OOM_MAX_ROUNDS times
 * after an OOM policy that frees nothing. __GFP_NOFAIL waits NOFAIL_ROUNDS times for
 * other threads; Linux would for ever, here the process then stops with a report.
 *
 * Source: __alloc_pages_slowpath() of Linux 6.1 mm/page_alloc.c.
 */
#include "block.h"
#include "compact.h"
#include "event.h"
#include "kswapd.h"
#include "note.h"
#include "oom.h"
#include "reclaim.h"
#include "request.h"
#include "task.h"
#include "trace_page.h"

#define MAX_RECLAIM_RETRIES 16
#define MAX_COMPACT_RETRIES 16
#define NOFAIL_ROUNDS	    16
#define NOFAIL_MS	    10

/* What a slow request remembers from attempt to attempt. */
struct slow {
	struct alloc_request *req;
	unsigned int flags; /* ALLOC_ flags in force */
	bool progress;	    /* the last reclaim or OOM freed something */
	unsigned int no_progress_loops;
	enum compact_result compact_result;
	enum compact_priority compact_priority;
	unsigned int compact_retries;
	unsigned int oom_rounds;
	unsigned int nofail_rounds;
};

unsigned int request_slow_flags(gfp_t gfp, unsigned int order)
{
	unsigned int flags = WMARK_MIN | (gfp & (__GFP_HIGH | __GFP_KSWAPD_RECLAIM));

	_Static_assert(__GFP_HIGH == ALLOC_MIN_RESERVE, "taken over as they are");
	_Static_assert(__GFP_WRITE == ALLOC_SPREAD_DIRTY, "taken over as they are, by alloc.c");
	_Static_assert(__GFP_KSWAPD_RECLAIM == ALLOC_KSWAPD, "taken over as they are");

	if (!(gfp & __GFP_DIRECT_RECLAIM) && !(gfp & __GFP_NOMEMALLOC)) {
		flags |= ALLOC_NON_BLOCK;
		if (order && flags & ALLOC_MIN_RESERVE)
			flags |= ALLOC_HIGHATOMIC;
	}
	return flags;
}

static bool is_costly(const struct alloc_request *req)
{
	return req->order > PAGE_ALLOC_COSTLY_ORDER;
}

/* MEMALLOC by flag or by scope: no mark counts. */
static bool may_use_reserves(const struct alloc_request *req)
{
	return !(req->gfp & __GFP_NOMEMALLOC) &&
	       (req->gfp & __GFP_MEMALLOC || kalloc_self.task.flags & PF_MEMALLOC);
}

static struct page *attempt_compaction(struct slow *slow, enum compact_priority priority)
{
	struct alloc_request *req = slow->req;
	unsigned int scope;
	struct page *page;

	if (!req->order)
		return NULL;
	scope = kalloc_scope_enter(PF_MEMALLOC);
	slow->compact_result = compact_for(req, slow->flags, priority);
	kalloc_scope_leave(PF_MEMALLOC, scope);
	if (slow->compact_result <= COMPACT_SKIPPED)
		return NULL;

	page_event_add(req->room->m, COMPACTSTALL, 1);
	page = request_attempt(req, slow->flags, KALLOC_STEP_COMPACTED);
	if (page) {
		compact_defer_reset(page_zone(page), req->order, true);
		page_event_add(req->room->m, COMPACTSUCCESS, 1);
		return page;
	}
	page_event_add(req->room->m, COMPACTFAIL, 1);
	return NULL;
}

/*
 * Costly requests, and unmovable ones that would otherwise mix pageblocks, compact
 * before they reclaim. Return: -1 if the request should fail now, 1 with *@page, 0.
 */
static int attempt_early_compaction(struct slow *slow, struct page **page)
{
	const struct alloc_request *req = slow->req;

	if (!(req->gfp & __GFP_IO) || may_use_reserves(req) ||
	    !(is_costly(req) || (req->order && req->mt != MIGRATE_MOVABLE)))
		return 0;
	*page = attempt_compaction(slow, COMPACT_PRIO_INITIAL);
	if (*page)
		return 1;
	if (is_costly(req) && req->gfp & __GFP_NORETRY) {
		if (slow->compact_result == COMPACT_SKIPPED ||
		    slow->compact_result == COMPACT_DEFERRED || req->gfp & __GFP_THISNODE) {
			note_give_up(KALLOC_GIVE_UP_COMPACT);
			return -1;
		}
		slow->compact_priority = COMPACT_PRIO_INITIAL;
	}
	return 0;
}

/*
 * Once more with what this caller may use: MEMALLOC without any mark; it and atomic
 * high-priority requests on any node, whatever mask was given.
 */
static struct page *attempt_reserves(struct slow *slow)
{
	struct alloc_request *req = slow->req;
	bool reserves = may_use_reserves(req);

	if (reserves)
		slow->flags = ALLOC_NO_WATERMARKS | (slow->flags & ALLOC_KSWAPD);
	if (reserves || (!(req->gfp & __GFP_DIRECT_RECLAIM) && req->gfp & __GFP_HIGH)) {
		req->nodemask = NULL;
		req->preferred = node_first_zone(req->zones, req->highest, NULL);
	}
	return request_attempt(req, slow->flags, KALLOC_STEP_RESERVES);
}

static bool unreserve_highatomic(const struct alloc_request *req, bool force)
{
	for (struct zone *const *at = req->zones; *at; at++) {
		if ((*at)->rank <= req->highest && block_unreserve_highatomic(*at, req->mt, force))
			return true;
	}
	return false;
}

static struct page *attempt_reclaim(struct slow *slow)
{
	struct alloc_request *req = slow->req;
	struct page *page;

	slow->progress = reclaim_direct(req) > 0;
	if (!slow->progress)
		return NULL;
	page = request_attempt(req, slow->flags, KALLOC_STEP_RECLAIMED);
	if (page)
		return page;
	/* What was freed may be on per-CPU lists, or kept for atomic requests. */
	unreserve_highatomic(req, false);
	pages_drain(req->room->m);
	return request_attempt(req, slow->flags, KALLOC_STEP_DRAINED);
}

/* Would the request succeed somewhere if all that can be reclaimed were? */
static bool reclaim_could_help(const struct slow *slow)
{
	const struct alloc_request *req = slow->req;

	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;

		if (zone->rank > req->highest || !node_allows(req->nodemask, zone->nid))
			continue;
		if (zone_has(zone, req->order, zone_mark(zone, WMARK_MIN), req->highest,
			     slow->flags, zone_free_exact(zone) + (long)reclaim_possible(zone)))
			return true;
	}
	return false;
}

static bool should_retry_reclaim(struct slow *slow)
{
	if (slow->progress && !is_costly(slow->req))
		slow->no_progress_loops = 0;
	else
		slow->no_progress_loops++;
	if (slow->no_progress_loops <= MAX_RECLAIM_RETRIES && reclaim_could_help(slow))
		return true;
	/* Before anything worse, all that is kept for atomic requests. */
	return unreserve_highatomic(slow->req, true);
}

static bool raise_compact_priority(struct slow *slow)
{
	enum compact_priority least =
		is_costly(slow->req) ? COMPACT_PRIO_MIN_COSTLY : COMPACT_PRIO_MIN;

	if (slow->compact_priority <= least)
		return false;
	slow->compact_priority--;
	slow->compact_retries = 0;
	return true;
}

static bool should_retry_compaction(struct slow *slow)
{
	unsigned int most = MAX_COMPACT_RETRIES / (is_costly(slow->req) ? 4 : 1);

	if (!slow->req->order || !slow->progress)
		return false;
	switch (slow->compact_result) {
	case COMPACT_SUCCESS: /* something was made, somebody else took it */
		if (++slow->compact_retries <= most)
			return true;
		return raise_compact_priority(slow);
	case COMPACT_SKIPPED:
	case COMPACT_NOT_SUITABLE_ZONE:
		return compact_worth_reclaim(slow->req, slow->flags);
	default:
		return raise_compact_priority(slow);
	}
}

/* Free frames that the request might use. */
static long free_frames(const struct alloc_request *req)
{
	long nr = 0;

	for (struct zone *const *at = req->zones; *at; at++) {
		if ((*at)->rank <= req->highest)
			nr += zone_free_exact(*at);
	}
	return nr;
}

static struct page *attempt_oom(struct slow *slow)
{
	struct alloc_request *req = slow->req;
	gfp_t gfp = req->gfp;
	struct page *page;

	/* Somebody may have freed much meanwhile: not to kill for nothing, the high mark. */
	req->gfp = (gfp | __GFP_HARDWALL) & ~__GFP_DIRECT_RECLAIM;
	page = request_attempt(req, WMARK_HIGH, KALLOC_STEP_HIGH);
	req->gfp = gfp;
	slow->progress = false;
	if (page)
		return page;
	/* Killing does not help high orders, nor one node, nor memory below NORMAL. */
	if (is_costly(req) || gfp & (__GFP_RETRY_MAYFAIL | __GFP_THISNODE) ||
	    req->highest < zone_ranks[ZONE_NORMAL]) {
		note_give_up(KALLOC_GIVE_UP_NO_OOM);
		return NULL;
	}
	/* What other CPUs keep is given back by and by in Linux; here nobody else would. */
	pages_drain(req->room->m);
	page = request_attempt(req, slow->flags, KALLOC_STEP_DRAINED);
	if (page)
		return page;
	if (slow->oom_rounds < OOM_MAX_ROUNDS) {
		long before = free_frames(req);

		slow->progress = oom_handle(req);
		/* One that says so and has freed nothing is believed so many times. */
		if (free_frames(req) <= before)
			slow->oom_rounds++;
	}
	/* Whatever the policy says: from here on, no mark holds for who may not fail. */
	if (gfp & __GFP_NOFAIL)
		page = request_attempt(req, ALLOC_NO_WATERMARKS, KALLOC_STEP_NO_MARK);
	if (!page && !slow->progress)
		note_give_up(KALLOC_GIVE_UP_OOM);
	return page;
}

static struct page *gave_up(enum kalloc_give_up reason)
{
	note_give_up(reason);
	return NULL;
}

/* One round. Return: the page, or NULL with *@again. */
static struct page *round_of_attempts(struct slow *slow, bool *again)
{
	const struct alloc_request *req = slow->req;
	struct page *page = attempt_reserves(slow);

	*again = false;
	if (page)
		return page;
	if (!(req->gfp & __GFP_DIRECT_RECLAIM))
		return gave_up(KALLOC_GIVE_UP_SLEEP);
	if (kalloc_self.task.flags & PF_MEMALLOC)
		return gave_up(KALLOC_GIVE_UP_RECLAIM);
	page = attempt_reclaim(slow);
	if (!page)
		page = attempt_compaction(slow, slow->compact_priority);
	if (page)
		return page;
	if (req->gfp & __GFP_NORETRY)
		return gave_up(KALLOC_GIVE_UP_NORETRY);
	if (is_costly(req) && (!(req->gfp & __GFP_IO) || !(req->gfp & __GFP_RETRY_MAYFAIL)))
		return gave_up(KALLOC_GIVE_UP_COSTLY);

	*again = should_retry_reclaim(slow) || should_retry_compaction(slow);
	if (*again)
		return NULL;
	page = attempt_oom(slow);
	if (!page && slow->progress) {
		slow->no_progress_loops = 0;
		*again = true;
	}
	return page;
}

/* Return: the page; NULL with *@again if another round may help. */
static struct page *attempt_nofail(struct slow *slow, bool *again)
{
	const struct alloc_request *req = slow->req;
	struct page *page;

	*again = false;
	if (WARN_ONCE(!(req->gfp & __GFP_DIRECT_RECLAIM),
		      "gfp 0x%x: __GFP_NOFAIL, but may not sleep", req->gfp))
		return NULL;
	WARN_ONCE(is_costly(req), "__GFP_NOFAIL request of order %u", req->order);
	page = request_attempt(req, WMARK_MIN | ALLOC_MIN_RESERVE, KALLOC_STEP_LAST);
	if (page)
		return page;
	if (slow->nofail_rounds++ < NOFAIL_ROUNDS) {
		struct waitq nobody = { 0 };

		/* Others may be about to free something. */
		waitq_wait(&nobody, 0, NOFAIL_MS);
		*again = true;
		return NULL;
	}
	console_panic("Kernel panic - not syncing: Out of memory: __GFP_NOFAIL request of order %u "
		      "cannot be met\n",
		      req->order);
}

struct page *request_slow(struct alloc_request *req)
{
	bool may_sleep = req->gfp & __GFP_DIRECT_RECLAIM, again = true;
	unsigned int round = 0;
	struct slow slow = { .req = req,
			     .compact_priority = COMPACT_PRIO_DEFAULT,
			     .compact_result = COMPACT_SKIPPED };
	struct page *page;

	if (WARN_ONCE(may_sleep && req->gfp & __GFP_ATOMIC, "gfp 0x%x: atomic, but may sleep",
		      req->gfp))
		req->gfp &= ~__GFP_ATOMIC;
	slow.flags = request_slow_flags(req->gfp, req->order);

	if (req->gfp & __GFP_KSWAPD_RECLAIM) {
		kswapd_wake_all(req);
		kswapd_run_inline(req->room, req->gfp);
	}
	page = request_attempt(req, slow.flags, KALLOC_STEP_MIN);
	if (!page && may_sleep)
		again = attempt_early_compaction(&slow, &page) == 0;
	while (!page && again) {
		round++;
		explain(.kind = KALLOC_NOTE_ROUND, .number = round);
		page = round_of_attempts(&slow, &again);
		if (!page && !again && req->gfp & __GFP_NOFAIL)
			page = attempt_nofail(&slow, &again);
	}
	if (!page)
		pages_warn(req->room->m, req->gfp, "page allocation failure: order:%u", req->order);
	if (trace_page_wants_alloc(req->room->m))
		trace_page_alloc(req->room->m, page, req->gfp, req->order);
	return page;
}
