/* SPDX-License-Identifier: MIT */
/*
 * kswapd: reclaims a node in the background of requests, from the moment that one
 * finds a zone below its low mark until one of the node's zones is above its high
 * mark, and takes the boost off the marks.
 *
 * No thread: a wake-up leaves a note on the node (order, highest zone), and the work
 * is done at the first point where it may be: by the request that woke it if that may
 * sleep, start I/O and call the file system (for kswapd does, and a caller that may
 * not could hold a lock that a callback takes), else by the next one on the slow path
 * that may, or by kalloc_step(). With
 * kalloc.daemons=step only by the latter. One run a machine at a time; a run that is
 * woken by its own callbacks is not nested.
 *
 * In the child of a fork no run is under way: what the parent's was working on, pages
 * that it had isolated, stays with the vanished thread.
 *
 * Source: wakeup_kswapd() and balance_pgdat() of Linux 6.1 mm/vmscan.c.
 */
#ifndef PAGE_KSWAPD_H
#define PAGE_KSWAPD_H

#include <kalloc/gfp.h>

#include "base.h"

struct page_room;
struct zone;

struct alloc_request;

/* What has been asked of a node's daemons; racy by design, as in Linux. */
struct kswapd {
	bool woken;
	bool compact; /* kcompactd is to run, too */
	unsigned int compact_order;
	unsigned int compact_highest;
	unsigned int order;
	unsigned int highest;
	unsigned int failures; /* runs in a row that freed nothing */
};

/* Give up on a node after this many. Reset when anything is freed by direct reclaim. */
#define KSWAPD_MAX_FAILURES 16

/* Wake the daemons of every node that a request may use. */
void kswapd_wake_all(const struct alloc_request *req);

/* Wake one node's: after its marks were boosted. */
void kswapd_wake(struct zone *zone, gfp_t gfp, unsigned int order, unsigned int highest);

/* In the child of a fork: nobody runs them. */
void kswapd_forget_run(struct page_room *room);

/* Let woken daemons work, if they run inline and a request of @gfp may be their host. */
void kswapd_run_inline(struct page_room *room, gfp_t gfp);

/* Run them now. Return: how many had work. */
unsigned int kswapd_run_all(struct page_room *room);

#endif
