/* SPDX-License-Identifier: MIT */
/* Many single frames in one visit to the CPU's lists. */
#include "fault.h"
#include "note.h"
#include "pcp.h"
#include "request.h"
#include "trace_page.h"

/* The first zone of the preferred node whose low mark leaves @nr frames, or NULL. */
static struct zone *zone_for(const struct alloc_request *req, unsigned int flags, unsigned long nr)
{
	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;

		if (zone->rank > req->highest)
			continue;
		if (zone->nid != req->preferred->nid)
			return NULL;
		if (zone_has_fast(zone, 0, zone_mark(zone, WMARK_LOW) + nr, req->preferred->rank,
				  flags, req->gfp)) {
			if (explain_on())
				note_zone(req, zone, flags, (long)nr, KALLOC_ZONE_ALLOWS);
			return zone;
		}
		if (explain_on())
			note_zone(req, zone, flags, (long)nr, KALLOC_ZONE_MARK);
	}
	return NULL;
}

/* Filled slots at the start of the array. */
static unsigned long count_leading(struct page **pages, unsigned long nr)
{
	unsigned long i = 0;

	while (i < nr && pages[i])
		i++;
	return i;
}

static bool has_two_empty(struct page **pages, unsigned long nr)
{
	unsigned long nr_empty = 0;

	for (unsigned long i = 0; i < nr && nr_empty < 2; i++)
		nr_empty += !pages[i];
	return nr_empty == 2;
}

/* Frames that need more than to be handed out, one by one. Return: as pcp_fill(). */
static unsigned long fill_dressed(const struct alloc_request *req, struct zone *zone,
				  const struct pcp_take *take, struct page **pages,
				  unsigned long nr_pages)
{
	for (unsigned long i = 0; i < nr_pages; i++) {
		if (pages[i])
			continue;
		if (!pcp_fill(zone, req->cpu, take, pages + i, 1))
			return i;
		request_dress(req->room, pages[i], req->gfp, 0);
		if (trace_page_wants_alloc(req->room->m))
			trace_page_alloc(req->room->m, pages[i], req->gfp, 0);
	}
	return nr_pages;
}

/* Fill empty slots from the CPU's lists, as far as they give. Return: as pcp_fill(). */
static unsigned long fill(const struct alloc_request *req, struct page **pages,
			  unsigned long nr_pages)
{
	const struct pcp_take take = {
		.preferred = req->preferred,
		.mt = req->mt,
		.flags = WMARK_LOW | (req->gfp & __GFP_KSWAPD_RECLAIM) |
			 request_no_fragment(req->preferred),
		.cold = req->gfp & __GFP_COLD,
		.local_nid = req->local_nid,
	};
	struct zone *zone;

	if (explain_on())
		note_step(KALLOC_STEP_BULK, take.flags);
	zone = zone_for(req, take.flags, nr_pages);
	if (!zone || !has_two_empty(pages, nr_pages))
		return 0;
	if (req->gfp & __GFP_ZERO || READ_ONCE(req->room->dresses))
		return fill_dressed(req, zone, &take, pages, nr_pages);
	return pcp_fill(zone, req->cpu, &take, pages, nr_pages);
}

static unsigned long alloc_bulk(struct kalloc_machine *m, gfp_t gfp, unsigned long nr_pages,
				struct page **page_array)
{
	unsigned long filled = count_leading(page_array, nr_pages);
	struct alloc_request req;

	if (filled == nr_pages || !request_init(&req, m, gfp, 0, NUMA_NO_NODE) ||
	    fault_hits(req.gfp))
		return filled;
	req.preferred = node_first_zone(req.zones, req.highest, NULL);
	if (req.preferred) {
		unsigned long nr = fill(&req, page_array, nr_pages);

		nr += count_leading(page_array + nr, nr_pages - nr);
		if (nr > filled)
			return nr;
	}

	/* What the lists did not give: at least one frame is tried for in earnest. */
	page_array[filled] = pages_alloc(m, gfp, 0, node_current(m));
	return count_leading(page_array, nr_pages);
}

unsigned long alloc_pages_bulk_array(gfp_t gfp, unsigned long nr_pages, struct page **page_array)
{
	struct kalloc_machine *m = machine_current();
	unsigned long nr;

	if (likely(!explain_on()))
		return alloc_bulk(m, gfp, nr_pages, page_array);
	note_request(gfp, 0, NUMA_NO_NODE, nr_pages);
	nr = alloc_bulk(m, gfp, nr_pages, page_array);
	note_request_end(nr ? page_array[0] : NULL, nr);
	return nr;
}
