/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "compact.h"
#include "event.h"
#include "explain.h"
#include "index.h"
#include "pcp.h"
#include "reclaim.h"
#include "scan.h"
#include "trace.h"

/* Costly orders are not compacted for at an index up to this: it is memory that lacks. */
#define FRAGMENTATION_THRESHOLD 500

int compact_fragmentation_index(struct zone *zone, unsigned int order)
{
	struct free_blocks blocks = index_count(&zone->buddy);

	return index_extfrag(&blocks, order);
}

/*
 * Whether a request of @order has no need of compaction (COMPACT_SUCCESS), or
 * compaction has room to work with when @frames are free.
 */
static enum compact_result marks_say(struct zone *zone, unsigned int order, unsigned int flags,
				     unsigned int highest, long frames)
{
	unsigned long mark = zone_mark(zone, flags & ALLOC_WMARK_MASK);

	if (zone_has(zone, order, mark, highest, flags, READ_ONCE(zone->free_pages)))
		return COMPACT_SUCCESS;
	mark = zone_mark(zone, order > PAGE_ALLOC_COSTLY_ORDER ? WMARK_LOW : WMARK_MIN);
	if (!zone_has(zone, 0, mark + (2UL << order), highest, 0, frames))
		return COMPACT_SKIPPED;
	return COMPACT_CONTINUE;
}

enum compact_result compact_suitable(struct zone *zone, unsigned int order, unsigned int flags,
				     unsigned int highest)
{
	enum compact_result result =
		marks_say(zone, order, flags, highest, READ_ONCE(zone->free_pages));

	if (result == COMPACT_CONTINUE && order > PAGE_ALLOC_COSTLY_ORDER) {
		int index = compact_fragmentation_index(zone, order);

		if (index >= 0 && index <= FRAGMENTATION_THRESHOLD)
			result = COMPACT_NOT_SUITABLE_ZONE;
	}
	TRACE(zone->room->m, mm_compaction_suitable, .node = zone->nid, .zone = zone->type,
	      .order = order, .ret = result);
	return result == COMPACT_NOT_SUITABLE_ZONE ? COMPACT_SKIPPED : result;
}

static enum compact_result how_far(struct compaction *cc)
{
	const struct buddy *buddy = &cc->zone->buddy;

	if (scan_met(cc)) {
		scan_reset(cc->zone);
		return cc->whole ? COMPACT_COMPLETE : COMPACT_PARTIAL_SKIPPED;
	}
	/* A pageblock that was begun is finished, so that the next request finds more. */
	if (cc->order == SCAN_WHOLE_ZONE || cc->migrate_pfn & ((1UL << buddy->block_order) - 1))
		return COMPACT_CONTINUE;
	for (unsigned int at = (unsigned int)cc->order; at <= buddy->max_order; at++) {
		if (block_can_serve(buddy, at, cc->mt))
			return COMPACT_SUCCESS;
	}
	return COMPACT_NO_SUITABLE_PAGE;
}

static enum compact_result finished(struct compaction *cc)
{
	enum compact_result result = how_far(cc);
	const struct zone *zone = cc->zone;

	TRACE(zone->room->m, mm_compaction_finished, .node = zone->nid, .zone = zone->type,
	      .order = cc->order, .ret = result);
	return result == COMPACT_NO_SUITABLE_PAGE ? COMPACT_CONTINUE : result;
}

static struct page *frame_take(void *ctx)
{
	struct compaction *cc = ctx;
	struct page *page;

	if (list_empty(&cc->frames))
		scan_for_frames(cc);
	if (list_empty(&cc->frames))
		return NULL;
	page = list_first_entry(&cc->frames, struct page, lru);
	list_del(&page->lru);
	cc->nr_frames--;
	return page;
}

static void frame_give(void *ctx, struct page *page)
{
	struct compaction *cc = ctx;

	list_add(&page->lru, &cc->frames);
	cc->nr_frames++;
}

/*
 * Move the pages of the batch. Return: false to stop, since there are no more frames
 * although the scanners have not met.
 */
static bool move_batch(struct compaction *cc, unsigned long *moved_from)
{
	const struct migrate_to to = {
		.reason = MR_COMPACTION, .take = frame_take, .give = frame_give, .ctx = cc
	};
	unsigned int nr = cc->batch.nr;
	int err = migrate_pages(&cc->batch, &to, cc->mode);

	TRACE(cc->zone->room->m, mm_compaction_migratepages, .nr_migrated = cc->batch.moved,
	      .nr_failed = nr - cc->batch.moved);
	if (err == -ENOMEM && !scan_met(cc))
		return false;
	/* One of this block stayed: the rest of it is not worth the effort. */
	if (err && cc->direct && cc->mode == MIGRATE_ASYNC) {
		cc->migrate_pfn = ALIGN_UP(cc->migrate_pfn, 1UL << cc->order);
		*moved_from = 0;
	}
	return true;
}

