/* SPDX-License-Identifier: MIT */
#include "halves.h"

static struct page *frame_at(const struct buddy *buddy, unsigned long pfn)
{
	return buddy->vmemmap + pfn;
}

static unsigned long pfn_at(const struct buddy *buddy, const struct page *page)
{
	return (unsigned long)(page - buddy->vmemmap);
}

void buddy_init(struct buddy *buddy, struct page *vmemmap, unsigned long start_pfn,
		unsigned long end_pfn)
{
	*buddy = (struct buddy){ .vmemmap = vmemmap, .start_pfn = start_pfn, .end_pfn = end_pfn };
	for (unsigned int order = 0; order < BUDDY_ORDERS; order++) {
		for (int mt = 0; mt < MIGRATE_TYPES; mt++)
			list_init(&buddy->area[order].list[mt]);
	}
}

void buddy_set_orders(struct buddy *buddy, unsigned int max_order, unsigned int block_order)
{
	unsigned long size = 1UL << max_order, end = ALIGN_DOWN(buddy->end_pfn, size);

	buddy->max_order = max_order;
	buddy->block_order = block_order;
	buddy->whole_pfn = ALIGN_UP(buddy->start_pfn, size);
	buddy->nr_whole = end > buddy->whole_pfn ? end - buddy->whole_pfn : 0;
}

static void link_tail(struct buddy *buddy, struct page *page, unsigned int order,
		      enum migratetype mt)
{
	struct free_area *area = &buddy->area[order];

	halves_link(area, page, order, area->list[mt].prev, &area->list[mt]);
}

static struct pageblock *block_at(const struct buddy *buddy, unsigned long pfn)
{
	return &buddy->blocks[pfn >> buddy->block_order];
}

/* The bits of the groups in [pfn, pfn + nr), which lies in one pageblock. */
static unsigned int groups_of(const struct buddy *buddy, unsigned long pfn, unsigned long nr)
{
	unsigned long first = (pfn & ((1UL << buddy->block_order) - 1)) >> GROUP_ORDER;

	return ((1u << (nr >> GROUP_ORDER)) - 1) << first;
}

/* Build the groups of @pfn's pageblock that have their bit in @groups. */
static cold_path void build_groups(struct buddy *buddy, unsigned long pfn, unsigned int groups)
{
	struct page *first = frame_at(buddy, ALIGN_DOWN(pfn, 1UL << buddy->block_order));

	__atomic_fetch_or(&block_at(buddy, pfn)->built, (u8)groups, __ATOMIC_RELAXED);
	for (; groups; groups &= groups - 1)
		frame_build(first + ((unsigned long)__builtin_ctz(groups) << GROUP_ORDER),
			    GROUP_SIZE, buddy->frame_flags);
}

void buddy_build_block(struct buddy *buddy, unsigned long pfn, unsigned int order)
{
	unsigned long nr = 1UL << min(order, buddy->block_order);

	for (unsigned long end = pfn + (1UL << order); pfn < end; pfn += nr) {
		unsigned int built = READ_ONCE(block_at(buddy, pfn)->built);
		unsigned int missing = groups_of(buddy, pfn, nr) & ~built;

		if (unlikely(missing))
			build_groups(buddy, pfn, missing);
	}
}

/* A block that never was on a list. Nothing is read first: on a fresh page that is a fault more. */
static void link_new(struct buddy *buddy, unsigned long pfn, unsigned int order)
{
	if (order < GROUP_ORDER)
		frame_build(frame_at(buddy, pfn), 1UL << order, buddy->frame_flags);
	else
		build_groups(buddy, pfn, groups_of(buddy, pfn, GROUP_SIZE));
	link_tail(buddy, frame_at(buddy, pfn), order, MIGRATE_MOVABLE);
}

/* List [start, end) as the largest aligned blocks that fit. */
static void fill_linked(struct buddy *buddy, unsigned long start, unsigned long end)
{
	while (start < end) {
		unsigned int order = min((unsigned int)__builtin_ctzl(start), ilog2(end - start));

		order = min(order, buddy->max_order);
		link_new(buddy, start, order);
		start += 1UL << order;
	}
}

static unsigned long skip_hole(const struct buddy *buddy, unsigned long pfn)
{
	return buddy_is_hole(buddy, pfn) ? buddy->hole_end : pfn;
}

static unsigned long nr_virgin(const struct buddy *buddy)
{
	unsigned long nr = buddy->virgin_end - buddy->virgin_pfn;

	if (buddy->virgin_pfn < buddy->hole_end)
		nr -= buddy->hole_end - buddy->hole_start;
	return nr >> buddy->max_order;
}

void buddy_fill(struct buddy *buddy, unsigned long start, unsigned long end)
{
	unsigned long block = 1UL << buddy->max_order;
	unsigned long first = ALIGN_UP(start, block);
	unsigned long last = ALIGN_DOWN(end, block);

	if (first >= last) {
		fill_linked(buddy, start, end);
		return;
	}
	fill_linked(buddy, start, first);
	fill_linked(buddy, last, end);
	buddy->virgin_pfn = skip_hole(buddy, first);
	buddy->virgin_end = last;
	buddy->area[buddy->max_order].nr_free += nr_virgin(buddy);
}

