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
#include "plat.h"

_Static_assert(sizeof(struct page) == 64, "struct page is 64 bytes");
_Static_assert(offsetof(struct page, lru) == 8, "6.1's offset");
_Static_assert(offsetof(struct page, private) == 40, "6.1's offset");
_Static_assert(offsetof(struct page, page_type) == 48, "6.1's offset");
_Static_assert(offsetof(struct page, _refcount) == 52, "6.1's offset");

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

/* Node and zone in one word. */
static inline unsigned long frame_place(const struct page *page)
{
	return frame_flags_now(page) >> FRAME_ZONE_SHIFT;
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

/* It is no free block's first frame any more, and on no list. */
static inline void frame_clear_free(struct page *page)
{
	page->buddy_list = (struct list_head){ NULL, NULL };
	WRITE_ONCE(page->page_type, FRAME_TYPE_NONE);
	WRITE_ONCE(page->private, 0);
}

/* The first frame of a block that was taken is its caller's, with one reference. */
static inline void frame_hand_out(struct page *page)
{
	page->private = 0;
	page->index = 0;
	WRITE_ONCE(page->_refcount.counter, 1);
}

/* Type and count as one word. */
_Static_assert(offsetof(struct page, _refcount) == offsetof(struct page, page_type) + 4,
	       "type and count lie side by side");

/* frame_clear_free() and frame_hand_out() in fewer stores. */
static inline void frame_hand_out_free(struct page *page)
{
	const struct page used = { .page_type = FRAME_TYPE_NONE, ._refcount = { 1 } };
	u64 word;

	memcpy(&word, &used.page_type, sizeof(word));
	page->buddy_list = (struct list_head){ NULL, NULL };
	page->private = 0;
	page->index = 0;
	__atomic_store_n((u64 *)(void *)&page->page_type, word, __ATOMIC_RELAXED);
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

/* Of a block larger than this only so many frames are looked at when it is freed. */
#define FRAME_CHECKED_ORDER (CHECK_LEVEL >= 1 ? ~0u : 4u)

static always_inline unsigned long frame_nr_checked(unsigned int order)
{
	return 1UL << min(order, FRAME_CHECKED_ORDER);
}

static inline u64 frame_type_and_count(const struct page *page)
{
	u64 word;

	memcpy(&word, &page->page_type, sizeof(word));
	return word;
}

struct frame_found {
	unsigned long flags, mappings;
};

static always_inline bool frame_look_at_tail(struct frame_found *found, const struct page *page)
{
	found->flags |= page->flags;
	found->mappings |= (unsigned long)page->mapping;
	/* In this order: else the compiler adds up with more registers than there are. */
	__asm__("" : "+r"(found->flags), "+r"(found->mappings));
	return likely(frame_type_and_count(page) == FRAME_TYPE_NONE);
}

/*
 * frame_check_free() of all frames but the first, without a report. Nearly always there is
 * nothing to be found, so it is looked for in all of them at once.
 */
static always_inline bool frame_tails_are_free(const struct page *page, unsigned int order)
{
	unsigned long nr = frame_nr_checked(order);
	struct frame_found found = { 0 };

	if (!frame_look_at_tail(&found, page + 1))
		return false;
	for (const struct page *at = page + 2; at < page + nr; at += 2) {
		if (!frame_look_at_tail(&found, at) || !frame_look_at_tail(&found, at + 1))
			return false;
	}
	return likely(!(found.mappings | (found.flags & FRAME_FLAGS_IN_USE)));
}

static always_inline void frame_make_tail(struct page *tail, const struct page *head)
{
	tail->mapping = FRAME_TAIL_MAPPING;
	tail->compound_head = (unsigned long)head | 1;
}

/*
 * The first tail says what the compound page is, in two words: its destructor (1), order and
 * mapcount (-1); its pincount (0) and number of frames, where other tails have their mapping.
 */
_Static_assert(offsetof(struct page, compound_order) == offsetof(struct page, compound_dtor) + 1 &&
		       offsetof(struct page, compound_mapcount) ==
			       offsetof(struct page, compound_dtor) + 4 &&
		       offsetof(struct page, compound_pincount) == offsetof(struct page, mapping) &&
		       offsetof(struct page, compound_nr) == offsetof(struct page, mapping) + 4,
	       "the words are these");

static always_inline void frame_make_first_tail(struct page *tail, const struct page *head,
						unsigned int order)
{
	const u64 what = 1 | (u64)order << 8 | (u64)UINT32_MAX << 32, nr = 1UL << order << 32;

	memcpy(&tail->compound_dtor, &what, sizeof(what));
	memcpy(&tail->mapping, &nr, sizeof(nr));
	tail->compound_head = (unsigned long)head | 1;
}

/* Make the 2^order frames at @page one compound page; order > 0. */
static always_inline void frame_make_compound(struct page *page, unsigned int order)
{
	page->flags |= PG_HEAD;
	frame_make_first_tail(page + 1, page, order);
	for (struct page *at = page + 2; at < page + (1UL << order); at += 2) {
		frame_make_tail(at, page);
		frame_make_tail(at + 1, page);
	}
}

/* The rest of it is its owner's, as in Linux. */
static always_inline void frame_break_tail(struct page *tail)
{
	/* In the first tail these are the order and its like. */
	tail->lru = (struct list_head){ NULL, NULL };
	tail->mapping = NULL;
}

static always_inline bool frame_try_break_tail(struct frame_found *found, struct page *tail)
{
	frame_break_tail(tail);
	return frame_look_at_tail(found, tail);
}

void frame_break_tails(struct page *page, unsigned long from, unsigned long to);
void frame_break_compound(struct page *page, unsigned int order);

/*
 * Undo that, and look at the tails on the way as frame_tails_are_free() does. Return: false
 * if something is wrong with one; then it is still a compound page, for
 * frame_break_compound().
 */
static always_inline bool frame_try_break(struct page *page, unsigned int order)
{
	unsigned long nr = frame_nr_checked(order);
	struct frame_found found = { 0 };

	if (!frame_try_break_tail(&found, page + 1))
		return false;
	for (struct page *at = page + 2; at < page + nr; at += 2) {
		if (!frame_try_break_tail(&found, at) || !frame_try_break_tail(&found, at + 1))
			return false;
	}
	if (order > FRAME_CHECKED_ORDER)
		frame_break_tails(page, nr, 1UL << order);
	if (unlikely((found.flags & FRAME_FLAGS_IN_USE) | found.mappings))
		return false;
	page->flags &= ~PG_HEAD;
	return true;
}

/*
 * Whether a block may be freed / its first frame handed out. One that may not is reported
 * ("BUG: Bad page state") and must be left out of use for good.
 */
bool frame_check_free(struct page *page, unsigned int order);
bool frame_refuse_new(const struct page *page); /* reports what is wrong; false */

/* The same without a report. */
static inline bool frame_is_new(const struct page *page)
{
	return likely(page->_refcount.counter == 0 && !page->mapping &&
		      !(page->flags & FRAME_FLAGS_IN_USE));
}

static inline bool frame_check_new(const struct page *page)
{
	return frame_is_new(page) || frame_refuse_new(page);
}

#endif
