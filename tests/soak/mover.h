/* SPDX-License-Identifier: MIT */
/*
 * An owner of movable pages (struct movable_operations), which agrees to most moves,
 * refuses some and asks to be asked again for others. page->private names the slot.
 *
 * Lock: the mover's `lock` protects its slots.
 */
#ifndef SOAK_MOVER_H
#define SOAK_MOVER_H

#include <pthread.h>

#include <kalloc/reclaim.h>

#include "rand.h"

#define NR_MOVABLE 128

struct mover;

struct mover_slot {
	struct mover *mover; /* constant */
	struct page *page;
	bool isolated;
};

struct mover {
	pthread_mutex_t lock;
	struct mover_slot slot[NR_MOVABLE];
	unsigned long nr_asked, nr_moved;
};

void mover_init(struct mover *mover);
void mover_fini(struct mover *mover);

/* Free the page in a slot drawn by lot, or put one there. */
void mover_step(struct mover *mover, struct rand *rand, gfp_t gfp);

#endif
