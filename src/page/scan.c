/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "event.h"
#include "pcp.h"
#include "room.h"
#include "scan.h"
#include "trace.h"

enum found {
	FOUND_FREE,
	FOUND_FIXED, /* it cannot move */
	FOUND_PAGE,  /* it is isolated */
};

static unsigned long zone_end(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

static unsigned long block_frames(const struct zone *zone)
{
	return 1UL << zone->buddy.block_order;
}

static unsigned long last_block(const struct zone *zone)
{
	return ALIGN_DOWN(zone_end(zone) - 1, block_frames(zone));
}

static bool is_async(const struct compaction *cc)
{
	return cc->mode == MIGRATE_ASYNC;
}

void scan_begin(struct compaction *cc, bool restart)
{
	struct zone *zone = cc->zone;
	struct zone_compact *kept = &zone->compact;
	unsigned long start = zone->zone_start_pfn;

	list_init(&cc->frames);
	cc->migrate_pfn = start;
	cc->free_pfn = last_block(zone);
	if (cc->whole)
		return;
	if (restart)
		scan_reset(zone);
	lock_take(&kept->lock);
	if (kept->free_pfn)
		cc->free_pfn = kept->free_pfn;
	cc->migrate_pfn = max(start, kept->migrate_pfn[!is_async(cc)]);
	lock_drop(&kept->lock);
	cc->whole = cc->migrate_pfn == start;
}

void scan_reset(struct zone *zone)
{
	struct zone_compact *kept = &zone->compact;

	lock_take(&kept->lock);
	kept->migrate_pfn[0] = kept->migrate_pfn[1] = kept->free_pfn = 0;
	lock_drop(&kept->lock);
}

/* There is nothing to move below @pfn; what holds for synchronous runs holds for all. */
static void keep_migrate_pfn(struct compaction *cc, unsigned long pfn)
{
	struct zone_compact *kept = &cc->zone->compact;

	lock_take(&kept->lock);
	kept->migrate_pfn[0] = max(kept->migrate_pfn[0], pfn);
	if (!is_async(cc))
		kept->migrate_pfn[1] = max(kept->migrate_pfn[1], pfn);
	lock_drop(&kept->lock);
}

/* There is nothing to take from @pfn up. */
static void keep_free_pfn(struct compaction *cc, unsigned long pfn)
{
	struct zone_compact *kept = &cc->zone->compact;

	lock_take(&kept->lock);
	if (!kept->free_pfn || pfn < kept->free_pfn)
		kept->free_pfn = pfn;
	lock_drop(&kept->lock);
}

/* Whether a virgin block begins at @pfn: the scanners take it for the free block that it is. */
static bool is_virgin_head(const struct buddy *buddy, unsigned long pfn)
{
	return pfn % (1UL << buddy->max_order) == 0 && buddy_is_virgin(buddy, pfn);
}

/* Look at the frame at *@pfn; of a block, at all of it: *@pfn is then its last frame. */
static enum found look_for_page(struct compaction *cc, unsigned long *pfn)
{
	const struct buddy *buddy = &cc->zone->buddy;
	struct page *page = buddy->vmemmap + *pfn;
	struct frame_view view;

	if (buddy_is_virgin(buddy, *pfn)) {
		if (!is_virgin_head(buddy, *pfn))
			return FOUND_FIXED; /* in the midst of a free block nothing tells of it */
		*pfn += (1UL << buddy->max_order) - 1;
		return FOUND_FREE;
	}
	view = frame_look(page);
	if (view.order <= buddy->max_order)
		*pfn += (1UL << view.order) - 1;
	if (view.kind == FRAME_IS_FREE)
		return FOUND_FREE;
	if (view.kind != FRAME_IS_LRU && view.kind != FRAME_IS_MOVABLE)
		return FOUND_FIXED;
	if (view.kind == FRAME_IS_LRU && (view.count != 1 || (view.file && !(cc->gfp & __GFP_FS))))
		return FOUND_FIXED;
	return migrate_isolate(&cc->batch, cc->zone, page, &view, cc->mode) ? FOUND_PAGE
									    : FOUND_FIXED;
}

/* Scan [@pfn, @end) of a pageblock. */
static void scan_block(struct compaction *cc, unsigned long pfn, unsigned long end)
{
	bool picky = cc->direct && is_async(cc);
	unsigned long span = picky ? 1UL << cc->order : block_frames(cc->zone);
	unsigned long span_end = ALIGN_DOWN(pfn, span) + span;
	unsigned long nr_isolated = 0, start = pfn, before = cc->migrate_scanned;

	for (; pfn < end && cc->batch.nr < MIGRATE_BATCH; pfn++) {
		enum found found;

		if (picky && pfn >= span_end) {
			if (cc->batch.nr)
				break;
			span_end = ALIGN_DOWN(pfn, span) + span;
		}
		cc->migrate_scanned++;
		found = look_for_page(cc, &pfn);
		nr_isolated += found == FOUND_PAGE;
		if (found == FOUND_FIXED && picky) {
			migrate_put_back(&cc->batch);
			nr_isolated = 0;
			pfn = max(pfn, span_end - 1);
		}
	}
	pfn = min(pfn, end);
	if (pfn == end && !nr_isolated)
		keep_migrate_pfn(cc, pfn);
	if (nr_isolated)
		page_event_add(cc->zone->room->m, COMPACTISOLATED, nr_isolated);
	TRACE(cc->zone->room->m, mm_compaction_isolate_migratepages, .start_pfn = start,
	      .end_pfn = pfn, .nr_scanned = cc->migrate_scanned - before, .nr_taken = nr_isolated);
	cc->migrate_pfn = pfn;
}

/* Whether pages are moved out of the pageblock at @pfn. */
static bool is_source(const struct compaction *cc, unsigned long pfn)
{
	return !is_async(cc) || !cc->direct || block_type(&cc->zone->buddy, pfn) == cc->mt;
}

bool scan_for_pages(struct compaction *cc)
{
	unsigned long nr = block_frames(cc->zone);
	unsigned long end = ALIGN_DOWN(cc->migrate_pfn, nr) + nr;

	/* Not across the free scanner. */
	for (; end <= cc->free_pfn; cc->migrate_pfn = end, end += nr) {
		if (is_source(cc, cc->migrate_pfn)) {
			scan_block(cc, cc->migrate_pfn, end);
			break;
		}
		keep_migrate_pfn(cc, end);
	}
	return cc->batch.nr > 0;
}

/* Whether the pageblock at @pfn is one to move pages into. */
static bool is_target(const struct compaction *cc, unsigned long pfn)
{
	const struct buddy *buddy = &cc->zone->buddy;
	enum migratetype mt = block_type(buddy, pfn);
	struct frame_view view;

	/* A virgin block is a pageblock at least. */
	if (mt == MIGRATE_ISOLATE || is_virgin_head(buddy, pfn))
		return false;
	view = frame_look(buddy->vmemmap + pfn);
	if (view.kind == FRAME_IS_FREE && view.order >= buddy->block_order)
		return false;
	return cc->any_block || mt == MIGRATE_MOVABLE;
}

/*
 * Take a free block off its list as if it were allocated for a movable page, but never
 * below the min mark. Under the zone's lock.
 */
static bool take_block(struct zone *zone, struct page *page, unsigned int order)
{
	struct buddy *buddy = &zone->buddy;
	unsigned long pfn = (unsigned long)(page - buddy->vmemmap);
	enum migratetype mt = block_type(buddy, pfn);

	if (mt == MIGRATE_ISOLATE ||
	    !zone_has(zone, 0, READ_ONCE(zone->_watermark[WMARK_MIN]) + (1UL << order), 0, 0,
		      READ_ONCE(zone->free_pages)))
		return false;
	zone_count_free(zone, cpu_current(zone->nr_cpus), -(1L << order));
	buddy_take_block(buddy, page);
	if (order + 1 >= buddy->block_order && mt < MIGRATE_PCPTYPES)
		block_set_type(buddy, pfn, MIGRATE_MOVABLE);
	return true;
}

/* Make single frames, ready for use, of blocks. */
static void split_blocks(struct compaction *cc, struct list_head *blocks)
{
	const struct alloc_request req = { .room = cc->zone->room, .gfp = __GFP_MOVABLE };

	while (!list_empty(blocks)) {
		struct page *page = list_first_entry(blocks, struct page, lru);
		unsigned long nr = 1UL << page->private;

		list_del(&page->lru);
		for (; nr--; page++) {
			if (unlikely(!frame_check_new(page)))
				continue;
			request_make_ready(req.room, page, req.gfp, req.order);
			list_add_tail(&page->lru, &cc->frames);
			cc->nr_frames++;
		}
	}
}

/*
 * Take free blocks of [*@start, @end), a pageblock, looking at every @stride-th frame.
 * *@start receives how far it came. Return: the number of frames.
 */
static unsigned long take_frames(struct compaction *cc, unsigned long *start, unsigned long end,
				 unsigned long stride)
{
	struct zone *zone = cc->zone;
	struct list_head blocks = LIST_INIT(blocks);
	unsigned long pfn, nr = 0, before = cc->free_scanned;

	lock_take(&zone->lock);
	for (pfn = *start; pfn < end; pfn += stride) {
		struct page *page = zone->buddy.vmemmap + pfn;
		struct frame_view view = frame_look(page);
		unsigned long frames = 1UL << min(view.order, zone->buddy.max_order);

		cc->free_scanned += view.kind == FRAME_IS_FREE ? frames : 1;
		if (view.kind == FRAME_IS_FREE) {
			if (!take_block(zone, page, view.order))
				break;
			page->private = view.order;
			list_add_tail(&page->lru, &blocks);
			nr += frames;
			if (cc->nr_frames + nr >= cc->batch.nr) {
				pfn += frames;
				break;
			}
		}
		pfn += frames - 1;
	}
	lock_drop(&zone->lock);
	split_blocks(cc, &blocks);
	if (nr)
		page_event_add(zone->room->m, COMPACTISOLATED, nr);
	TRACE(zone->room->m, mm_compaction_isolate_freepages, .start_pfn = *start,
	      .end_pfn = min(pfn, end), .nr_scanned = cc->free_scanned - before, .nr_taken = nr);
	*start = min(pfn, end);
	return nr;
}

void scan_for_frames(struct compaction *cc)
{
	unsigned long nr = block_frames(cc->zone);
	unsigned long lowest = ALIGN_DOWN(cc->migrate_pfn, nr) + nr;
	unsigned long block = ALIGN_DOWN(cc->free_pfn, nr);
	unsigned long pfn = cc->free_pfn;
	unsigned long stride = is_async(cc) ? MIGRATE_BATCH : 1;

	for (; block >= lowest; block -= nr, pfn = block) {
		unsigned long end = min(block + nr, zone_end(cc->zone));
		unsigned long got;

		if (!is_target(cc, block))
			continue;
		got = take_frames(cc, &pfn, end, stride);
		if (pfn == end)
			keep_free_pfn(cc, block);
		if (cc->nr_frames >= cc->batch.nr) {
			if (pfn == end)
				pfn = block - nr;
			break;
		}
		if (pfn < end)
			break;
		stride = got ? 1 : min(stride << 1, (unsigned long)MIGRATE_BATCH);
	}
	cc->free_pfn = pfn;
}

void scan_end(struct compaction *cc)
{
	struct zone *zone = cc->zone;
	struct zone_compact *kept = &zone->compact;
	unsigned long highest = 0;

	while (!list_empty(&cc->frames)) {
		struct page *page = list_first_entry(&cc->frames, struct page, lru);

		highest = max(highest, (unsigned long)(page - zone->buddy.vmemmap));
		list_del(&page->lru);
		__free_page(page);
	}
	cc->nr_frames = 0;
	highest = ALIGN_DOWN(highest, block_frames(zone));
	lock_take(&kept->lock);
	if (kept->free_pfn && kept->free_pfn < highest)
		kept->free_pfn = highest;
	lock_drop(&kept->lock);
}