/* What was freed on the way out of an aligned block of the order is to merge there. */
static void drain_behind(struct compaction *cc, unsigned long *moved_from)
{
	struct zone *zone = cc->zone;

	if (cc->order <= 0 || !*moved_from ||
	    *moved_from >= ALIGN_DOWN(cc->migrate_pfn, 1UL << cc->order))
		return;
	pcp_drain(zone, cpu_current(zone->nr_cpus));
	*moved_from = 0;
}

static enum compact_result compact_zone(struct compaction *cc)
{
	struct kalloc_machine *m = cc->zone->room->m;
	enum compact_result result = COMPACT_CONTINUE;
	unsigned int order = (unsigned int)cc->order;
	unsigned long moved_from = 0;

	if (cc->order != SCAN_WHOLE_ZONE)
		result = compact_suitable(cc->zone, order, cc->flags, cc->highest);
	if (result != COMPACT_CONTINUE)
		return result;
	scan_begin(cc, cc->order != SCAN_WHOLE_ZONE && compact_is_restarting(cc->zone, order));
	TRACE(m, mm_compaction_begin, .zone_start = cc->zone->zone_start_pfn,
	      .migrate_pfn = cc->migrate_pfn, .free_pfn = cc->free_pfn,
	      .zone_end = cc->zone->zone_start_pfn + cc->zone->spanned_pages,
	      .mode = cc->mode != MIGRATE_ASYNC);
	while ((result = finished(cc)) == COMPACT_CONTINUE) {
		unsigned long from = cc->migrate_pfn;

		if (scan_for_pages(cc)) {
			moved_from = from;
			if (!move_batch(cc, &moved_from)) {
				result = COMPACT_CONTENDED;
				break;
			}
		}
		drain_behind(cc, &moved_from);
	}
	scan_end(cc);
	page_event_add(m, COMPACTMIGRATE_SCANNED, cc->migrate_scanned);
	page_event_add(m, COMPACTFREE_SCANNED, cc->free_scanned);
	TRACE(m, mm_compaction_end, .zone_start = cc->zone->zone_start_pfn,
	      .migrate_pfn = cc->migrate_pfn, .free_pfn = cc->free_pfn,
	      .zone_end = cc->zone->zone_start_pfn + cc->zone->spanned_pages,
	      .mode = cc->mode != MIGRATE_ASYNC, .status = result);
	return result;
}

static enum compact_result compact_zone_for(const struct alloc_request *req, struct zone *zone,
					    unsigned int flags, enum compact_priority priority)
{
	bool full = priority == COMPACT_PRIO_MIN;
	struct compaction cc = {
		.zone = zone,
		.order = (int)req->order,
		.gfp = req->gfp,
		.mt = req->mt,
		.flags = flags,
		.highest = req->highest,
		.mode = priority == COMPACT_PRIO_ASYNC ? MIGRATE_ASYNC : MIGRATE_SYNC_LIGHT,
		.direct = true,
		.whole = full,
		.any_block = full,
	};

	return compact_zone(&cc);
}

/* What an explained request notes of a zone that was compacted, or was to be. */
static void note_compaction(const struct zone *zone, enum compact_result result, bool async,
			    int index, unsigned long moved)
{
	static const unsigned char results[] = {
		[COMPACT_NOT_SUITABLE_ZONE] = KALLOC_COMPACT_SKIPPED,
		[COMPACT_SKIPPED] = KALLOC_COMPACT_SKIPPED,
		[COMPACT_DEFERRED] = KALLOC_COMPACT_DEFERRED,
		[COMPACT_NO_SUITABLE_PAGE] = KALLOC_COMPACT_STOPPED,
		[COMPACT_CONTINUE] = KALLOC_COMPACT_STOPPED,
		[COMPACT_COMPLETE] = KALLOC_COMPACT_COMPLETE,
		[COMPACT_PARTIAL_SKIPPED] = KALLOC_COMPACT_PARTIAL,
		[COMPACT_CONTENDED] = KALLOC_COMPACT_STOPPED,
		[COMPACT_SUCCESS] = KALLOC_COMPACT_SUCCESS,
	};

	explain(.kind = KALLOC_NOTE_COMPACT, .compact = { .zone = zone->name,
							  .nid = zone->nid,
							  .result = results[result],
							  .async = async,
							  .index = index,
							  .moved = moved });
}

static enum compact_result compact_zone_noted(const struct alloc_request *req, struct zone *zone,
					      unsigned int flags, enum compact_priority priority)
{
	struct kalloc_machine *m = req->room->m;
	unsigned long before = page_event(m, PGMIGRATE_SUCCESS);
	int index = explain_on() ? compact_fragmentation_index(zone, req->order) : 0;
	enum compact_result result = compact_zone_for(req, zone, flags, priority);

	note_compaction(zone, result, priority == COMPACT_PRIO_ASYNC, index,
			page_event(m, PGMIGRATE_SUCCESS) - before);
	return result;
}

enum compact_result compact_for(const struct alloc_request *req, unsigned int flags,
				enum compact_priority priority)
{
	enum compact_result best = COMPACT_SKIPPED;

	if (!(req->gfp & __GFP_IO))
		return COMPACT_SKIPPED;
	TRACE(req->room->m, mm_compaction_try_to_compact_pages, .order = req->order,
	      .gfp_mask = req->gfp, .priority = priority);
	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;
		enum compact_result result;

