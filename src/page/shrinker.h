/* SPDX-License-Identifier: MIT */
/*
 * Shrinkers: caches of other owners that can give memory back when asked.
 *
 * A call into a shrinker is made with no lock held; `calls` counts those under way,
 * and unregistering lets no new one begin and waits until these have ended. Lock:
 * shrinker_lock protects the list and the counts of calls.
 *
 * Source: do_shrink_slab() of Linux 6.1 mm/vmscan.c. Differs: what was deferred is one
 * number for all nodes, also of a SHRINKER_NUMA_AWARE one.
 */
#ifndef PAGE_SHRINKER_H
#define PAGE_SHRINKER_H

#include <kalloc/reclaim.h>

#include "base.h"

struct kalloc_machine;
struct page_room;

/*
 * Ask every shrinker of @m for objects of node @nid, the more the lower @priority
 * (12 .. 0). Return: objects freed.
 */
unsigned long shrink_slab(struct kalloc_machine *m, gfp_t gfp, int nid, int priority);

/* In the child of a fork: calls that other threads were making are not under way here. */
void shrinker_forget_calls(struct page_room *room);

#endif