static cold_path struct page *link_virgin(struct buddy *buddy)
{
	unsigned long pfn = buddy->virgin_pfn;

	WRITE_ONCE(buddy->virgin_pfn, skip_hole(buddy, pfn + (1UL << buddy->max_order)));
	WRITE_ONCE(buddy->area[buddy->max_order].nr_free,
		   buddy->area[buddy->max_order].nr_free - 1);
	link_new(buddy, pfn, buddy->max_order);
	return frame_at(buddy, pfn);
}

struct page *buddy_first(struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	struct list_head *list = &buddy->area[order].list[mt];

	if (likely(!list_empty(list)))
		return list_first_entry(list, struct page, buddy_list);
	return buddy_is_empty(buddy, order, mt) ? NULL : link_virgin(buddy);
}

unsigned int buddy_order_inside(const struct buddy *buddy, unsigned long pfn)
{
	unsigned int order = buddy->max_order;

	while (order && (ALIGN_DOWN(pfn, 1UL << order) < buddy->start_pfn ||
			 ALIGN_DOWN(pfn, 1UL << order) + (1UL << order) > buddy->end_pfn))
		order--;
	return order;
}

never_inline unsigned int buddy_give_at_edge(struct buddy *buddy, unsigned long pfn,
					     unsigned int order, enum migratetype mt,
					     enum buddy_end end)
{
	return halves_merge(buddy, pfn, order, mt, end, false, false);
}

unsigned int buddy_give(struct buddy *buddy, unsigned long pfn, unsigned int order,
			enum migratetype mt, enum buddy_end end)
{
	return halves_give(buddy, pfn, order, mt, end);
}

void buddy_put(struct buddy *buddy, unsigned long pfn, unsigned int order, enum migratetype mt)
{
	link_tail(buddy, frame_at(buddy, pfn), order, mt);
}

cold_path struct page *buddy_take_virgin(struct buddy *buddy, unsigned int order,
					 enum migratetype mt)
{
	if (order > buddy->max_order || buddy_is_empty(buddy, buddy->max_order, mt))
		return NULL;
	link_virgin(buddy);
	return halves_take(buddy, order, mt);
}

struct page *buddy_take(struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	struct page *page = halves_take(buddy, order, mt);

	if (unlikely(!page))
		page = buddy_take_virgin(buddy, order, mt);
	if (unlikely(!page))
		return NULL;
	frame_clear_free(page);
	frame_set_type(page, mt);
	return page;
}

void buddy_take_block(struct buddy *buddy, struct page *page)
{
	unsigned int order = frame_order(page);

	halves_unlink(&buddy->area[order], page);
	frame_clear_free(page);
	if (order > GROUP_ORDER)
		buddy_build_block(buddy, pfn_at(buddy, page), order);
}

void buddy_link_virgin(struct buddy *buddy, unsigned long pfn)
{
	while (buddy_is_virgin(buddy, pfn))
		link_virgin(buddy);
}

void buddy_move(struct buddy *buddy, struct page *page, enum migratetype mt)
{
	list_move_tail(&page->buddy_list, &buddy->area[frame_order(page)].list[mt]);
}

unsigned long buddy_count(const struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	const struct list_head *list = &buddy->area[order].list[mt];
	unsigned long nr = 0;

	for (const struct list_head *node = list->next; node != list; node = node->next)
		nr++;
	if (order == buddy->max_order && mt == MIGRATE_MOVABLE)
		nr += nr_virgin(buddy);
	return nr;
}

/* What a listed block must have built: one frame, or all. */
static bool is_built(const struct buddy *buddy, const struct page *page, unsigned int order)
{
	unsigned long nr = order < GROUP_ORDER ? 1UL << order : 1;

	for (unsigned long i = 0; i < nr; i++) {
		if (page[i].page_type != (i ? FRAME_TYPE_NONE : FRAME_TYPE_BUDDY) ||
		    (page[i].flags | FRAME_LAST_CPU) != (buddy->frame_flags | FRAME_LAST_CPU))
			return false;
	}
	return true;
}

static bool is_free_block(const struct buddy *buddy, unsigned long pfn, unsigned int order)
{
	return buddy_has_pfn(buddy, pfn) && halves_is_free(frame_at(buddy, pfn), order);
}

static bool block_ok(const struct buddy *buddy, const struct page *page, unsigned int order)
{
	unsigned long pfn = pfn_at(buddy, page);
	unsigned long buddy_pfn = pfn ^ (1UL << order);

	if (!is_built(buddy, page, order) || frame_order(page) != order ||
	    pfn & ((1UL << order) - 1))
		return false;
	if (pfn < buddy->start_pfn || pfn + (1UL << order) > buddy->end_pfn)
		return false;
	return order >= buddy->block_order || !is_free_block(buddy, buddy_pfn, order);
}

bool buddy_ok(const struct buddy *buddy)
{
	for (unsigned int order = 0; order <= buddy->max_order; order++) {
		unsigned long nr = 0;

		for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
			const struct list_head *list = &buddy->area[order].list[mt];
			const struct page *page;

			if (!list_ok(list))
				return false;
			list_for_each_entry(page, list, buddy_list)
				if (!block_ok(buddy, page, order))
					return false;
			nr += buddy_count(buddy, order, (enum migratetype)mt);
		}
		if (nr != buddy->area[order].nr_free)
			return false;
	}
	return true;
}
