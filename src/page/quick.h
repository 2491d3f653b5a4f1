/* SPDX-License-Identifier: MIT */
/*
 * Quick: the common case of an allocation and of a free, each whole in one function.
 *
 * It is that the machine has one node and none of its options looks at each block, the
 * thread is in no scope, section or policy, the first zone that the flags allow is above
 * its low mark, and the list is not empty; for a free, that the block is sound and nobody
 * else's, and its CPU may hold it. Then the same is done as on the long way (alloc.c,
 * request.c, pcp.c; free.c), to the frame. Anything else leaves everything as it was and
 * goes the long way.
 *
 * Everything is inline: the doors have one copy for single frames, which calls nothing
 * and so saves no register, one for blocks that CPU lists serve, and those for the zone's
 * own lists. Most requests for the latter are for no more than a group of frames (buddy.h)
 * and by a thread that is alone: such a one calls nothing either, and takes no lock.
 *
 * What these paths take is mostly their stores, about one a cycle: so a word is written once,
 * and by whoever knows what is in it for good.
 */
#ifndef PAGE_QUICK_H
#define PAGE_QUICK_H

#include "halves.h"
#include "page.h"
#include "pcp.h"
#include "request.h"
#include "room.h"
#include "self.h"
#include "task.h"

/* Flags that the long way has to see to. */
#define GFP_NOT_QUICK (__GFP_COLD | __GFP_WRITE)

#define MOBILITY(gfp) (((gfp)&GFP_MOVABLE_MASK) >> 3)
_Static_assert(MOBILITY(0) == MIGRATE_UNMOVABLE && MOBILITY(__GFP_MOVABLE) == MIGRATE_MOVABLE &&
		       MOBILITY(__GFP_RECLAIMABLE) == MIGRATE_RECLAIMABLE,
	       "the flags' bits are the type");

/* Note which zone the flags lead to; in a machine of several nodes, none. */
void quick_boot(struct page_room *room);

/* @sum, now: else all that is summed is loaded first, into more registers than there are. */
static always_inline long sum_now(long sum)
{
	__asm__("" : "+r"(sum));
	return sum;
}

/* Above the low mark, with a block of the largest order: enough for any number of frames. */
static always_inline bool quick_has_plenty(const struct quick_zone *quick, long nr)
{
	const struct zone *zone = quick->zone;
	const struct buddy *buddy = &zone->buddy;
	long spare = READ_ONCE(zone->free_pages) - nr;

	spare = sum_now(spare - (long)READ_ONCE(zone->nr_reserved_highatomic));
	spare = sum_now(spare - (long)READ_ONCE(zone->_watermark[WMARK_LOW]));
	spare = sum_now(spare - (long)READ_ONCE(zone->watermark_boost));
	if (spare - READ_ONCE(*quick->reserve) < 0)
		return false;
	return nr == 1 || buddy_has_virgin(buddy) ||
	       !list_empty(&buddy->area[buddy->max_order].list[MIGRATE_MOVABLE]);
}

/* The lists of the calling thread's CPU. False: it was not lent one yet. */
static always_inline bool quick_pcp(const struct zone *zone, struct pcp **pcp)
{
	unsigned int cpu = (unsigned int)kalloc_self.cpu;

	if (unlikely(cpu >= zone->nr_cpus)) {
		if ((int)cpu < 0)
			return false;
		cpu %= zone->nr_cpus;
	}
	*pcp = &zone->pcp[cpu];
	return true;
}

static always_inline struct page *quick_pop(const struct zone *zone, unsigned int order,
					    enum migratetype mt)
{
	unsigned int nr = 1u << order;
	struct list_head *link;
	struct pcp *pcp;
	int home;

	if (unlikely(!quick_pcp(zone, &pcp)))
		return NULL;
	home = percpu_enter_quick(&pcp->part);
	if (unlikely(home == PERCPU_BUSY))
		return NULL;
	link = list_pop(&pcp->lists[pcp_index(order, mt)]);
	if (likely(link)) {
		*link = (struct list_head){ NULL, NULL };
		WRITE_ONCE(pcp->count, pcp->count - nr);
		if (unlikely(pcp->free_factor)) /* a store is dearer than a look */
			pcp->free_factor >>= 1;
		pcp->flow.alloc_pages += nr;
		pcp->flow.at_home++;
	}
	percpu_leave_quick(&pcp->part, home);
	return likely(link) ? list_entry(link, struct page, pcp_list) : NULL;
}

