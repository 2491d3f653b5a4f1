/* SPDX-License-Identifier: MIT */
/* The public doors to allocation, and the fast attempt behind them. */
#include <kalloc/kalloc.h>

#include "fault.h"
#include "note.h"
#include "policy.h"
#include "quick.h"
#include "request.h"
#include "task.h"
#include "trace.h"

/*
 * In a machine with both, a request for NORMAL does not mix pageblocks there as
 * long as DMA32 can serve it.
 */
unsigned int request_no_fragment(const struct zone *preferred)
{
	const struct node *node = &preferred->room->nodes[preferred->nid];

	if (preferred->type != ZONE_NORMAL)
		return 0;
	if (preferred->room->layout.nr_nodes > 1 && !zone_is_populated(&node->zones[ZONE_DMA32]))
		return 0;
	return ALLOC_NOFRAGMENT;
}

bool request_init(struct alloc_request *req, struct kalloc_machine *m, gfp_t gfp,
		  unsigned int order, int nid)
{
	struct page_room *room = m->page;
	struct node *node;

	gfp = context_gfp(m, gfp);
	*req = (struct alloc_request){
		.room = room,
		.gfp = gfp,
		.order = order,
		.mt = request_type(gfp),
		.highest = request_highest(gfp),
		.cpu = cpu_current(m->params.nr_cpus),
		.local_nid = node_current(m),
	};
	if (nid < 0)
		nid = req->local_nid;
	if (WARN_ONCE(nid >= (int)room->layout.nr_nodes, "node %d does not exist", nid))
		return false;
	node = &room->nodes[nid];
	req->zones = unlikely(gfp & __GFP_THISNODE) ? node->only : node->fallback;
	return true;
}

static always_inline struct page *alloc_as(struct kalloc_machine *m, gfp_t gfp, unsigned int order,
					   int nid, const unsigned long *nodemask,
					   const bool watched)
{
	struct alloc_request req;
	unsigned int flags;
	struct page *page;

	if (unlikely(order > m->params.max_order)) {
		note_give_up(KALLOC_GIVE_UP_ORDER);
		WARN_ONCE(!(gfp & __GFP_NOWARN), "%s", "");
		return NULL;
	}
	if (unlikely(!request_init(&req, m, gfp, order, nid)))
		return NULL;
	if (watched && fault_hits(req.gfp))
		return NULL;
	req.nodemask = nodemask;
	req.preferred = node_first_zone(req.zones, req.highest, nodemask);
	if (unlikely(!req.preferred)) {
		note_give_up(KALLOC_GIVE_UP_ZONE);
		pages_warn(m, req.gfp, "page allocation failure: order:%u", order);
		return NULL;
	}
	flags = ALLOC_TELL | WMARK_LOW | (gfp & __GFP_KSWAPD_RECLAIM) | (gfp & __GFP_WRITE) |
		request_no_fragment(req.preferred);
	page = watched ? request_attempt(&req, flags, KALLOC_STEP_FIRST)
		       : request_attempt_unnoted(&req, flags);
	return likely(page) ? page : request_slow(&req);
}

static cold_path struct page *alloc_watched(struct kalloc_machine *m, gfp_t gfp, unsigned int order,
					    int nid, const unsigned long *nodemask)
{
	const bool noted = explain_on();
	struct page *page;

	if (noted)
		note_request(gfp, order, nid, 0);
	page = alloc_as(m, gfp, order, nid, nodemask, true);
	if (noted)
		note_request_end(page, page != NULL);
	return page;
}

static struct page *alloc_on(struct kalloc_machine *m, gfp_t gfp, unsigned int order, int nid,
			     const unsigned long *nodemask)
{
	return unlikely(task_is_watched()) ? alloc_watched(m, gfp, order, nid, nodemask)
					   : alloc_as(m, gfp, order, nid, nodemask, false);
}

/* For requests that name no node, by a thread that has set a policy. */
static never_inline struct page *alloc_by_policy(struct kalloc_machine *m, gfp_t gfp,
						 unsigned int order)
{
	int nid = policy_node(m, node_current(m));
	const unsigned long *mask = policy_mask(m, request_highest(gfp));
	struct page *page;

	if (policy_self.mode == MPOL_PREFERRED_MANY) {
		page = alloc_on(m, (gfp | __GFP_NOWARN) & ~(__GFP_DIRECT_RECLAIM | __GFP_NOFAIL),
				order, nid, mask);
		return page ?: alloc_on(m, gfp, order, nid, NULL);
	}
	page = alloc_on(m, gfp, order, nid, mask);
	if (page && policy_self.mode == MPOL_INTERLEAVE && page_to_nid(page) == nid)
		__atomic_add_fetch(&m->page->nodes[nid].numa_interleave, 1, __ATOMIC_RELAXED);
	return page;
}

static struct page *alloc_anywhere(struct kalloc_machine *m, gfp_t gfp, unsigned int order)
{
	if (unlikely(!policy_is_local()) && !(gfp & __GFP_THISNODE) && !task_is_atomic())
		return alloc_by_policy(m, gfp, order);
	return alloc_on(m, gfp, order, NUMA_NO_NODE, NULL);
}

