/* SPDX-License-Identifier: MIT */
/* Isolating pageblocks, and what is done to their free frames: steps 1, 4, 5 of contig.h. */
#include "block.h"
#include "contig.h"
#include "pcp.h"
#include "room.h"

static struct page *frame_at(const struct contig *contig, unsigned long pfn)
{
	return contig->zone->buddy.vmemmap + pfn;
}

static void count_free(struct zone *zone, long delta)
{
	zone_count_free(zone, cpu_current(zone->nr_cpus), delta);
}

/* The first frame of the free block that holds @pfn, which may begin before; or NULL. */
static struct page *free_block_of(const struct contig *contig, unsigned long pfn)
{
	const struct buddy *buddy = &contig->zone->buddy;

	for (unsigned int order = 0; order <= buddy->max_order; order++) {
		unsigned long head = ALIGN_DOWN(pfn, 1UL << order);
		struct page *page = frame_at(contig, head);

		if (head < buddy->start_pfn)
			break;
		if (frame_is_free(page))
			return head + (1UL << frame_order(page)) > pfn ? page : NULL;
	}
	return NULL;
}

/* Put the free block @page, off its list, back as pageblocks: their types may differ now. */
static void give_apart(const struct contig *contig, struct page *page, unsigned int order)
{
	struct buddy *buddy = &contig->zone->buddy;
	unsigned int part = min(order, buddy->block_order);
	unsigned long pfn = (unsigned long)(page - buddy->vmemmap);

	for (unsigned long end = pfn + (1UL << order); pfn < end; pfn += 1UL << part)
		buddy_give(buddy, pfn, part, block_type(buddy, pfn), BUDDY_TAIL);
}

/* Frames of the range in [@pfn, @end) that cannot move. */
static bool has_unmovable(const struct contig *contig, unsigned long pfn, unsigned long end)
{
	const struct buddy *buddy = &contig->zone->buddy;

	for (pfn = max(pfn, contig->start), end = min(end, contig->end); pfn < end; pfn++) {
		struct frame_view view;

		if (buddy_is_virgin(buddy, pfn))
			continue;
		view = frame_look(frame_at(contig, pfn));
		if (view.kind == FRAME_IS_FREE)
			pfn += (1UL << view.order) - 1;
		else if (view.kind == FRAME_IS_COMPOUND ||
			 (view.kind == FRAME_IS_OTHER && view.count))
			return true;
	}
	return false;
}

static bool may_isolate(const struct contig *contig, unsigned long pfn)
{
	const struct buddy *buddy = &contig->zone->buddy;

	return block_type(buddy, pfn) < MIGRATE_PCPTYPES &&
	       !has_unmovable(contig, pfn,
			      ALIGN_DOWN(pfn, 1UL << buddy->block_order) +
				      (1UL << buddy->block_order));
}

/* Set the type of every pageblock, then put every free block on the lists of its type. */
static void retype(const struct contig *contig, enum migratetype mt)
{
	struct zone *zone = contig->zone;
	struct buddy *buddy = &zone->buddy;
	unsigned long nr = 1UL << buddy->block_order;
	struct page *first = free_block_of(contig, contig->first);
	unsigned long pfn = first ? (unsigned long)(first - buddy->vmemmap) : contig->first;

	for (unsigned long at = contig->first; at < contig->last; at = ALIGN_DOWN(at, nr) + nr)
		block_set_type(buddy, at, mt);
	while (pfn < contig->last) {
		struct page *page = frame_at(contig, pfn);
		unsigned int order;

		if (!frame_is_free(page)) {
			pfn++;
			continue;
		}
		order = frame_order(page);
		buddy_take_block(buddy, page);
		give_apart(contig, page, order);
		pfn += 1UL << order;
	}
}

/* Free frames in the pageblocks, on whatever lists. */
static unsigned long count_blocks(const struct contig *contig)
{
	unsigned long nr = 0;

	for (unsigned long pfn = contig->first; pfn < contig->last;) {
		struct page *page = free_block_of(contig, pfn);
		unsigned long end = pfn + 1;

		if (page) {
			end = (unsigned long)(page - contig->zone->buddy.vmemmap) +
			      (1UL << frame_order(page));
			nr += min(end, contig->last) - pfn;
		}
		pfn = end;
	}
	return nr;
}

static unsigned long nr_blocks(const struct contig *contig)
{
	unsigned int order = contig->zone->buddy.block_order;

	return ((contig->last - 1) >> order) - (contig->first >> order) + 1;
}

int contig_isolate(const struct contig *contig)
{
	struct zone *zone = contig->zone;
	unsigned long nr = 1UL << zone->buddy.block_order;
	int err = 0;

	lock_take(&zone->lock);
	for (unsigned long pfn = contig->first; !err && pfn < contig->last;
	     pfn = ALIGN_DOWN(pfn, nr) + nr)
		err = may_isolate(contig, pfn) ? 0 : -EBUSY;
	if (!err) {
		buddy_link_virgin(&zone->buddy, contig->first);
		buddy_link_virgin(&zone->buddy, contig->last - 1);
		count_free(zone, -(long)count_blocks(contig));
		retype(contig, MIGRATE_ISOLATE);
		zone->nr_isolated_blocks += nr_blocks(contig);
	}
	lock_drop(&zone->lock);
	return err;
}

void contig_restore(const struct contig *contig, enum migratetype mt)
{
	struct zone *zone = contig->zone;

	lock_take(&zone->lock);
	retype(contig, mt);
	count_free(zone, (long)count_blocks(contig));
	zone->nr_isolated_blocks -= nr_blocks(contig);
	lock_drop(&zone->lock);
}

static bool is_all_free(const struct contig *contig)
{
	for (unsigned long pfn = contig->start; pfn < contig->end;) {
		struct page *page = free_block_of(contig, pfn);

		if (!page)
			return false;
		pfn = (unsigned long)(page - contig->zone->buddy.vmemmap) +
		      (1UL << frame_order(page));
	}
	return true;
}

/* Take the frames of a free block that are in the range; the others stay free. */
static void take_part(const struct contig *contig, struct page *page)
{
	struct buddy *buddy = &contig->zone->buddy;
	unsigned long pfn = (unsigned long)(page - buddy->vmemmap);
	unsigned long end = pfn + (1UL << frame_order(page));

	buddy_take_block(buddy, page);
	for (; pfn < end; pfn++) {
		if (pfn < contig->start || pfn >= contig->end)
			buddy_give(buddy, pfn, 0, MIGRATE_ISOLATE, BUDDY_TAIL);
	}
}

int contig_take(const struct contig *contig)
{
	struct zone *zone = contig->zone;
	int err = -EBUSY;

	lock_take(&zone->lock);
	if (is_all_free(contig)) {
		for (unsigned long pfn = contig->start; pfn < contig->end;) {
			struct page *page = free_block_of(contig, pfn);
			unsigned long next = (unsigned long)(page - zone->buddy.vmemmap) +
					     (1UL << frame_order(page));

			take_part(contig, page);
			pfn = next;
		}
		err = 0;
	}
	lock_drop(&zone->lock);
	return err;
}
