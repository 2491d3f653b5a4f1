/* SPDX-License-Identifier: MIT */
/*
 * Quick: the common case of an allocation and of a free, each whole in one function.
 *
 * It is that the machine has one node and none of its options looks at each block, the
 * thread is in no scope, section or policy, the first zone that the flags allow is above
 * its low mark, and the list is not empty; for a free, that the block is plain and nobody
 * else's, and its CPU may hold it. Then the same
 * is done as on the long way (alloc.c, request.c, pcp.c; free.c), to the frame. Anything
 * else leaves everything as it was and goes the long way.
 *
 * Everything is inline: the doors have one copy for single frames, which calls nothing
 * and so saves no register, and one for blocks.
 */
#ifndef PAGE_QUICK_H
#define PAGE_QUICK_H

#include "block.h"
#include "page.h"
#include "pcp.h"
#include "request.h"
#include "room.h"
#include "self.h"
#include "task.h"

/* Flags that the long way has to see to. */
#define GFP_NOT_QUICK (__GFP_COLD | __GFP_WRITE)

/* Both mobility bits: a mistake that the long way reports. */
#define MOBILITY(gfp) (((gfp)&GFP_MOVABLE_MASK) >> 3)
_Static_assert(MOBILITY(0) == MIGRATE_UNMOVABLE && MOBILITY(__GFP_MOVABLE) == MIGRATE_MOVABLE &&
		       MOBILITY(__GFP_RECLAIMABLE) == MIGRATE_RECLAIMABLE,
	       "the flags' bits are the type");

/* Note which zone the flags lead to; in a machine of several nodes, none. */
void quick_boot(struct page_room *room);

/* Above the low mark, with a block of the largest order: enough for any order. */
static always_inline bool quick_has_plenty(const struct zone *zone, unsigned int order,
					   unsigned int highest)
{
	const struct buddy *buddy = &zone->buddy;
	long free;

	/* Larger than any block: the long way says so. */
	if (unlikely(order && order > buddy->max_order))
		return false;
	free = READ_ONCE(zone->free_pages) - ((1L << order) - 1) -
	       (long)READ_ONCE(zone->nr_reserved_highatomic);
	if (free <= (long)zone_mark(zone, WMARK_LOW) + READ_ONCE(zone->lowmem_reserve[highest]))
		return false;
	return !order || !buddy_is_empty(buddy, buddy->max_order, MIGRATE_MOVABLE);
}

/* The lists of the calling thread's CPU; NULL: it was not lent one yet. */
static always_inline struct pcp *quick_pcp(const struct zone *zone)
{
	unsigned int cpu = (unsigned int)thread_self.cpu;

	if (likely(cpu < zone->nr_cpus))
		return &zone->pcp[cpu];
	return (int)cpu < 0 ? NULL : &zone->pcp[cpu % zone->nr_cpus];
}

static always_inline struct page *quick_pop(const struct zone *zone, unsigned int order,
					    enum migratetype mt)
{
	struct pcp *pcp = quick_pcp(zone);
	struct page *page = NULL;
	struct list_head *list;
	int home;

	if (unlikely(!pcp))
		return NULL;
	home = percpu_enter_quick(&pcp->part);
	if (unlikely(home == PERCPU_BUSY))
		return NULL;
	list = &pcp->lists[pcp_index(order, mt)];
	if (likely(!list_empty(list))) {
		page = list_first_entry(list, struct page, pcp_list);
		list_del(&page->pcp_list);
		WRITE_ONCE(pcp->count, pcp->count - (1u << order));
		pcp->free_factor >>= 1;
		pcp->flow.alloc_pages += 1UL << order;
		pcp->flow.numa[NUMA_LOCAL]++;
		pcp->flow.numa[NUMA_HIT]++;
	}
	percpu_leave_quick(&pcp->part, home);
	return page;
}