/* Whether this is the common case of a request for @nr frames; *@zone is where it leads. */
static always_inline bool quick_is_common(const struct page_room *room, gfp_t gfp, long nr,
					  struct zone **zone)
{
	const struct quick_zone *quick = &room->quick[gfp & QUICK_GFP_MASK];

	*zone = quick->zone;
	return likely(quick->zone && !(gfp & GFP_NOT_QUICK) && task_is_plain() &&
		      !kalloc_self.has_policy && quick_has_plenty(quick, nr));
}

/* What few blocks need once they are taken. Return: @page. */
struct page *quick_finish(struct page_room *room, struct zone *zone, struct page *page, gfp_t gfp,
			  unsigned int order, bool from_zone) __attribute__((returns_nonnull));

/* @from_zone: the block comes from the zone's own lists. */
static always_inline struct page *quick_hand_out(struct page_room *room, struct zone *zone,
						 struct page *page, gfp_t gfp, unsigned int order,
						 bool from_zone)
{
	frame_hand_out(page);
	if (unlikely(gfp & __GFP_ZERO || READ_ONCE(zone->flags)))
		return quick_finish(room, zone, page, gfp, order, from_zone);
	if (order && gfp & __GFP_COMP)
		frame_make_compound(page, order);
	return page;
}

/*
 * Return: a block as pages_alloc() gives it, or NULL: go the long way. The one for the
 * orders that CPU lists serve, the other for the rest.
 */
static always_inline struct page *quick_take(struct kalloc_machine *m, gfp_t gfp,
					     unsigned int order)
{
	struct page_room *room = m->page;
	struct zone *zone;
	struct page *page;

	if (!quick_is_common(room, gfp, 1L << order, &zone))
		return NULL;
	page = quick_pop(zone, order, (enum migratetype)MOBILITY(gfp));
	return likely(page) ? quick_hand_out(room, zone, page, gfp, order, false) : NULL;
}

/*
 * Whether the thread may use the zone's lists as if it had the lock. One that is alone needs
 * none (alone.h), unless it has it already. With checks it is taken, since that asserts the order
 * of locks.
 */
static always_inline bool quick_enter_zone(struct zone *zone)
{
	if (unlikely(!is_alone() || lock_is_held(&zone->lock)))
		return false;
	if (CHECK_LEVEL >= 1)
		lock_take(&zone->lock);
	return true;
}

static always_inline void quick_leave_zone(struct zone *zone)
{
	if (CHECK_LEVEL >= 1)
		lock_drop(&zone->lock);
}

/* Count a block that was taken from the zone's own lists; under its lock. */
static always_inline void quick_count_taken(struct zone *zone, struct pcp *pcp, unsigned int order)
{
	pcp_count_free(zone, pcp, -(1L << order));
	zone->flow.alloc_pages += 1UL << order;
	zone->flow.at_home++;
}

/*
 * Take a block of no more than a group from the zone's own lists, under its lock; nothing is
 * called. Return: NULL with nothing changed if a larger one would have to be split, if one is
 * found that must not be handed out, or if it needs more than to be taken.
 */
static always_inline struct page *quick_take_small(struct zone *zone, gfp_t gfp, unsigned int order)
{
	enum migratetype mt = (enum migratetype)MOBILITY(gfp);
	unsigned int at;
	struct page *page;
	struct pcp *pcp;

	if (unlikely(gfp & __GFP_ZERO || READ_ONCE(zone->flags)))
		return NULL;
	page = halves_find(&zone->buddy, order, mt, &at);
	if (unlikely(!page || at > GROUP_ORDER || !frame_is_new(page) || !quick_pcp(zone, &pcp)))
		return NULL;
	quick_count_taken(zone, pcp, order);
	halves_split(&zone->buddy, page, at, order, mt);
	frame_hand_out_free(page);
	return page;
}

