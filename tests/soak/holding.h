/* SPDX-License-Identifier: MIT */
/*
 * What a thread holds: blocks of frames and objects of each layer, at most NR_HELD at a
 * time. Freed by whom it was made; nothing here needs a lock.
 */
#ifndef SOAK_HOLDING_H
#define SOAK_HOLDING_H

#include <kalloc/flex_array.h>
#include <kalloc/mempool.h>
#include <kalloc/slab.h>

#define NR_HELD	  48
#define NR_CACHES 3

enum layer {
	LAYER_NONE,
	LAYER_PAGES,
	LAYER_KMALLOC,
	LAYER_CACHE,
	LAYER_VMALLOC,
	LAYER_KVMALLOC,
	LAYER_MEMPOOL,
	LAYER_FLEX,
	NR_LAYERS
};

/* What the layers need that lives as long as a run. */
struct layers {
	struct kmem_cache *cache[NR_CACHES];
	mempool_t *held;  /* one element a thread, kept from step to step */
	mempool_t *quick; /* two elements for all, freed within the step */
};

struct held {
	enum layer layer;
	void *at; /* struct page, address or struct flex_array */
	unsigned int order;
	unsigned long bytes;
	unsigned int which; /* of the caches */
};

struct holdings {
	struct held held[NR_HELD];
	void *element; /* of layers.held */
	unsigned long nr_made[NR_LAYERS];
	unsigned long nr_refused[NR_LAYERS];
};

struct worker;
struct soak;

void layers_init(struct soak *soak);
void layers_fini(struct soak *soak);

/* Free what is in a slot drawn by lot, or make something there with @gfp. */
void holding_step(struct worker *worker, gfp_t gfp);

/* Free all. */
void holdings_fini(struct worker *worker);

#endif