/* The same from and to the zone itself, for the orders that per-CPU lists do not serve. */
struct page *quick_take_zone(struct zone *zone, unsigned int order, enum migratetype mt);
void quick_give_zone(struct zone *zone, struct page *page, unsigned int order);

/* What few blocks need once they are taken. Return: @page. */
struct page *quick_finish(struct page_room *room, struct zone *zone, struct page *page, gfp_t gfp,
			  unsigned int order) __attribute__((returns_nonnull));

/* Return: a block as pages_alloc() gives it, or NULL: go the long way. */
static always_inline struct page *quick_take(struct kalloc_machine *m, gfp_t gfp,
					     unsigned int order)
{
	struct page_room *room = m->page;
	const struct quick_zone *quick = &room->quick[gfp & GFP_ZONEMASK];
	struct zone *zone = quick->zone;
	struct page *page;

	if (unlikely(!zone || gfp & GFP_NOT_QUICK || (gfp & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK ||
		     !task_is_plain() || thread_self.has_policy))
		return NULL;
	if (unlikely(!quick_has_plenty(zone, order, quick->highest)))
		return NULL;
	if (pcp_has_order(zone, order))
		page = quick_pop(zone, order, (enum migratetype)MOBILITY(gfp));
	else
		page = quick_take_zone(zone, order, (enum migratetype)MOBILITY(gfp));
	if (unlikely(!page))
		return NULL;
	page->private = 0;
	page->index = 0;
	WRITE_ONCE(page->_refcount.counter, 1);
	if (unlikely(gfp & (__GFP_ZERO | __GFP_COMP) || room->dresses ||
		     READ_ONCE(zone->flags) & ZONE_BOOSTED))
		return quick_finish(room, zone, page, gfp, order);
	return page;
}

/* Whether nothing has to be done or said before a block with one reference is free. */
static always_inline bool quick_is_plain(const struct page *page, unsigned int order)
{
	unsigned long nr = 1UL << order;

	if (page->flags & (PG_HEAD | FRAME_FLAGS_IN_USE) || page->mapping ||
	    page->page_type != FRAME_TYPE_NONE)
		return false;
	return nr == 1 || frame_are_free(page + 1, nr - 1);
}

/* Put a block on its list if it may stay there. Return: false with nothing changed. */
static always_inline bool quick_push(struct zone *zone, struct page *page, unsigned int order)
{
	struct pcp *pcp = quick_pcp(zone);
	enum migratetype mt = block_type(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap));
	unsigned int count;
	bool fits;
	int home;

	if (unlikely(mt >= MIGRATE_PCPTYPES || !pcp))
		return false;
	home = percpu_enter_quick(&pcp->part);
	if (unlikely(home == PERCPU_BUSY))
		return false;
	count = pcp->count + (1u << order);
	fits = count < pcp->high && !(order && pcp->free_factor);
	if (likely(fits)) {
		WRITE_ONCE(page->_refcount.counter, 0);
		frame_set_type(page, mt);
		page->private = order;
		list_add(&page->pcp_list, &pcp->lists[pcp_index(order, mt)]);
		WRITE_ONCE(pcp->count, count);
		pcp->flow.free_pages += 1UL << order;
	}
	percpu_leave_quick(&pcp->part, home);
	return fits;
}

/* Free a block. Return: false: go the long way, nothing is done yet. */
static always_inline bool quick_give(struct page *page, unsigned int order)
{
	const struct page_room *room = machine_of(page)->page;
	struct zone *zone = (struct zone *)&room->nodes[frame_nid(page)].zones[frame_zone(page)];

	/* A count of 1 is ours alone: see drop_reference(). */
	if (unlikely(__atomic_load_n(&page->_refcount.counter, __ATOMIC_ACQUIRE) != 1 ||
		     room->undresses || (order && order > room->m->params.max_order) ||
		     !quick_is_plain(page, order)))
		return false;
	if (pcp_has_order(zone, order))
		return quick_push(zone, page, order);
	quick_give_zone(zone, page, order);
	return true;
}

#endif
