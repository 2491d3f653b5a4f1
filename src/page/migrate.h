/* SPDX-License-Identifier: MIT */
/*
 * Moving one page: its contents to another frame, its owner along with it.
 *
 * Two kinds of pages can move. A page on the LRU lists is taken off them, copied, and
 * its mapping told (kalloc_mapping_ops.moved); the new frame takes its place on the
 * lists. A page of another owner goes through movable_operations: isolate_page when it
 * is collected, migrate_page to move it, putback_page if it stays.
 *
 * A page with more references than its list's stays where it is: whoever holds them
 * knows the frame. That is looked at before the copy and after it; so an owner who
 * writes to a page while others may move it takes a reference first, under the lock
 * that its `moved` takes too, or takes the page off the lists.
 *
 * Locks: a movable page's mapping is under its zone's compact.lock, an LRU page's flags
 * under its node's LRU lock. Callbacks are made with neither, and with PF_MEMALLOC set.
 * A movable page has a reference of the library's from isolation to the end.
 *
 * Differs from Linux 6.1: there is no page lock. An owner must clear a movable page
 * before it frees it; a page cleared while isolated is let go of.
 *
 * Source: Linux 6.1 mm/migrate.c.
 */
#ifndef PAGE_MIGRATE_H
#define PAGE_MIGRATE_H

#include <kalloc/reclaim.h>

#include "frame.h"
#include "zone.h"

#define MIGRATE_BATCH 32

/* Isolated pages. */
struct migrate_batch {
	unsigned int nr;
	unsigned int moved; /* by the last migrate_pages() */
	struct page *page[MIGRATE_BATCH];
};

/* Why; the numbers are Linux 6.1's. */
enum migrate_reason {
	MR_COMPACTION = 0,
	MR_CONTIG_RANGE = 6,
};

/* Where the contents go: frames of the caller's, with one reference. */
struct migrate_to {
	enum migrate_reason reason;
	struct page *(*take)(void *ctx); /* NULL: no more */
	void (*give)(void *ctx, struct page *page);
	void *ctx;
};

/*
 * Isolate a page of @zone that looks like @view and add it to the batch, which has
 * room. Return: false if it cannot move, or is somebody else's by now.
 */
bool migrate_isolate(struct migrate_batch *batch, struct zone *zone, struct page *page,
		     const struct frame_view *view, enum migrate_mode mode);

/* Give all pages of a batch back to where they were. */
void migrate_put_back(struct migrate_batch *batch);

/*
 * Move the pages of a batch and put back those that do not move. Return: how many
 * those were, or -ENOMEM if there were no more frames.
 */
int migrate_pages(struct migrate_batch *batch, const struct migrate_to *to, enum migrate_mode mode);

#endif
