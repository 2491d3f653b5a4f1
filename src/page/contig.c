/* SPDX-License-Identifier: MIT */
#include "contig.h"
#include "event.h"
#include "fault.h"
#include "migrate.h"
#include "request.h"
#include "task.h"

/* How often the pages in a range are tried before it is given up. */
#define CONTIG_TRIES 5

static struct zone *zone_around(struct page_room *room, unsigned long start, unsigned long end)
{
	struct zone *zone;

	for_each_zone(zone, room) {
		if (zone->managed_pages && start >= zone->zone_start_pfn &&
		    end <= zone->zone_start_pfn + zone->spanned_pages)
			return zone;
	}
	return NULL;
}

/* Return: 0; -EINVAL if no zone holds the range; -EBUSY if it shares a pageblock. */
static int contig_init(struct contig *contig, struct page_room *room, unsigned long start,
		       unsigned long end)
{
	struct zone *zone = start < end ? zone_around(room, start, end) : NULL;
	unsigned long nr, first, last, zone_end;

	if (!zone || layout_present(&room->layout, start, end) != end - start)
		return -EINVAL;
	if (start < PFN_MANAGED)
		return -EBUSY;
	nr = 1UL << zone->buddy.block_order;
	zone_end = zone->zone_start_pfn + zone->spanned_pages;
	first = ALIGN_DOWN(start, nr);
	last = ALIGN_UP(end, nr);
	*contig = (struct contig){
		.zone = zone,
		.start = start,
		.end = end,
		.first = max(first, max(zone->zone_start_pfn, PFN_MANAGED)),
		.last = min(last, zone_end),
	};
	if ((first < zone->zone_start_pfn &&
	     layout_present(&room->layout, first, zone->zone_start_pfn) &&
	     zone->zone_start_pfn > 1) ||
	    (last > zone_end && layout_present(&room->layout, zone_end, last)))
		return -EBUSY;
	return 0;
}

/* What the contents of a range are moved with. */
struct removal {
	struct zone *zone;
	gfp_t gfp;
};

static struct page *target_take(void *ctx)
{
	const struct removal *removal = ctx;

	return pages_alloc(removal->zone->room->m,
			   removal->gfp | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL | __GFP_NOWARN, 0,
			   removal->zone->nid);
}

static void target_give(void *ctx, struct page *page)
{
	__free_page(page);
}

/*
 * Isolate pages of the range from *@pfn on, as many as the batch holds. *@pfn receives
 * where to go on.
 */
static unsigned int isolate_some(const struct contig *contig, struct migrate_batch *batch,
				 unsigned long *pfn)
{
	struct zone *zone = contig->zone;
	unsigned int nr;

	for (; *pfn < contig->end && batch->nr < MIGRATE_BATCH; ++*pfn) {
		struct page *page = zone->buddy.vmemmap + *pfn;
		struct frame_view view = frame_look(page);

		if (view.kind == FRAME_IS_FREE && view.order <= zone->buddy.max_order)
			*pfn += (1UL << view.order) - 1;
		else if (view.kind == FRAME_IS_LRU || view.kind == FRAME_IS_MOVABLE)
			migrate_isolate(batch, zone, page, &view, MIGRATE_SYNC);
	}
	nr = batch->nr;
	page_event_add(zone->room->m, COMPACTISOLATED, nr);
	return nr;
}

/* Move everything out of the range once. Return: 0, -ENOMEM, or how many pages stayed. */
static int move_out(const struct contig *contig, gfp_t gfp)
{
	struct removal removal = { .zone = contig->zone, .gfp = gfp };
	const struct migrate_to to = {
		.reason = MR_CONTIG_RANGE, .take = target_take, .give = target_give, .ctx = &removal
	};
	struct migrate_batch batch = { 0 };
	unsigned long pfn = contig->start;
	int stayed = 0;

	while (isolate_some(contig, &batch, &pfn)) {
		int err = migrate_pages(&batch, &to, MIGRATE_SYNC);

		if (err < 0)
			return err;
		stayed += err;
	}
	return stayed;
}

static int contig_fill(const struct contig *contig, gfp_t gfp)
{
	struct kalloc_machine *m = contig->zone->room->m;
	int err = -EBUSY;

	for (int i = 0; i < CONTIG_TRIES && err == -EBUSY; i++) {
		int stayed;

		pages_drain(m);
		stayed = move_out(contig, gfp);
		pages_drain(m);
		err = stayed < 0 ? stayed : contig_take(contig);
	}
	return err;
}

static void frames_prepare(struct page_room *room, struct page *page, unsigned long nr)
{
	const struct alloc_request req = { .room = room, .gfp = __GFP_MOVABLE };

	for (; nr--; page++)
		request_make_ready(req.room, page, req.gfp, req.order);
}

static int alloc_range(struct kalloc_machine *m, unsigned long start, unsigned long end,
		       unsigned int migratetype, gfp_t gfp)
{
	struct contig contig;
	int err;

	gfp = context_gfp(m, gfp);
	if (migratetype >= MIGRATE_PCPTYPES)
		return -EINVAL;
	err = contig_init(&contig, m->page, start, end);
	if (err)
		return err;
	err = contig_isolate(&contig);
	if (err)
		return err;
	err = contig_fill(&contig, gfp);
	contig_restore(&contig, (enum migratetype)migratetype);
	if (!err)
		frames_prepare(m->page, m->vmemmap + start, end - start);
	return err;
}

int alloc_contig_range(unsigned long start, unsigned long end, unsigned int migratetype,
		       gfp_t gfp_mask)
{
	return alloc_range(machine_current(), start, end, migratetype, gfp_mask);
}

/* The first aligned range of @nr frames of a zone that can be had, or NULL. */
static struct page *alloc_in_zone(struct zone *zone, unsigned long nr, gfp_t gfp)
{
	struct kalloc_machine *m = zone->room->m;
	unsigned long end = zone->zone_start_pfn + zone->spanned_pages;

	for (unsigned long pfn = ALIGN_UP(zone->zone_start_pfn, nr); pfn + nr <= end; pfn += nr) {
		if (!alloc_range(m, pfn, pfn + nr, MIGRATE_MOVABLE, gfp))
			return m->vmemmap + pfn;
	}
	return NULL;
}

struct page *alloc_contig_pages(unsigned long nr_pages, gfp_t gfp_mask, int nid,
				const unsigned long *nodemask)
{
	struct alloc_request req;

	if (!nr_pages || !request_init(&req, machine_current(), gfp_mask, 0, nid) ||
	    fault_hits(req.gfp))
		return NULL;
	for (struct zone *const *at = req.zones; *at; at++) {
		struct page *page;

		if ((*at)->rank > req.highest || !node_allows(nodemask, (*at)->nid))
			continue;
		page = alloc_in_zone(*at, nr_pages, gfp_mask);
		if (page)
			return page;
	}
	return NULL;
}

void free_contig_range(unsigned long pfn, unsigned long nr_pages)
{
	struct page *page = machine_current()->vmemmap + pfn;
	unsigned long nr_held = 0;

	for (; nr_pages--; page++) {
		nr_held += page_count(page) != 1;
		__free_page(page);
	}
	WARN_ONCE(nr_held, "%lu pages are still in use!", nr_held);
}
