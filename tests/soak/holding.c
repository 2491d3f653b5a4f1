/* SPDX-License-Identifier: MIT */
#include "soak.h"

static const unsigned int cache_bytes[NR_CACHES] = { 56, 320, 2008 };

#define ELEMENT_BYTES 200
#define FLEX_BYTES    40
#define FLEX_TOTAL    500
#define FLEX_STEP     37 /* every so many elements one is put */

void layers_init(struct soak *soak)
{
	static const char *const names[NR_CACHES] = { "soak_a", "soak_b", "soak_c" };
	static const slab_flags_t flags[NR_CACHES] = { 0, SLAB_RECLAIM_ACCOUNT,
						       SLAB_HWCACHE_ALIGN };
	struct layers *layers = &soak->layers;

	for (int i = 0; i < NR_CACHES; i++) {
		layers->cache[i] = kmem_cache_create(names[i], cache_bytes[i], 0, flags[i], NULL);
		SOAK_CHECK(layers->cache[i]);
	}
	layers->held = mempool_create_kmalloc_pool(THREADS, ELEMENT_BYTES);
	layers->quick = mempool_create_slab_pool(2, layers->cache[1]);
	SOAK_CHECK(layers->held && layers->quick);
}

void layers_fini(struct soak *soak)
{
	mempool_destroy(soak->layers.held);
	mempool_destroy(soak->layers.quick);
	for (int i = 0; i < NR_CACHES; i++)
		kmem_cache_destroy(soak->layers.cache[i]);
}

/* --- signatures: who holds it, at both ends of each page ---------------------- */

static void sign(const struct held *held, void *at, unsigned long bytes)
{
	for (unsigned long end = bytes; end; end = end > PAGE_SIZE ? end - PAGE_SIZE : 0)
		memcpy((char *)at + end - sizeof(held), &held, sizeof(held));
	memcpy(at, &held, sizeof(held));
}

static void check_signature(const struct held *held, const void *at, unsigned long bytes)
{
	for (unsigned long end = bytes; end; end = end > PAGE_SIZE ? end - PAGE_SIZE : 0)
		SOAK_CHECK(!memcmp((const char *)at + end - sizeof(held), &held, sizeof(held)));
	SOAK_CHECK(!memcmp(at, &held, sizeof(held)));
}

/* --- making and freeing, by layer ---------------------------------------------- */

static bool flex_fill(struct flex_array *flex, struct held *held, gfp_t gfp)
{
	char element[FLEX_BYTES];

	for (unsigned int i = 0; i < FLEX_TOTAL; i += FLEX_STEP) {
		sign(held, element, FLEX_BYTES);
		element[8] = (char)i;
		if (flex_array_put(flex, i, element, gfp))
			return false;
	}
	return true;
}

static void *flex_make(struct held *held, gfp_t gfp)
{
	struct flex_array *flex = flex_array_alloc(FLEX_BYTES, FLEX_TOTAL, gfp);

	if (flex && !flex_fill(flex, held, gfp)) {
		flex_array_free(flex);
		return NULL;
	}
	return flex;
}

static void flex_give(struct held *held)
{
	for (unsigned int i = 0; i < FLEX_TOTAL; i += FLEX_STEP) {
		char *element = flex_array_get(held->at, i);

		SOAK_CHECK(element);
		check_signature(held, element, FLEX_BYTES);
		SOAK_CHECK(element[8] == (char)i);
	}
	flex_array_free(held->at);
}

/* Sizes of all magnitudes from 16 bytes to below 2^@most. */
static unsigned long draw_bytes(struct rand *rand, unsigned int most)
{
	unsigned int shift = 4 + rand_below(rand, most - 4);

	return (1UL << shift) + rand_below(rand, 1U << shift) / 8 * 8;
}

