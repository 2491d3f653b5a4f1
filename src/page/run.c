/* SPDX-License-Identifier: MIT */
/* Runs: single frames that came, and go back, as blocks. */
#include "fault.h"
#include "note.h"
#include "policy.h"
#include "request.h"

/*
 * Within the node only, for near frames in pieces are better than far ones in a row; and
 * not by a policy, which spreads single frames.
 */
static always_inline struct page *take_run(struct kalloc_machine *m, gfp_t gfp, unsigned int order,
					   int nid, const bool watched)
{
	struct alloc_request req;
	unsigned int flags;
	struct page *page;

	if (!request_init(&req, m, gfp, order, nid))
		return NULL;
	if (watched && fault_hits(req.gfp))
		return NULL;
	req.preferred = node_first_zone(req.zones, req.highest, NULL);
	if (!req.preferred)
		return NULL;
	flags = ALLOC_TELL | WMARK_LOW | request_no_fragment(req.preferred);
	page = watched ? request_attempt(&req, flags, KALLOC_STEP_RUN)
		       : request_attempt_unnoted(&req, flags);
	for (unsigned long i = 1; page && i < 1UL << order; i++)
		page[i]._refcount.counter = 1;
	return page;
}

static cold_path struct page *take_run_watched(struct kalloc_machine *m, gfp_t gfp,
					       unsigned int order, int nid)
{
	const bool noted = explain_on();
	struct page *page;

	if (noted)
		note_request(gfp, order, nid, 0);
	page = take_run(m, gfp, order, nid, true);
	if (noted)
		note_request_end(page, page != NULL);
	return page;
}

struct page *pages_take_run(struct kalloc_machine *m, gfp_t gfp, unsigned int order, int nid)
{
	if (order > pages_max_order(m) || (nid < 0 && !policy_is_local()))
		return NULL;
	gfp = (gfp & ~__GFP_RECLAIM) | __GFP_THISNODE | __GFP_NOWARN;
	return unlikely(task_is_watched()) ? take_run_watched(m, gfp, order, nid)
					   : take_run(m, gfp, order, nid, false);
}

/* A single frame of the same zone as @first, whose only reference is the caller's. */
static inline bool is_ours_alone(const struct page *page, const struct page *first)
{
	return __atomic_load_n(&page->_refcount.counter, __ATOMIC_ACQUIRE) == 1 &&
	       !PageCompound(page) && frame_zone(page) == frame_zone(first) &&
	       frame_nid(page) == frame_nid(first);
}

/* The order of the largest block that begins with the first of @pages and is ours. */
static unsigned int run_order(const struct kalloc_machine *m, struct page **pages, unsigned long nr)
{
	unsigned long pfn = pfn_of(m, pages[0]), n = 0, most;

	/* Not beyond a pageblock: each has its own type. */
	most = 1UL << min(ilog2(nr), min(0u + BLOCK_ORDER, pages_max_order(m)));
	if (pfn & (most - 1))
		most = pfn & (~pfn + 1);
	while (n < most && pages[n] == pages[0] + n && is_ours_alone(pages[n], pages[0]))
		n++;
	return n ? ilog2(n) : 0;
}

void pages_put_runs(struct kalloc_machine *m, struct page **pages, unsigned long nr)
{
	unsigned int order;

	for (unsigned long i = 0; i < nr; i += 1UL << order) {
		struct page *page = pages[i];

		order = run_order(m, pages + i, nr - i);
		for (unsigned long tail = 1; tail < 1UL << order; tail++)
			WRITE_ONCE(page[tail]._refcount.counter, 0);
		__free_pages(page, order);
	}
}
