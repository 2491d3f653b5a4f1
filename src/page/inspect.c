/* SPDX-License-Identifier: MIT */
#include <kalloc/inspect.h>

#include "block.h"
#include "owner.h"
#include "room.h"

/* The largest order of an aligned run at @pfn that ends at or before @end. */
static unsigned int run_order(unsigned long pfn, unsigned long end, unsigned int most)
{
	unsigned int order = min((unsigned int)__builtin_ctzl(pfn | 1UL << most), most);

	while (pfn + (1UL << order) > end)
		order--;
	return order;
}

/* Whether a frame that is neither free nor in use is linked: a list_del leaves it to itself. */
static bool is_on_list(const struct page *page)
{
	const struct list_head *next = READ_ONCE(page->pcp_list.next);

	return !READ_ONCE(page->_refcount.counter) && !PageTail(page) && next &&
	       next != &page->pcp_list;
}

/* For what a frame serves that is in use, first of its block. */
static enum kalloc_use use_of(const struct page *page)
{
	struct frame_view view = frame_look(page);

	if (view.kind == FRAME_IS_LRU)
		return view.file ? KALLOC_USE_FILE : KALLOC_USE_ANON;
	return view.kind == FRAME_IS_MOVABLE ? KALLOC_USE_MOVABLE : KALLOC_USE_PLAIN;
}

/* What stands at @pfn of a zone whose lock is held. */
static struct kalloc_block block_at(struct zone *zone, unsigned long pfn, unsigned long end)
{
	const struct buddy *buddy = &zone->buddy;
	const struct page *page = buddy->vmemmap + pfn;
	struct kalloc_block block = {
		.pfn = pfn,
		.zone = (unsigned char)zone->type,
		.node = (unsigned char)zone->nid,
		.migratetype = (unsigned char)block_type(buddy, pfn),
		.state = KALLOC_FRAMES_USED,
	};

	if (pfn < PFN_MANAGED) {
		block.state = KALLOC_FRAMES_HOLE;
		block.order = run_order(pfn, min(end, PFN_MANAGED), buddy->max_order);
	} else if (buddy_is_hole(buddy, pfn)) {
		block.state = KALLOC_FRAMES_HOLE;
		block.order = run_order(pfn, buddy->hole_end, buddy->max_order);
	} else if (buddy_is_virgin(buddy, pfn)) {
		block.state = KALLOC_FRAMES_FREE;
		block.order = buddy->max_order;
	} else if (frame_is_free(page)) {
		block.state = KALLOC_FRAMES_FREE;
		block.order = frame_order(page);
	} else if (PageHead(page)) {
		block.order = page[1].compound_order;
		block.state = PageSlab(page) ? KALLOC_FRAMES_SLAB : KALLOC_FRAMES_USED;
	} else if (PageSlab(page)) {
		block.state = KALLOC_FRAMES_SLAB;
	} else if (is_on_list(page)) {
		block.state = KALLOC_FRAMES_PCP;
		block.order = frame_order(page);
	} else {
		block.use = (unsigned char)use_of(page);
	}
	return block;
}

void kalloc_inspect_frames(void (*visit)(void *ctx, const struct kalloc_block *block), void *ctx)
{
	struct page_room *room = machine_current()->page;
	struct zone *zone;

	for_each_zone(zone, room) {
		unsigned long pfn = zone->zone_start_pfn;
		unsigned long end = pfn + zone->spanned_pages;

		if (!zone->managed_pages)
			continue;
		lock_take(&zone->lock);
		while (pfn < end) {
			struct kalloc_block block = block_at(zone, pfn, end);

			visit(ctx, &block);
			pfn += 1UL << block.order;
		}
		lock_drop(&zone->lock);
	}
}

/* The record of the block that frame @pfn is part of, which may begin before it. */
static bool record_around(const struct kalloc_machine *m, unsigned long pfn,
			  struct owner_record *record)
{
	for (unsigned int order = 0; order <= m->params.max_order; order++) {
		if (owner_read(m, ALIGN_DOWN(pfn, 1UL << order), record))
			return record->order >= order;
	}
	return false;
}

unsigned int kalloc_page_stack(const struct page *page, unsigned long *entries, unsigned int most)
{
	const struct kalloc_machine *m = machine_of(page);
	struct owner_record record;

	if (!m || !record_around(m, pfn_of(m, page), &record))
		return 0;
	return stack_copy_caller(entries, most, record.stack, record.nr_stack);
}
