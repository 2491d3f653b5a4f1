/* SPDX-License-Identifier: MIT */
/*
 * Halves: the two steps of the buddy system, whole blocks into halves and back, inline.
 * buddy_take() and buddy_give() are these as functions, and have the contract; the hot
 * paths of zones and CPU lists have them in their own bodies.
 *
 * How far a block may merge. Its buddy of order o lies inside the zone if and only if
 * their parent of order o + 1 does, and then so do all smaller ones: so the largest block
 * around a frame that is inside the zone is looked for once, and no step looks again. Nearly
 * always it is one of the largest order.
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

/* At the tail of its list or at the head, which are as common: without a jump. */
static always_inline void halves_link_either(struct free_area *area, struct page *page,
					     unsigned int order, struct list_head *list, bool tail)
{
	struct list_head *prev = list->prev, *next = list->next;

	if (__builtin_expect_with_probability(tail, 1, 0.5))
		next = list;
	else
		prev = list;
	halves_link(area, page, order, prev, next);
}

/* What the frame says of itself is left to the caller. */
static always_inline void halves_unlink(struct free_area *area, struct page *page)
{
	list_unlink(&page->buddy_list);
	WRITE_ONCE(area->nr_free, area->nr_free - 1);
}

/* halves_take() where the lists have nothing: from the virgin blocks. */
struct page *buddy_take_virgin(struct buddy *buddy, unsigned int order, enum migratetype mt);

/* Have all frames of a block built, which is a group or more (buddy.h). */
void buddy_build_block(struct buddy *buddy, unsigned long pfn, unsigned int order);

/*
 * The first block of @order or more on the lists of @mt, of the smallest there is; *@at is its
 * order. Return: NULL if the lists have none.
 */
static always_inline struct page *halves_find(const struct buddy *buddy, unsigned int order,
					      enum migratetype mt, unsigned int *at)
{
	const struct free_area *area = &buddy->area[order];

	for (*at = order;; area++) {
		const struct list_head *first = READ_ONCE(area->list[mt].next);

		if (first != &area->list[mt])
			return list_entry(first, struct page, buddy_list);
		if (unlikely(++*at > buddy->max_order))
			return NULL;
	}
}

/*
 * Take the block that halves_find() found, of order @at, off its list and split it until it is
 * of @order. The lists below were found empty: each upper half is alone on its list. What the
 * frame says of itself is left to the caller, before the lock is dropped.
 */
static always_inline void halves_split(struct buddy *buddy, struct page *page, unsigned int at,
				       unsigned int order, enum migratetype mt)
{
	struct free_area *area = &buddy->area[at];

	halves_unlink(area, page);
	while (at > order) {
		area--;
		at--;
		halves_link(area, page + (1UL << at), at, &area->list[mt], &area->list[mt]);
	}
}

/*
 * Have what such a split hands out or lists built: the first group of each part, and all of
 * the part that is taken. Nothing, if the block is no more than a group.
 */
static always_inline void halves_build(struct buddy *buddy, const struct page *page,
				       unsigned int at, unsigned int order)
{
	unsigned long pfn = (unsigned long)(page - buddy->vmemmap);

	while (at > max(order, (unsigned int)GROUP_ORDER))
		buddy_build_block(buddy, pfn + (1UL << --at), GROUP_ORDER);
	if (order > GROUP_ORDER)
		buddy_build_block(buddy, pfn, order);
}

/*
 * buddy_take() from the lists alone, up to what the frame says of itself, as above. Return: NULL
 * if they have nothing; there may be virgin blocks.
 */
static always_inline struct page *halves_take(struct buddy *buddy, unsigned int order,
					      enum migratetype mt)
{
	unsigned int at;
	struct page *page = halves_find(buddy, order, mt, &at);

	if (unlikely(!page))
		return NULL;
	if (at > GROUP_ORDER)
		halves_build(buddy, page, at, order);
	halves_split(buddy, page, at, order, mt);
	return page;
}

