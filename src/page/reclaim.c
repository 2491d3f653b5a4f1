/* SPDX-License-Identifier: MIT */
#include "compact.h"
#include "event.h"
#include "explain.h"
#include "reclaim.h"
#include "request.h"
#include "shrinker.h"
#include "swap.h"
#include "task.h"
#include "trace.h"

/* RECLAIM_WB_* of Linux, which its events show. */
#define WB_ANON	 0x1u
#define WB_FILE	 0x2u
#define WB_ASYNC 0x8u

/* What a batch of isolated pages was. */
struct batch_counts {
	unsigned long dirty;
	unsigned int activated[2]; /* anonymous, file */
};

enum verdict {
	PAGE_KEEP,
	PAGE_ACTIVATED,
	PAGE_FREED,
};

static u8 writeback_flags(bool anon)
{
	return (anon ? WB_ANON : WB_FILE) | WB_ASYNC;
}

static struct kalloc_mapping *owner_of(const struct page *page)
{
	return (struct kalloc_mapping *)page->mapping;
}

/* Write an isolated page out. Return: false if its owner could not. */
static bool write_out(struct reclaim *rc, struct page *page, bool anon)
{
	struct kalloc_mapping *mapping = owner_of(page);

	page_event_add(rc->room->m, NR_VMSCAN_WRITE, 1);
	lru_clean(page);
	if (mapping->ops && mapping->ops->writeback && mapping->ops->writeback(mapping, page)) {
		kalloc_lru_dirty(page);
		return false;
	}
	TRACE(rc->room->m, mm_vmscan_write_folio, .pfn = pfn_of(rc->room->m, page),
	      .flags = writeback_flags(anon));
	page_event_add(rc->room->m, anon ? PSWPOUT : NR_WRITTEN, 1);
	return true;
}

/* Tell the owner of a retired page, and free it. */
static void evict(struct kalloc_mapping *mapping, struct page *page)
{
	struct kalloc_machine *m = machine_of(page);
	unsigned long pfn = pfn_of(m, page);

	if (mapping->ops && mapping->ops->evicted)
		mapping->ops->evicted(mapping, page);
	__free_page(page);
	TRACE(m, mm_page_free_batched, .pfn = pfn);
}

/* Free an isolated page unless something came between. */
static enum verdict try_evict(struct page *page)
{
	struct kalloc_mapping *mapping = lru_retire(page);

	if (!mapping)
		return PAGE_KEEP;
	evict(mapping, page);
	return PAGE_FREED;
}

static enum verdict reclaim_anon(struct reclaim *rc, struct page *page)
{
	enum verdict verdict = PAGE_KEEP;

	if (!(rc->gfp & __GFP_IO) || !rc->may_swap || !swap_take(rc->room))
		return PAGE_KEEP;
	if (write_out(rc, page, true))
		verdict = try_evict(page);
	if (verdict == PAGE_KEEP)
		swap_give(rc->room, 1);
	return verdict;
}

static enum verdict reclaim_file(struct reclaim *rc, struct page *page, bool dirty)
{
	if (dirty && (!(rc->gfp & __GFP_FS) || !rc->may_write || !write_out(rc, page, false)))
		return PAGE_KEEP;
	return try_evict(page);
}

/* What becomes of one isolated page of an inactive list; done with it if freed. */
static enum verdict judge(struct reclaim *rc, struct page *page)
{
	unsigned long flags;

	if (lru_activate(page))
		return PAGE_ACTIVATED;
	if (page_count(page) > 1)
		return PAGE_KEEP;
	flags = frame_flags_now(page);
	return flags & PG_SWAPBACKED ? reclaim_anon(rc, page)
				     : reclaim_file(rc, page, flags & PG_DIRTY);
}

/* Work on a batch of isolated pages. Return: frames freed. */
static unsigned long reclaim_pages(struct reclaim *rc, struct list_head *pages,
				   struct batch_counts *counts)
{
	struct list_head keep = LIST_INIT(keep);
	unsigned long freed = 0;

	while (!list_empty(pages)) {
		struct page *page = list_last_entry(pages, struct page, lru);
		unsigned long flags = frame_flags_now(page);
		enum verdict verdict;

		list_del(&page->lru);
		counts->dirty += (flags & (PG_DIRTY | PG_SWAPBACKED)) == PG_DIRTY;
		verdict = judge(rc, page);
		if (verdict == PAGE_FREED) {
			freed++;
			continue;
		}
		if (verdict == PAGE_ACTIVATED) {
			page_event_add(rc->room->m, PGACTIVATE, 1);
			counts->activated[!(flags & PG_SWAPBACKED)]++;
		}
		list_add(&page->lru, &keep);
	}
	lru_put_back(&keep);
	return freed;
}