static void make(struct worker *worker, struct held *held, enum layer layer, gfp_t gfp)
{
	struct rand *rand = &worker->rand;

	*held = (struct held){ .layer = layer, .which = rand_below(rand, NR_CACHES) };
	switch (layer) {
	case LAYER_PAGES:
		held->order = rand_below(rand, 48) ? rand_below(rand, 5) : 9;
		held->at = alloc_pages(gfp, held->order);
		if (held->at)
			sign(held, page_address(held->at), PAGE_SIZE << held->order);
		return;
	case LAYER_KMALLOC:
		held->bytes = draw_bytes(rand, 15);
		held->at = kmalloc(held->bytes, gfp);
		break;
	case LAYER_CACHE:
		held->bytes = cache_bytes[held->which];
		held->at = kmem_cache_alloc(worker->soak->layers.cache[held->which], gfp);
		break;
	case LAYER_VMALLOC:
		held->bytes = draw_bytes(rand, 17);
		held->at = __vmalloc(held->bytes, gfp);
		break;
	case LAYER_KVMALLOC:
		held->bytes = draw_bytes(rand, 17);
		held->at = kvmalloc(held->bytes, gfp);
		break;
	default:
		held->at = flex_make(held, gfp);
		return;
	}
	if (held->at)
		sign(held, held->at, held->bytes);
}

static void give(struct worker *worker, struct held *held)
{
	if (held->layer == LAYER_PAGES)
		check_signature(held, page_address(held->at), PAGE_SIZE << held->order);
	else if (held->layer != LAYER_FLEX)
		check_signature(held, held->at, held->bytes);
	switch (held->layer) {
	case LAYER_PAGES:
		__free_pages(held->at, held->order);
		break;
	case LAYER_KMALLOC:
		kfree(held->at);
		break;
	case LAYER_CACHE:
		kmem_cache_free(worker->soak->layers.cache[held->which], held->at);
		break;
	case LAYER_VMALLOC:
		vfree(held->at);
		break;
	case LAYER_KVMALLOC:
		kvfree(held->at);
		break;
	default:
		flex_give(held);
	}
	held->at = NULL;
}

/* vfree() may sleep. */
static bool can_free_atomic(const struct held *held)
{
	return held->layer != LAYER_VMALLOC && held->layer != LAYER_KVMALLOC;
}

/*
 * Pools never fail those who may sleep: they wait for an element to come back. The
 * thread that waits holds none of that pool's, so somebody else will give one.
 */
static void pool_step(struct worker *worker, gfp_t gfp)
{
	struct layers *layers = &worker->soak->layers;
	struct holdings *holdings = &worker->holdings;
	void *quick;

	gfp &= ~__GFP_ZERO; /* not for pools */
	quick = mempool_alloc(layers->quick, gfp);
	SOAK_CHECK(quick || !(gfp & __GFP_DIRECT_RECLAIM));
	if (quick) {
		memset(quick, 0x71, cache_bytes[1]);
		mempool_free(quick, layers->quick);
	}
	if (holdings->element) {
		mempool_free(holdings->element, layers->held);
		holdings->element = NULL;
		return;
	}
	holdings->element = mempool_alloc(layers->held, gfp);
	SOAK_CHECK(holdings->element || !(gfp & __GFP_DIRECT_RECLAIM));
	holdings->nr_made[LAYER_MEMPOOL] += holdings->element != NULL;
	holdings->nr_refused[LAYER_MEMPOOL] += !holdings->element;
}

/* vmalloc may always sleep, and so may kvmalloc when it comes to that. */
static enum layer draw_layer(struct rand *rand, gfp_t gfp)
{
	static const enum layer any[] = { LAYER_PAGES, LAYER_PAGES, LAYER_KMALLOC, LAYER_CACHE,
					  LAYER_FLEX };
	enum layer layer = 1 + rand_below(rand, NR_LAYERS - 1);

	if (!(gfp & __GFP_DIRECT_RECLAIM) && (layer == LAYER_VMALLOC || layer == LAYER_KVMALLOC))
		return any[rand_below(rand, 5)];
	return layer;
}

void holding_step(struct worker *worker, gfp_t gfp)
{
	struct holdings *holdings = &worker->holdings;
	struct held *held = &holdings->held[rand_below(&worker->rand, NR_HELD)];
	enum layer layer = draw_layer(&worker->rand, gfp);

	if (layer == LAYER_MEMPOOL) {
		pool_step(worker, gfp);
	} else if (held->at) {
		if (!kalloc_task()->preempt_count || can_free_atomic(held))
			give(worker, held);
	} else {
		make(worker, held, layer, gfp);
		holdings->nr_made[layer] += held->at != NULL;
		holdings->nr_refused[layer] += !held->at;
	}
}

void holdings_fini(struct worker *worker)
{
	for (int i = 0; i < NR_HELD; i++) {
		if (worker->holdings.held[i].at)
			give(worker, &worker->holdings.held[i]);
	}
	mempool_free(worker->holdings.element, worker->soak->layers.held);
}
