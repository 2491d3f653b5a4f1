/* SPDX-License-Identifier: MIT */
/*
 * One frame's struct page: what its bits mean and in which state it is.
 *
 * States, told apart by page_type and reference count:
 *   free      page_type says buddy, private is the order, buddy_list links it
 *             (only the first frame of a free block)
 *   on a per-CPU list   index is the migratetype, private the order, pcp_list
 *             links it, count 0 (only the first frame of a block)
 *   in use    count > 0 (or the tail of a block whose head is in use)
 *   virgin    all zero: its block was never handed out (buddy.h)
 *
 * page->flags holds, as in 6.1 on x86-64: node in bits 54..63, zone in 51..53, the
 * last CPU and task in 30..50 (never set, so all ones), state bits from 0.
 */
#ifndef PAGE_FRAME_H
#define PAGE_FRAME_H

#include <kalloc/page.h>

#include "base.h"
#include "page.h"

_Static_assert(sizeof(struct page) == 64, "struct page is 64 bytes");
_Static_assert(offsetof(struct page, lru) == 8, "6.1's offset");
_Static_assert(offsetof(struct page, private) == 40, "6.1's offset");
_Static_assert(offsetof(struct page, page_type) == 48, "6.1's offset");
_Static_assert(offsetof(struct page, _refcount) == 52, "6.1's offset");

#define FRAME_NODE_SHIFT     54
#define FRAME_ZONE_SHIFT     51
#define FRAME_ZONE_MASK	     7UL
#define FRAME_LAST_CPU_SHIFT 30
#define FRAME_LAST_CPU	     (0x1fffffUL << FRAME_LAST_CPU_SHIFT)

#define FRAME_TYPE_NONE	     0xffffffffu
#define FRAME_TYPE_BUDDY     (FRAME_TYPE_NONE & ~0x80u)

/* The mapping of a tail page: an address that faults if it is followed. */
#define FRAME_TAIL_MAPPING ((struct address_space *)0xdead000000000400UL)

/* State bits that must be clear when a frame is freed. */
#define FRAME_FLAGS_IN_USE (PG_SLAB | PG_LRU | PG_ACTIVE)

/*
 * The mapping of a page that its owner can move is the address of its operations
 * with these bits: the first as in Linux, the second while it is isolated. Under
 * zone->compact.lock.
 */
#define FRAME_MAPPING_KIND     3UL
#define FRAME_MAPPING_MOVABLE  2UL
#define FRAME_MAPPING_ISOLATED 4UL
#define FRAME_MAPPING_BITS     7UL

/* What somebody who walks over the frames takes one for. */
enum frame_kind {
	FRAME_IS_OTHER,	   /* in use, or on a CPU's list */
	FRAME_IS_FREE,	   /* first frame of a free block */
	FRAME_IS_COMPOUND, /* first frame of a compound page */
	FRAME_IS_LRU,
	FRAME_IS_MOVABLE, /* its owner can move it */
};

struct frame_view {
	enum frame_kind kind;
	unsigned int order; /* of a free block or a compound page, else 0 */
	int count;	    /* references */
	bool file;	    /* LRU: not anonymous */
};

static inline unsigned long frame_flags(int nid, enum zone_type zone)
{
	return (unsigned long)nid << FRAME_NODE_SHIFT | (unsigned long)zone << FRAME_ZONE_SHIFT |
	       FRAME_LAST_CPU;
}

static inline racy_read unsigned long frame_flags_now(const struct page *page)
{
	return *(const volatile unsigned long *)&page->flags;
}

static inline int frame_nid(const struct page *page)
{
	return (int)(frame_flags_now(page) >> FRAME_NODE_SHIFT);
}

static inline enum zone_type frame_zone(const struct page *page)
{
	return (enum zone_type)((frame_flags_now(page) >> FRAME_ZONE_SHIFT) & FRAME_ZONE_MASK);
}

static inline bool frame_is_free(const struct page *page)
{
	return READ_ONCE(page->page_type) == FRAME_TYPE_BUDDY;
}

static inline unsigned int frame_order(const struct page *page)
{
	return (unsigned int)READ_ONCE(page->private);
}

static inline void frame_set_free(struct page *page, unsigned int order)
{
	WRITE_ONCE(page->private, order);
	WRITE_ONCE(page->page_type, FRAME_TYPE_BUDDY);
}

static inline void frame_clear_free(struct page *page)
{
	WRITE_ONCE(page->page_type, FRAME_TYPE_NONE);
	WRITE_ONCE(page->private, 0);
}

/* The migratetype noted on a frame while it is on, or comes from, a free list. */
static inline void frame_set_type(struct page *page, enum migratetype mt)
{
	page->index = mt;
}

static inline enum migratetype frame_type(const struct page *page)
{
	return (enum migratetype)page->index;
}

/*
 * Look at a frame without any lock. It is a guess, unless the lock that protects the
 * answer is held: the zone's for a free block, the LRU's for a page on its lists.
 */
struct frame_view frame_look(const struct page *page);

/* Give a run of frames that were never used their first state. */
void frame_build(struct page *page, unsigned long nr, unsigned long flags);

/* Make the 2^order frames at @page one compound page, and undo that. */
void frame_make_compound(struct page *page, unsigned int order);
void frame_break_compound(struct page *page, unsigned int order);

/*
 * Whether a block of @nr frames may be freed / its first frame handed out. One that
 * may not is reported ("BUG: Bad page state") and must be left out of use for good.
 */
bool frame_check_free(struct page *page, unsigned long nr);
bool frame_are_free(const struct page *page, unsigned long nr); /* the same without a report */

/* frame_are_free() reads both as one word. */
_Static_assert(offsetof(struct page, _refcount) == offsetof(struct page, page_type) + 4,
	       "type and count lie side by side");
bool frame_check_new(struct page *page);

#endif
