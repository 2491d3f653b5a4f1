/* SPDX-License-Identifier: MIT */
/*
 * The LRU lists of a node: simulated page-cache and anonymous pages, the memory that
 * reclaim can take back by itself. Four lists: inactive and active, of file and of
 * anonymous pages. A page enters at the head of an inactive list (an anonymous one
 * too, as in Linux since 5.9), is touched (referenced, then active), and is taken
 * from the tail.
 *
 * While a page is on a list the LRU owns one reference to it; whoever works on it
 * isolates it first (takes it off, PG_lru cleared). page->mapping names its owner,
 * page->index is free for the owner, PG_swapbacked tells anonymous from file.
 *
 * At any moment one party owns that reference: the lists; the thread that isolated the
 * page; or, once kalloc_lru_remove() returned true, the caller. A page that is isolated
 * cannot be removed (false is returned, nothing changes), because its owner is about to
 * be told of its fate: moved(), evicted(), or it is put back. lru_retire() is the point
 * of no return of an eviction; what is done to the page up to there keeps it.
 *
 * Lock: `lock` protects the lists, the counts and the LRU flags of the node's pages.
 * Invariant (lru_ok): nr[l] == length of list l == sum over zones of zone_nr[z][l].
 */
#ifndef PAGE_LRU_H
#define PAGE_LRU_H

#include <kalloc/reclaim.h>

#include "frame.h"
#include "list.h"
#include "plat.h"

enum lru_list {
	LRU_INACTIVE_ANON,
	LRU_ACTIVE_ANON,
	LRU_INACTIVE_FILE,
	LRU_ACTIVE_FILE,
	NR_LRU_LISTS
};

struct lru {
	struct lock lock;
	struct list_head list[NR_LRU_LISTS];
	unsigned long nr[NR_LRU_LISTS];
	unsigned long zone_nr[MAX_NR_ZONES][NR_LRU_LISTS];
	unsigned long nr_isolated[2]; /* anonymous, file */
	unsigned long nr_dirty;
};

static inline bool lru_is_file(enum lru_list list)
{
	return list >= LRU_INACTIVE_FILE;
}

static inline bool lru_is_active(enum lru_list list)
{
	return list & 1;
}

/* The list that a page's flags say it belongs on. */
static inline enum lru_list lru_list_of(const struct page *page)
{
	return (enum lru_list)(
		(page->flags & PG_SWAPBACKED ? LRU_INACTIVE_ANON : LRU_INACTIVE_FILE) +
		!!(page->flags & PG_ACTIVE));
}

struct node;

void lru_init(struct lru *lru);
struct lru *lru_of(const struct page *page);

/* Under the lock: link a page where its flags say / take it off. */
void lru_link(struct lru *lru, struct page *page);
void lru_unlink(struct lru *lru, struct page *page);

struct lru_scan {
	unsigned long nr;      /* pages that are wanted */
	unsigned int highest;  /* rank of the highest zone whose pages are */
	unsigned long scanned; /* how many were looked at, without those */
	unsigned long skipped; /* that were passed over, of higher zones */
};

/*
 * Isolate pages from the tail of a list on @taken, as @scan says, and fill in the rest of
 * it. Return: how many.
 */
unsigned long lru_isolate(struct lru *lru, enum lru_list list, struct lru_scan *scan,
			  struct list_head *taken);

/* Isolate one page wherever it is. Return: false if it is on no list. */
bool lru_isolate_page(struct page *page);
bool lru_isolate_from(struct lru *lru, struct page *page);

/*
 * The contents of the isolated page @from are now in @to: put @to on the lists in its
 * stead, with all that its flags say, also what they said since. @from is an ordinary
 * page again.
 */
void lru_hand_over(struct page *from, struct page *to);

/* Put isolated pages back at the heads of the lists that their flags name. */
void lru_put_back(struct list_head *pages);
void lru_put_back_page(struct page *page);

/* Put an isolated page back on an inactive list. */
void lru_deactivate(struct page *page);

/* If an isolated page was touched, mark it active instead. Return: whether it was. */
bool lru_activate(struct page *page);

/* An isolated page is about to be written: changes from here on make it dirty anew. */
void lru_clean(struct page *page);

/*
 * The last look at an isolated page that is to be freed. Return: its owner, and from
 * now on the page is an ordinary one, which kalloc_lru_touch(), _dirty() and _remove()
 * leave alone; NULL if it was touched, changed or pinned meanwhile.
 */
struct kalloc_mapping *lru_retire(struct page *page);

/* Forget an isolated page: it is an ordinary page again, and its reference the caller's. */
void lru_release(struct page *page);

/* Pages of zones up to @highest on one list. */
unsigned long lru_count(const struct lru *lru, enum lru_list list, unsigned int highest);

bool lru_ok(const struct lru *lru);

#endif