/* Whether the block of the largest order around @pfn lies inside the zone. */
static always_inline bool halves_is_whole(const struct buddy *buddy, unsigned long pfn)
{
	return likely(pfn - buddy->whole_pfn < buddy->nr_whole);
}

/*
 * Whether a frame inside the zone begins a free block of just this order: one jump for both.
 * Of a frame that is not free the order is its owner's business, and does not count.
 */
static inline racy_read bool halves_is_free(const struct page *page, unsigned long order)
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

/* Take the buddy at @at off its list, if it is a free block of just this order. */
static always_inline bool halves_join(struct free_area *area, char *vmemmap, unsigned long at,
				      unsigned long order)
{
	struct page *page = halves_page(vmemmap, at);

	if (!halves_is_free(page, order))
		return false;
	halves_unlink(area, page);
	frame_clear_free(page);
	return true;
}

/* The order of the largest aligned block around @pfn that lies inside the zone. */
unsigned int buddy_order_inside(const struct buddy *buddy, unsigned long pfn);

/* buddy_give() of a block near the zone's edge, where it is not inside a whole one. */
unsigned int buddy_give_at_edge(struct buddy *buddy, unsigned long pfn, unsigned int order,
				enum migratetype mt, enum buddy_end end);

/*
 * buddy_give() of a block that lies inside a whole one of the largest order, or, not @is_whole,
 * does not.
 *
 * At the end it is asked whether the parent's own buddy is free: then the parent needs only our
 * buddy to become whole and merge on, and this block is to be handed out last. Where our buddy is
 * not in the zone, that of the parent may still be. If the answer @is_foreseen, it is jumped by,
 * and what looks at the list next need not wait for the frames that say it.
 */
static always_inline unsigned int halves_merge(struct buddy *buddy, unsigned long pfn,
					       unsigned int block, enum migratetype mt,
					       enum buddy_end end, bool is_whole, bool is_foreseen)
{
	const unsigned int most = is_whole ? buddy->max_order : buddy_order_inside(buddy, pfn);
	unsigned long at = pfn * sizeof(struct page), bytes = sizeof(struct page) << block;
	struct free_area *area = &buddy->area[block];
	char *vmemmap = (char *)buddy->vmemmap;
	bool tail = end == BUDDY_TAIL;
	unsigned long order = block;
	struct list_head *list;

	for (; order < most; order++, area++, bytes *= 2) {
		/* Whole pageblocks merge only with those of like types. */
		if (unlikely(order >= buddy->block_order) &&
		    !block_can_merge(mt, block_type(buddy, (at ^ bytes) / sizeof(struct page))))
			break;
		if (!halves_join(area, vmemmap, at ^ bytes, order))
			break;
		at &= ~bytes;
	}
	if (!tail && order + 1 < buddy->max_order) {
		unsigned long other = (at & ~bytes) ^ 2 * bytes;

		if (is_whole || buddy_has_pfn(buddy, other / sizeof(struct page)))
			tail = halves_is_free(halves_page(vmemmap, other), order + 1);
	}
	list = &area->list[mt];
	if (!is_foreseen)
		halves_link_either(area, halves_page(vmemmap, at), (unsigned int)order, list, tail);
	else if (tail)
		halves_link(area, halves_page(vmemmap, at), (unsigned int)order, list->prev, list);
	else
		halves_link(area, halves_page(vmemmap, at), (unsigned int)order, list, list->next);
	return (unsigned int)order;
}

static always_inline unsigned int halves_give(struct buddy *buddy, unsigned long pfn,
					      unsigned int order, enum migratetype mt,
					      enum buddy_end end)
{
	if (!halves_is_whole(buddy, pfn))
		return buddy_give_at_edge(buddy, pfn, order, mt, end);
	return halves_merge(buddy, pfn, order, mt, end, true, false);
}

#endif
