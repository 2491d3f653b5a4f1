/* SPDX-License-Identifier: MIT */
/*
 * Halves: the two steps of the buddy system, whole blocks into halves and back, inline.
 * buddy_take() and buddy_give() are these as functions, and have the contract; the hot
 * paths of zones and CPU lists have them in their own bodies.
 *
 * How far a block may merge. Its buddy of order o lies inside the zone if and only if
 * their parent of order o + 1 does, and then so do all smaller ones: so the largest block
 * around a frame that is inside the zone is looked for once, and no step looks again.
 */
#ifndef PAGE_HALVES_H
#define PAGE_HALVES_H

#include "block.h"
#include "buddy.h"

/* Link a free block between two neighbours of its list. */
static always_inline void halves_link(struct free_area *area, struct page *page, unsigned int order,
				      struct list_head *prev, struct list_head *next)
{
	frame_set_free(page, order);
	list_insert(&page->buddy_list, prev, next);
	WRITE_ONCE(area->nr_free, area->nr_free + 1);
}

static always_inline void halves_unlink(struct free_area *area, struct page *page)
{
	list_unlink(&page->buddy_list);
	page->buddy_list = (struct list_head){ NULL, NULL };
	frame_clear_free(page);
	WRITE_ONCE(area->nr_free, area->nr_free - 1);
}

/* buddy_take() where the lists have nothing: from the virgin blocks. */
struct page *buddy_take_virgin(struct buddy *buddy, unsigned int order, enum migratetype mt);

/* Have all frames of a block built, which is a group or more (buddy.h). */
void buddy_build_block(struct buddy *buddy, unsigned long pfn, unsigned int order);

/* The type is not noted on the frame. */
static always_inline struct page *halves_take(struct buddy *buddy, unsigned int order,
					      enum migratetype mt)
{
	struct free_area *area = &buddy->area[order], *end = &buddy->area[buddy->max_order];
	struct list_head *first;
	unsigned long bytes, pfn;
	struct page *page;
	unsigned int at;

	for (;; area++) {
		if (unlikely(area > end))
			return buddy_take_virgin(buddy, order, mt);
		first = READ_ONCE(area->list[mt].next);
		if (first != &area->list[mt])
			break;
	}
	page = list_entry(first, struct page, buddy_list);
	pfn = (unsigned long)(page - buddy->vmemmap);
	at = frame_order(page);
	halves_unlink(area, page);
	/* The lists below were found empty: each upper half is alone on its list. */
	for (bytes = sizeof(*page) << at; at > order;) {
		at--;
		area--;
		bytes /= 2;
		if (at >= GROUP_ORDER)
			buddy_build_block(buddy, pfn + (1UL << at), GROUP_ORDER);
		halves_link(area, (struct page *)((char *)page + bytes), at, &area->list[mt],
			    &area->list[mt]);
	}
	if (order > GROUP_ORDER)
		buddy_build_block(buddy, pfn, order);
	return page;
}

/* The order of the largest aligned block around @pfn that lies inside the zone. */
unsigned int buddy_order_inside(const struct buddy *buddy, unsigned long pfn);

static always_inline unsigned int halves_order_inside(const struct buddy *buddy, unsigned long pfn)
{
	if (likely(pfn - buddy->whole_pfn < buddy->nr_whole))
		return buddy->max_order;
	return buddy_order_inside(buddy, pfn);
}

/*
 * Whether a frame inside the zone begins a free block of just this order: one jump for both.
 * Of a frame that is not free the order is its owner's business, and does not count.
 */
static inline racy_read bool halves_is_free(const struct page *page, unsigned int order)
{
	unsigned int type = *(const volatile unsigned int *)&page->page_type;
	unsigned long private = *(const volatile unsigned long *)&page->private;

	return !((type ^ FRAME_TYPE_BUDDY) | (private ^ order));
}

/*
 * A struct page, by its distance from the first one in bytes: with those that a block's take,
 * one bit leads to the buddy's.
 */
static always_inline struct page *halves_page(char *vmemmap, unsigned long at)
{
	return (struct page *)(vmemmap + at);
}

/*
 * Whether the parent's own buddy, at @at, is free: then the parent needs only our buddy to
 * become whole and merge on, and this block is to be handed out last. Where our buddy is not
 * in the zone, @is_whole false, that of the parent may still be.
 */
static always_inline bool halves_waits(const struct buddy *buddy, char *vmemmap, unsigned long at,
				       unsigned int parent_order, bool is_whole)
{
	unsigned long pfn = at / sizeof(struct page);

	if (unlikely(!is_whole) && (pfn < buddy->start_pfn || pfn >= buddy->end_pfn))
		return false;
	return halves_is_free(halves_page(vmemmap, at), parent_order);
}

static always_inline unsigned int halves_give(struct buddy *buddy, unsigned long pfn,
					      unsigned int order, enum migratetype mt,
					      enum buddy_end end)
{
	const unsigned int max_order = buddy->max_order, block_order = buddy->block_order;
	const unsigned int most = halves_order_inside(buddy, pfn);
	unsigned long at = pfn * sizeof(struct page), bytes = sizeof(struct page) << order;
	struct free_area *area = &buddy->area[order];
	char *vmemmap = (char *)buddy->vmemmap;
	bool tail = end == BUDDY_TAIL;
	struct list_head *list;

	for (; order < most; order++, area++, bytes *= 2) {
		struct page *other = halves_page(vmemmap, at ^ bytes);

		if (!halves_is_free(other, order))
			break;
		if (unlikely(order >= block_order) &&
		    !block_can_merge(mt, block_type(buddy, (at ^ bytes) / sizeof(*other))))
			break;
		halves_unlink(area, other);
		at &= ~bytes;
	}
	if (!tail && order + 1 < max_order)
		tail = halves_waits(buddy, vmemmap, (at & ~bytes) ^ 2 * bytes, order + 1,
				    most == max_order);
	list = &area->list[mt];
	if (tail)
		halves_link(area, halves_page(vmemmap, at), order, list->prev, list);
	else
		halves_link(area, halves_page(vmemmap, at), order, list, list->next);
	return order;
}

#endif
