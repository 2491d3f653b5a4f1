/* SPDX-License-Identifier: MIT */
/*
 * One pinned frame makes a free block of order k useless at that order and leaves
 * its other 2^k - 1 frames free. So with F free frames, S of them in smaller blocks,
 * pinning m of the whole blocks gives the index (S + m(2^k - 1)) / (F - m), and the m
 * for a target t is (tF - S) / (2^k - 1 + t).
 */
#include <kalloc/fragment.h>

#include "block.h"
#include "pcp.h"
#include "rand.h"
#include "room.h"

static struct zone *largest_zone(struct page_room *room)
{
	struct zone *zone, *largest = NULL;

	for_each_zone(zone, room) {
		if (zone->managed_pages &&
		    (!largest || zone->managed_pages > largest->managed_pages))
			largest = zone;
	}
	return largest;
}

struct free_share {
	unsigned long total; /* free frames */
	unsigned long small; /* of these, in blocks below the order */
};

static struct free_share share_of(const struct zone *zone, unsigned int order)
{
	struct free_share share = { 0 };

	for (unsigned int at = 0; at < BUDDY_ORDERS; at++) {
		unsigned long frames = zone->buddy.area[at].nr_free << at;

		share.total += frames;
		share.small += at < order ? frames : 0;
	}
	return share;
}

static double index_of(struct free_share share)
{
	return share.total ? (double)share.small / (double)share.total : 0.0;
}

static unsigned long nr_to_pin(struct free_share share, unsigned int order, double target)
{
	double rest = (double)((1UL << order) - 1);
	double pins = (target * (double)share.total - (double)share.small) / (rest + target);

	return pins > 0 ? (unsigned long)(pins + 0.5) : 0;
}

/* Take every free block of @order from the lists, whole or split off a larger one. */
static unsigned long take_blocks(struct zone *zone, unsigned int order, u32 *pfns)
{
	unsigned long nr = 0;

	for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++) {
		struct page *page;

		while ((page = buddy_take(&zone->buddy, order, (enum migratetype)mt)))
			pfns[nr++] = (u32)(page - zone->buddy.vmemmap);
	}
	return nr;
}

static void give_frames(struct zone *zone, unsigned long pfn, unsigned int order)
{
	buddy_give(&zone->buddy, pfn, order, block_type(&zone->buddy, pfn), BUDDY_TAIL);
}

/* Pin the frame at @at of a block; give the rest back as the largest blocks around it. */
static void pin_frame(struct zone *zone, unsigned long pfn, unsigned int order, unsigned long at)
{
	struct page *page = zone->buddy.vmemmap + at;

	while (order-- > 0) {
		unsigned long half = pfn + (1UL << order);

		give_frames(zone, at < half ? half : pfn, order);
		pfn = at < half ? pfn : half;
	}
	page->private = 0;
	page->index = 0;
	page->_refcount.counter = 1;
	list_add_tail(&page->lru, &zone->room->pinned);
}

/* Under both locks. Return: frames pinned. */
static unsigned long pin_pattern(struct zone *zone, unsigned int order, double target,
				 struct rand *rand, u32 *pfns)
{
	unsigned long nr_pin = nr_to_pin(share_of(zone, order), order, target);
	unsigned long nr = take_blocks(zone, order, pfns);

	nr_pin = min(nr_pin, nr);
	for (unsigned long i = 0; i < nr; i++) {
		if (i < nr_pin) {
			/* The next choice among those not yet chosen. */
			unsigned long pick = i + rand_below(rand, (u32)(nr - i));
			u32 chosen = pfns[pick];

			pfns[pick] = pfns[i];
			pin_frame(zone, chosen, order, chosen + rand_below(rand, 1u << order));
		} else {
			give_frames(zone, pfns[i], order);
		}
	}
	return nr_pin;
}

double kalloc_fragment(unsigned int order, double target, unsigned long seed)
{
	struct kalloc_machine *m = machine_current();
	struct page_room *room = m->page;
	struct zone *zone = largest_zone(room);
	struct rand rand = { seed };
	unsigned long nr_pinned;
	size_t bytes;
	double index;
	u32 *pfns;

	if (!order || order > m->params.max_order || !(target >= 0.0 && target <= 1.0))
		return -EINVAL;
	pages_drain(m);
	bytes = ((zone->managed_pages >> order) + 1) * sizeof(*pfns);
	pfns = map_alloc(bytes);
	if (!pfns)
		return -ENOMEM;

	lock_take(&room->fragment_lock);
	lock_take(&zone->lock);
	nr_pinned = pin_pattern(zone, order, target, &rand, pfns);
	zone_count_free(zone, cpu_current(m->params.nr_cpus), -(long)nr_pinned);
	zone->flow.alloc_pages += nr_pinned;
	index = index_of(share_of(zone, order));
	lock_drop(&zone->lock);
	lock_drop(&room->fragment_lock);

	map_free(pfns, bytes);
	return index;
}

void kalloc_defragment(void)
{
	struct page_room *room = machine_current()->page;
	struct list_head pinned = LIST_INIT(pinned);

	lock_take(&room->fragment_lock);
	list_splice_init(&room->pinned, &pinned);
	lock_drop(&room->fragment_lock);
	while (!list_empty(&pinned)) {
		struct page *page = list_first_entry(&pinned, struct page, lru);

		list_del(&page->lru);
		__free_page(page);
	}
	pages_drain(room->m);
}

double kalloc_unusable_index(unsigned int order)
{
	struct kalloc_machine *m = machine_current();
	struct zone *zone = largest_zone(m->page);
	double index;

	if (order > m->params.max_order)
		return -EINVAL;
	lock_take(&zone->lock);
	index = index_of(share_of(zone, order));
	lock_drop(&zone->lock);
	return index;
}
