/* SPDX-License-Identifier: MIT */
/*
 * The buddy system of one zone: free blocks of 2^order frames, each aligned to
 * its size, on one list per order and migratetype. Pure: no lock, no policy, no
 * counting of pages; the caller holds the zone's lock.
 *
 * A block's buddy is the block that differs in the one bit of its size. Giving a
 * block back merges it with its buddy as long as that is free and whole; taking
 * one splits a larger block and puts the upper halves on the lists below.
 *
 * Virgin blocks. Frames [virgin_pfn, virgin_end) have never been touched: they
 * are whole blocks of the largest order that stand, in ascending order, behind
 * the last entry of that order's movable list without being linked there. The
 * first one is linked when the list runs out.
 * So booting costs the same for any size of zone, and the order in which blocks
 * are handed out is that of a list with all of them on it. (One difference: a
 * block put at the list's tail while virgin blocks remain stands before them.)
 * A zone of HIGHMEM may have the PCI hole among them: [hole_start, hole_end), whole
 * blocks too, is stepped over.
 *
 * Built frames. Struct pages are written, *built*, by groups of 2^GROUP_ORDER frames,
 * whose struct pages fill one page of the host's memory. Of a free block of a group or
 * more only the first group need be built: the others are when the block is taken, or
 * when a split puts the first frame of a block there. A pageblock has a bit for each of
 * its groups, set once and for all. Where a zone's edge cuts a group its blocks are
 * smaller than a group for ever; they are built from the start and want no bit. So a
 * machine in which little happens costs the host few pages of struct pages. Frames that
 * are not built look as those do that lie inside a free block: no count, no flag that says
 * what they are, no block's first.
 *
 * Invariants (buddy_ok):
 *   every listed block is free, of its list's order, aligned, inside the zone
 *   no listed block smaller than a pageblock has a buddy that is free at the same
 *     order (whole pageblocks may: their types can have changed since)
 *   area[o].nr_free == entries on the lists of order o (+ virgin blocks, for the
 *     largest order)
 *   the first frame of a listed block is built, all of one smaller than a group, and
 *     every frame of a block that is not free
 *
 * Source of the rules: Linux 6.1 mm/page_alloc.c.
 */
#ifndef PAGE_BUDDY_H
#define PAGE_BUDDY_H

#include "frame.h"
#include "list.h"

#define BUDDY_MAX_ORDER 18
#define BUDDY_ORDERS	(BUDDY_MAX_ORDER + 1)
#define BLOCK_ORDER	9 /* of a pageblock, unless the largest order is smaller */

/* Frames that are built together. */
#define GROUP_ORDER 6
#define GROUP_SIZE  (1UL << GROUP_ORDER)
_Static_assert(GROUP_SIZE * sizeof(struct page) == PAGE_SIZE, "a page of struct pages");
_Static_assert(BLOCK_ORDER - GROUP_ORDER <= 3, "a bit for each group of a pageblock");

/* Where a block goes on its list. */
enum buddy_end {
	BUDDY_AUTO, /* the tail if its parent will probably be whole soon, else the head */
	BUDDY_TAIL,
};

struct free_area {
	unsigned long nr_free; /* blocks */
	struct list_head list[MIGRATE_TYPES];
} cacheline;

/* Linking a block writes to its list and to the number: adjacent stores, if to one cache line. */
_Static_assert(offsetof(struct free_area, list[MIGRATE_PCPTYPES]) <= 64, "side by side");

struct pageblock {
	u8 type;  /* block.h */
	u8 built; /* a bit for each group; neighbours in other zones write to other bits */
};

struct buddy {
	struct free_area area[BUDDY_ORDERS];
	struct page *vmemmap;
	struct pageblock *blocks;
	unsigned long start_pfn, end_pfn;
	unsigned long whole_pfn, nr_whole; /* the aligned blocks of the largest order in it */
	unsigned long virgin_pfn, virgin_end;
	unsigned long hole_start, hole_end; /* no memory; both 0 without a hole */
	unsigned long frame_flags;	    /* of a frame that is built */
	unsigned int max_order;
	unsigned int block_order; /* frames in a pageblock, as an order */
};

/* An empty buddy system over [start_pfn, end_pfn). */
void buddy_init(struct buddy *buddy, struct page *vmemmap, unsigned long start_pfn,
		unsigned long end_pfn);

/* What sizes of blocks there are. Before the first block is given. */
void buddy_set_orders(struct buddy *buddy, unsigned int max_order, unsigned int block_order);

/*
 * Put the never used frames [start, end) on the lists, as movable blocks in
 * ascending order: the whole blocks of the largest order as virgin, the rest
 * linked. Once, right after buddy_init and the fields above.
 */
void buddy_fill(struct buddy *buddy, unsigned long start, unsigned long end);

/*
 * Give back the block at @pfn. Return: the order it has after merging.
 */
unsigned int buddy_give(struct buddy *buddy, unsigned long pfn, unsigned int order,
			enum migratetype mt, enum buddy_end end);

/* Put a block at the tail of a list as it is, without merging: it is part of a whole state. */
void buddy_put(struct buddy *buddy, unsigned long pfn, unsigned int order, enum migratetype mt);

/*
 * Take a block of exactly @order from the lists of @mt: the smallest that is large
 * enough, split. The frame's noted type is @mt. Return: its first frame, or NULL.
 */
struct page *buddy_take(struct buddy *buddy, unsigned int order, enum migratetype mt);

/* Take the free block that starts at @page, whole, off its list. */
void buddy_take_block(struct buddy *buddy, struct page *page);

/* Link the virgin blocks up to the one that holds @pfn, if that is one. */
void buddy_link_virgin(struct buddy *buddy, unsigned long pfn);

/* The first block of a list, still on it; NULL if there is none. */
struct page *buddy_first(struct buddy *buddy, unsigned int order, enum migratetype mt);

/* Put the free block @page at the tail of its order's list of @mt. */
void buddy_move(struct buddy *buddy, struct page *page, enum migratetype mt);

static inline bool buddy_has_pfn(const struct buddy *buddy, unsigned long pfn)
{
	return pfn >= buddy->start_pfn && pfn < buddy->end_pfn;
}

static inline bool buddy_is_hole(const struct buddy *buddy, unsigned long pfn)
{
	return pfn >= buddy->hole_start && pfn < buddy->hole_end;
}

static inline bool buddy_is_virgin(const struct buddy *buddy, unsigned long pfn)
{
	return pfn >= READ_ONCE(buddy->virgin_pfn) && pfn < buddy->virgin_end &&
	       !buddy_is_hole(buddy, pfn);
}

static inline bool buddy_has_virgin(const struct buddy *buddy)
{
	return READ_ONCE(buddy->virgin_pfn) < buddy->virgin_end;
}

static inline bool buddy_is_empty(const struct buddy *buddy, unsigned int order,
				  enum migratetype mt)
{
	return list_empty(&buddy->area[order].list[mt]) &&
	       !(order == buddy->max_order && mt == MIGRATE_MOVABLE && buddy_has_virgin(buddy));
}

/* Entries of one list, virgin blocks included; walks the list. */
unsigned long buddy_count(const struct buddy *buddy, unsigned int order, enum migratetype mt);

/* Walk everything and compare it with the invariants above. */
bool buddy_ok(const struct buddy *buddy);

#endif