static never_inline struct page *alloc_long(struct kalloc_machine *m, gfp_t gfp, unsigned int order)
{
	m = m ?: machine_current();
	if (trace_poll_is_due())
		trace_poll(m);
	return alloc_anywhere(m, gfp, order);
}

/* Blocks of an order that CPU lists serve, and of one that they do not. */
static never_inline struct page *alloc_block(struct kalloc_machine *m, gfp_t gfp,
					     unsigned int order)
{
	struct page *page;

	assume(order > 0);
	page = quick_take(m, gfp, order);
	return likely(page) ? page : alloc_long(m, gfp, order);
}

/* Any block of the zone's own lists. Its lock is held, and dropped here. */
static always_inline struct page *take_from_lists(struct zone *zone, gfp_t gfp, unsigned int order)
{
	struct page *page = halves_take(&zone->buddy, order, (enum migratetype)MOBILITY(gfp));

	if (likely(page)) {
		frame_clear_free(page);
		quick_count_taken(zone, &zone->pcp[cpu_current(zone->nr_cpus)], order);
	}
	lock_drop(&zone->lock);
	if (unlikely(!page || !frame_check_new(page)))
		return alloc_long(zone->room->m, gfp, order);
	return quick_hand_out(zone->room, zone, page, gfp, order, true);
}

static never_inline struct page *alloc_zone_block(struct kalloc_machine *m, gfp_t gfp,
						  unsigned int order)
{
	struct zone *zone;

	assume(order > GROUP_ORDER);
	/* Larger ones than any machine has: the long way says so. */
	if (unlikely(order > BUDDY_MAX_ORDER) || !quick_is_common(m->page, gfp, 1L << order, &zone))
		return alloc_long(m, gfp, order);
	lock_take(&zone->lock);
	return take_from_lists(zone, gfp, order);
}

/* One of no more than a group, for which quick_take_small() is not enough. */
static never_inline struct page *alloc_zone_rest(struct zone *zone, gfp_t gfp, unsigned int order)
{
	lock_take(&zone->lock);
	return take_from_lists(zone, gfp, order);
}

/* Apart, since it wants registers that the rest of alloc_zone_small() can use. */
static never_inline struct page *make_compound(struct page *page, unsigned int order)
{
	assume(order > 0);
	frame_make_compound(page, order);
	return page;
}

/* alloc_zone_small() where other threads may be in the way. */
static never_inline struct page *alloc_zone_shared(struct zone *zone, gfp_t gfp, unsigned int order)
{
	struct page *page;

	lock_take(&zone->lock);
	page = quick_take_small(zone, gfp, order);
	if (unlikely(!page))
		return take_from_lists(zone, gfp, order);
	lock_drop(&zone->lock);
	if (gfp & __GFP_COMP)
		frame_make_compound(page, order);
	return page;
}

/* One of no more than a group. */
static never_inline struct page *alloc_zone_small(struct kalloc_machine *m, gfp_t gfp,
						  unsigned int order)
{
	struct zone *zone;
	struct page *page;

	if (!quick_is_common(m->page, gfp, 1L << order, &zone))
		return alloc_long(m, gfp, order);
	if (unlikely(!quick_enter_zone(zone)))
		return alloc_zone_shared(zone, gfp, order);
	page = quick_take_small(zone, gfp, order);
	quick_leave_zone(zone);
	if (unlikely(!page))
		return alloc_zone_rest(zone, gfp, order);
	return gfp & __GFP_COMP ? make_compound(page, order) : page;
}

static always_inline struct page *alloc_blocks(struct kalloc_machine *m, gfp_t gfp,
					       unsigned int order)
{
	if (pcp_has_order(order))
		return alloc_block(m, gfp, order);
	return order <= GROUP_ORDER ? alloc_zone_small(m, gfp, order)
				    : alloc_zone_block(m, gfp, order);
}

/* @m is NULL for a default machine that is yet to be booted. */
static always_inline struct page *alloc_here(struct kalloc_machine *m, gfp_t gfp,
					     unsigned int order)
{
	struct page *page;

	if (unlikely(!m))
		return alloc_long(m, gfp, order);
	if (order)
		return alloc_blocks(m, gfp, order);
	page = quick_take(m, gfp, 0);
	return likely(page) ? page : alloc_long(m, gfp, 0);
}

struct page *pages_alloc(struct kalloc_machine *m, gfp_t gfp, unsigned int order, int nid)
{
	return nid < 0 ? alloc_here(m, gfp, order) : alloc_on(m, gfp, order, nid, NULL);
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	return alloc_here(machine_known(), gfp, order);
}

struct page *__alloc_pages(gfp_t gfp, unsigned int order, int preferred_nid,
			   const unsigned long *nodemask)
{
	return alloc_on(machine_current(), gfp, order, preferred_nid, nodemask);
}

struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	return alloc_on(machine_current(), gfp, order, nid, NULL);
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	return (struct folio *)alloc_pages(gfp | __GFP_COMP, order);
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct kalloc_machine *m = machine_current();
	struct page *page = pages_alloc(m, gfp & ~__GFP_HIGHMEM, order, NUMA_NO_NODE);

	return page ? (unsigned long)page_to_linear(m, page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}