/*
 * Whether nothing has to be done or said before a block with one reference is free. A
 * compound page is none any more; the long way takes it for a plain block then.
 */
static always_inline bool quick_make_plain(struct page *page, unsigned int order)
{
	if (page->flags & FRAME_FLAGS_IN_USE || page->mapping || page->page_type != FRAME_TYPE_NONE)
		return false;
	if (page->flags & PG_HEAD)
		return order && frame_try_break(page, order);
	return !order || frame_tails_are_free(page, order);
}

/* Put a block on its list if it may stay there. Return: false with nothing changed. */
static always_inline bool quick_push(struct zone *zone, struct page *page, unsigned int order)
{
	enum migratetype mt = block_type(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap));
	unsigned int nr = 1u << order, count;
	struct pcp *pcp;
	bool fits;
	int home;

	if (unlikely(mt >= MIGRATE_PCPTYPES || !quick_pcp(zone, &pcp)))
		return false;
	home = percpu_enter_quick(&pcp->part);
	if (unlikely(home == PERCPU_BUSY))
		return false;
	count = pcp->count + nr;
	fits = count < pcp->high && !(order && pcp->free_factor);
	if (likely(fits)) {
		WRITE_ONCE(page->_refcount.counter, 0);
		frame_set_type(page, mt);
		page->private = order;
		list_add(&page->pcp_list, &pcp->lists[pcp_index(order, mt)]);
		WRITE_ONCE(pcp->count, count);
		pcp->flow.free_pages += nr;
	}
	percpu_leave_quick(&pcp->part, home);
	return fits;
}

/*
 * The room and the zone of a frame. Mostly they are the default machine's and the one
 * of plain requests: these are guessed and compared, so that what needs them need not wait
 * for loads that wait for each other.
 */
static always_inline struct page_room *quick_room(const struct page *page)
{
	struct kalloc_machine *m = machine_of(page);
	struct kalloc_machine *guess = __atomic_load_n(&machine_default_now, __ATOMIC_ACQUIRE);

	if (unlikely(m != guess))
		return m->page;
	__asm__("" : "+r"(guess)); /* or the compiler takes the other one, which is the same */
	return guess->page;
}

static always_inline struct zone *quick_zone_of(struct page_room *room, const struct page *page)
{
	if (likely(frame_place(page) == room->quick_place))
		return room->quick[0].zone;
	return &room->nodes[frame_nid(page)].zones[frame_zone(page)];
}

/*
 * Whether a block can be freed the quick way. A count of 1 is ours alone: see
 * drop_reference().
 */
static always_inline bool quick_can_give(const struct page_room *room, const struct zone *zone,
					 struct page *page, unsigned int order)
{
	return likely(__atomic_load_n(&page->_refcount.counter, __ATOMIC_ACQUIRE) == 1 &&
		      !READ_ONCE(room->undresses) && (!order || order <= zone->buddy.max_order) &&
		      quick_make_plain(page, order));
}

/* Free a block; of which order, as above. Return: false: go the long way, it is not free yet. */
static always_inline bool quick_give(struct page_room *room, struct page *page, unsigned int order)
{
	struct zone *zone = quick_zone_of(room, page);

	return quick_can_give(room, zone, page, order) && quick_push(zone, page, order);
}

/* Put a block that can be given on the lists of its zone; under the zone's lock. */
static always_inline void quick_give_zone(struct zone *zone, struct pcp *pcp, struct page *page,
					  unsigned int order)
{
	unsigned long pfn = (unsigned long)(page - zone->buddy.vmemmap);
	enum migratetype mt = block_type(&zone->buddy, pfn);

	WRITE_ONCE(page->_refcount.counter, 0);
	if (likely(mt != MIGRATE_ISOLATE))
		pcp_count_free(zone, pcp, 1L << order);
	zone->flow.free_pages += 1UL << order;
	halves_merge(&zone->buddy, pfn, order, mt, BUDDY_AUTO, true, true);
}

#endif
