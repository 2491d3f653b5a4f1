/* SPDX-License-Identifier: MIT */
/*
 * A store: simulated pages of a file and of a process, which reclaim may write out and
 * free and compaction may move. A table says which page is in which slot; page->index
 * names the slot. Each page's first and last word are its signature.
 *
 * Lock: `lock` protects all; the mapping's callbacks take it, so that under it a page of
 * the table is there.
 */
#ifndef SOAK_STORE_H
#define SOAK_STORE_H

#include <pthread.h>

#include <kalloc/reclaim.h>

#include "rand.h"

struct store_slot {
	struct page *page;
	enum kalloc_page_kind kind; /* as it was added */
};

struct store {
	struct kalloc_mapping mapping;
	pthread_mutex_t lock;
	struct store_slot *slot;
	unsigned int *vacant; /* slots without a page, a stack */
	unsigned int nr_slots;
	unsigned int nr_vacant;
	unsigned long nr_swapped; /* slots of swap that evicted pages hold */
	unsigned long nr_added, nr_removed, nr_evicted, nr_moved, nr_written;
};

void store_init(struct store *store, unsigned int nr_slots);

/* Take all pages back and free them; others have stopped. */
void store_fini(struct store *store);

/* Add a page of a kind drawn by lot. Return: false if there is no memory or no slot. */
bool store_add(struct store *store, struct rand *rand, gfp_t gfp);

/* Touch, change, read or take back a page drawn by lot. */
void store_use(struct store *store, struct rand *rand);

/* Say that what was swapped out is needed no more. */
void store_forget_swapped(struct store *store);

#endif