static void count_steal(struct reclaim *rc, enum lru_list list, unsigned long scanned,
			unsigned long freed)
{
	struct kalloc_machine *m = rc->room->m;

	page_event_add(m, rc->kswapd ? PGSCAN_KSWAPD : PGSCAN_DIRECT, scanned);
	page_event_add(m, rc->kswapd ? PGSTEAL_KSWAPD : PGSTEAL_DIRECT, freed);
	page_event_add(m, lru_is_file(list) ? PGSCAN_FILE : PGSCAN_ANON, scanned);
	page_event_add(m, lru_is_file(list) ? PGSTEAL_FILE : PGSTEAL_ANON, freed);
}

/* Isolate up to @nr pages of a list. Return: how many. */
static unsigned long isolate(struct reclaim *rc, struct lru *lru, enum lru_list list,
			     struct lru_scan *scan, struct list_head *pages)
{
	unsigned long got;

	scan->highest = rc->highest;
	got = lru_isolate(lru, list, scan, pages);
	TRACE(rc->room->m, mm_vmscan_lru_isolate, .classzone = zone_type_of(rc->highest),
	      .order = rc->order, .nr_requested = scan->nr,
	      .nr_scanned = scan->scanned + scan->skipped, .nr_skipped = scan->skipped,
	      .nr_taken = got, .lru = list);
	return got;
}

static void shrink_inactive(struct reclaim *rc, struct node *node, enum lru_list list,
			    unsigned long nr)
{
	struct list_head pages = LIST_INIT(pages);
	struct lru_scan scan = { .nr = nr };
	struct batch_counts counts = { 0 };
	unsigned long freed = 0;

	if (isolate(rc, &node->lru, list, &scan, &pages)) {
		freed = reclaim_pages(rc, &pages, &counts);
		TRACE(rc->room->m, mm_vmscan_lru_shrink_inactive, .nid = node->nid,
		      .nr_scanned = scan.scanned + scan.skipped, .nr_reclaimed = freed,
		      .nr_dirty = counts.dirty, .nr_activate_anon = counts.activated[0],
		      .nr_activate_file = counts.activated[1], .priority = rc->priority,
		      .flags = writeback_flags(!lru_is_file(list)));
	}
	rc->nr_scanned += scan.scanned;
	rc->nr_reclaimed += freed;
	count_steal(rc, list, scan.scanned, freed);
}

/* Move pages from the tail of an active list to the inactive one beside it. */
static void shrink_active(struct reclaim *rc, struct node *node, enum lru_list list,
			  unsigned long nr)
{
	struct list_head pages = LIST_INIT(pages);
	struct lru_scan scan = { .nr = nr };
	unsigned long got = isolate(rc, &node->lru, list, &scan, &pages);

	page_event_add(rc->room->m, PGREFILL, scan.scanned);
	page_event_add(rc->room->m, PGDEACTIVATE, got);
	while (!list_empty(&pages)) {
		struct page *page = list_last_entry(&pages, struct page, lru);

		list_del(&page->lru);
		lru_deactivate(page);
	}
	TRACE(rc->room->m, mm_vmscan_lru_shrink_active, .nid = node->nid, .nr_taken = got,
	      .nr_deactivated = got, .priority = rc->priority,
	      .flags = writeback_flags(!lru_is_file(list)));
}

static void shrink_lists(struct reclaim *rc, struct node *node)
{
	unsigned long nr[NR_LRU_LISTS];
	bool more = true;

	for (int i = 0; i < NR_LRU_LISTS; i++) {
		nr[i] = lru_count(&node->lru, (enum lru_list)i, rc->highest) >> rc->priority;
		if (!lru_is_file((enum lru_list)i) && (!rc->may_swap || !swap_left(rc->room)))
			nr[i] = 0;
	}
	while (more && rc->nr_reclaimed < rc->nr_to_reclaim) {
		more = false;
		for (int i = 0; i < NR_LRU_LISTS; i++) {
			unsigned long part = min(nr[i], (unsigned long)RECLAIM_CLUSTER);

			if (!part)
				continue;
			nr[i] -= part;
			more = true;
			if (!lru_is_active((enum lru_list)i))
				shrink_inactive(rc, node, (enum lru_list)i, part);
			else if (rc->deactivate ||
				 READ_ONCE(node->lru.nr[i]) > READ_ONCE(node->lru.nr[i - 1]))
				shrink_active(rc, node, (enum lru_list)i, part);
			else
				rc->skipped = true;
		}
	}
}

