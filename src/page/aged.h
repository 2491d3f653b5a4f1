/* SPDX-License-Identifier: MIT */
/*
 * Ageing: a number of ordinary requests on one zone, each freed when its life is over. What
 * fragments a zone is then what fragments a kernel: sizes and lives that differ, CPU
 * lists, fallbacks to other types' pageblocks.
 *
 * Time is the number of requests. A block's life is drawn when it is allocated, evenly from
 * 1 to twice its mean less 1. A heap has the blocks by the end of their lives, `due`. Where
 * the profile would hold more than it may, the heap's first ends early. Blocks without a
 * mean come after all others there, as if their mean was one request for each frame that
 * may be held: so which of them ends early is all but random, and old ones do sooner.
 *
 * A request makes one attempt, at the min mark, in this zone only; if that fails it is
 * counted and the next one is made. Blocks that can move become single pages at once, which
 * end together.
 */
#ifndef PAGE_AGED_H
#define PAGE_AGED_H

#include "holding.h"

/* Age the zone by the profile's mix, which has sizes. Return: 0 or -ENOMEM. */
int aged_run(struct kalloc_fragmentation *frag);

#endif