		if (zone->rank > req->highest || !node_allows(req->nodemask, zone->nid))
			continue;
		if (priority > COMPACT_PRIO_MIN && compact_is_deferred(zone, req->order)) {
			note_compaction(zone, COMPACT_DEFERRED, priority == COMPACT_PRIO_ASYNC, 0,
					0);
			best = max(best, (enum compact_result)COMPACT_DEFERRED);
			continue;
		}
		result = compact_zone_noted(req, zone, flags, priority);
		best = max(best, result);
		if (result == COMPACT_SUCCESS) {
			compact_defer_reset(zone, req->order, false);
			break;
		}
		if (priority != COMPACT_PRIO_ASYNC &&
		    (result == COMPACT_COMPLETE || result == COMPACT_PARTIAL_SKIPPED))
			compact_defer(zone, req->order);
	}
	return best;
}

bool compact_worth_reclaim(const struct alloc_request *req, unsigned int flags)
{
	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;
		unsigned long reclaimable;

		if (zone->rank > req->highest || !node_allows(req->nodemask, zone->nid))
			continue;
		/* Not all of it: that would be much to lose for one block. */
		reclaimable = reclaim_possible(zone) / max(req->order, 1u);
		if (marks_say(zone, req->order, flags, req->highest,
			      zone_free_exact(zone) + (long)reclaimable) == COMPACT_CONTINUE)
			return true;
	}
	return false;
}

void compact_all(struct page_room *room)
{
	struct zone *zone;

	context_might_sleep(room->m);
	for_each_zone(zone, room) {
		struct compaction cc = {
			.zone = zone,
			.order = SCAN_WHOLE_ZONE,
			.gfp = GFP_KERNEL,
			.mode = MIGRATE_SYNC,
			.whole = true,
		};

		if (zone->managed_pages)
			compact_zone(&cc);
	}
	pages_drain(room->m);
}

void compact_wake(struct node *node, unsigned int order, unsigned int highest)
{
	struct kswapd *daemon = &node->kswapd;

	if (!order)
		return;
	for (struct zone *const *at = node->only; *at; at++) {
		if ((*at)->rank > highest ||
		    compact_suitable(*at, order, WMARK_MIN, highest) != COMPACT_CONTINUE)
			continue;
		if (READ_ONCE(daemon->compact))
			highest = min(highest, READ_ONCE(daemon->compact_highest));
		else
			TRACE((*at)->room->m, mm_compaction_wakeup_kcompactd, .nid = node->nid,
			      .order = order, .classzone_idx = zone_type_of(highest));
		WRITE_ONCE(daemon->compact_order, max(READ_ONCE(daemon->compact_order), order));
		WRITE_ONCE(daemon->compact_highest, highest);
		__atomic_store_n(&daemon->compact, true, __ATOMIC_RELEASE);
		return;
	}
}

/* One zone's turn of kcompactd. */
static void daemon_compact(struct zone *zone, unsigned int order, unsigned int highest)
{
	struct kalloc_machine *m = zone->room->m;
	enum compact_result result;
	struct compaction cc = {
		.zone = zone,
		.order = (int)order,
		.gfp = GFP_KERNEL,
		.mt = MIGRATE_UNMOVABLE,
		.highest = highest,
		.mode = MIGRATE_SYNC_LIGHT,
	};

	if (compact_is_deferred(zone, order) ||
	    compact_suitable(zone, order, WMARK_MIN, zone->rank) != COMPACT_CONTINUE)
		return;
	result = compact_zone(&cc);
	if (result == COMPACT_SUCCESS) {
		compact_defer_reset(zone, order, false);
	} else if (result == COMPACT_PARTIAL_SKIPPED || result == COMPACT_COMPLETE) {
		for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
			pcp_drain(zone, cpu);
		compact_defer(zone, order);
	}
	page_event_add(m, KCOMPACTD_MIGRATE_SCANNED, cc.migrate_scanned);
	page_event_add(m, KCOMPACTD_FREE_SCANNED, cc.free_scanned);
}

bool compact_run_daemon(struct node *node)
{
	struct kalloc_machine *m = node->zones[0].room->m;
	struct kswapd *daemon = &node->kswapd;
	unsigned int order, highest;

	if (!__atomic_exchange_n(&daemon->compact, false, __ATOMIC_ACQ_REL))
		return false;
	order = __atomic_exchange_n(&daemon->compact_order, 0, __ATOMIC_RELAXED);
	highest = READ_ONCE(daemon->compact_highest);
	TRACE(m, mm_compaction_kcompactd_wake, .nid = node->nid, .order = order,
	      .classzone_idx = zone_type_of(highest));
	page_event_add(m, KCOMPACTD_WAKE, 1);
	for (int type = 0; type < MAX_NR_ZONES; type++) {
		struct zone *zone = &node->zones[type];

		if (zone->managed_pages && zone->rank <= highest)
			daemon_compact(zone, order, highest);
	}
	TRACE(m, mm_compaction_kcompactd_sleep, .nid = node->nid);
	return true;
}