/* Frames that shrinkers free show in the slab room's counters, on whatever node. */
static long slab_pages(struct page_room *room)
{
	long nr = 0;

	for (unsigned int nid = 0; nid < room->layout.nr_nodes; nid++)
		nr += READ_ONCE(room->stats[nid].nr[NR_SLAB_RECLAIMABLE]) +
		      READ_ONCE(room->stats[nid].nr[NR_SLAB_UNRECLAIMABLE]);
	return nr;
}

void reclaim_node(struct reclaim *rc, struct node *node)
{
	unsigned long before = rc->nr_reclaimed;
	long slab;

	shrink_lists(rc, node);
	slab = slab_pages(rc->room);
	shrink_slab(rc->room->m, rc->gfp, node->nid, rc->priority);
	slab -= slab_pages(rc->room);
	if (slab > 0)
		rc->nr_reclaimed += (unsigned long)slab;
	if (rc->nr_reclaimed > before)
		WRITE_ONCE(node->kswapd.failures, 0);
}

unsigned long reclaim_possible(const struct zone *zone)
{
	struct page_room *room = zone->room;
	const unsigned long *nr = room->nodes[zone->nid].lru.zone_nr[zone->type];
	unsigned long pages = READ_ONCE(nr[LRU_INACTIVE_FILE]) + READ_ONCE(nr[LRU_ACTIVE_FILE]);

	if (swap_left(room))
		pages += READ_ONCE(nr[LRU_INACTIVE_ANON]) + READ_ONCE(nr[LRU_ACTIVE_ANON]);
	return pages;
}

/* Whether a zone has enough free frames, in too small blocks, for compaction to begin. */
static bool compaction_ready(const struct reclaim *rc, struct zone *zone)
{
	/* Compaction is not for requests without I/O: for these only reclaim is left. */
	if (rc->order <= PAGE_ALLOC_COSTLY_ORDER || !(rc->gfp & __GFP_IO))
		return false;
	switch (compact_suitable(zone, rc->order, WMARK_MIN, rc->highest)) {
	case COMPACT_SUCCESS:
		return true;
	case COMPACT_SKIPPED:
		return false;
	default:
		return zone_has(zone, 0, zone_mark(zone, WMARK_HIGH) + (2UL << rc->order),
				rc->highest, 0, READ_ONCE(zone->free_pages));
	}
}

/*
 * Once through the nodes of a request, leaving out zones that compaction can begin with.
 * Return: true if there is such a zone.
 */
static bool reclaim_zones(struct reclaim *rc, const struct alloc_request *req)
{
	bool ready = false;
	int last = -1;

	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;

		if (zone->rank > req->highest || !node_allows(req->nodemask, zone->nid))
			continue;
		if (compaction_ready(rc, zone)) {
			ready = true;
			continue;
		}
		if (zone->nid == last)
			continue;
		last = zone->nid;
		reclaim_node(rc, &rc->room->nodes[zone->nid]);
	}
	return ready;
}

/* From the highest priority value to the lowest. Return: true if compaction can begin. */
static bool reclaim_priorities(struct reclaim *rc, const struct alloc_request *req)
{
	for (rc->priority = RECLAIM_PRIORITY; rc->priority >= 0; rc->priority--) {
		bool ready = reclaim_zones(rc, req);

		if (rc->nr_reclaimed >= rc->nr_to_reclaim)
			break;
		if (ready)
			return true;
	}
	return false;
}

unsigned long reclaim_direct(const struct alloc_request *req)
{
	unsigned int scope = kalloc_scope_enter(PF_MEMALLOC);
	struct kalloc_machine *m = req->room->m;
	bool ready;
	struct reclaim rc = {
		.room = req->room,
		.gfp = req->gfp,
		.order = req->order,
		.highest = req->highest,
		.may_swap = true,
		.may_write = true,
		.nr_to_reclaim = RECLAIM_CLUSTER,
	};

	page_event_add(m, ALLOCSTALL + zone_type_of(req->highest), 1);
	TRACE(m, mm_vmscan_direct_reclaim_begin, .order = req->order, .gfp_flags = req->gfp);
	ready = reclaim_priorities(&rc, req);
	if (!ready && !rc.nr_reclaimed && rc.skipped) {
		rc.deactivate = true;
		ready = reclaim_priorities(&rc, req);
	}
	kalloc_scope_leave(PF_MEMALLOC, scope);
	explain(.kind = KALLOC_NOTE_RECLAIM,
		.reclaim = { .scanned = rc.nr_scanned, .pages = rc.nr_reclaimed, .ready = ready });
	TRACE(m, mm_vmscan_direct_reclaim_end, .nr_reclaimed = rc.nr_reclaimed ?: ready);
	return rc.nr_reclaimed ?: ready;
}
