/* SPDX-License-Identifier: MIT */
/*
 * The seven doors that a request can come through. Each layer has a way to get ready
 * while memory is plenty, so that what it needs besides (metadata, part-filled slabs)
 * neither hides nor adds a request to the page allocator; then one call, which comes
 * down to frames of the order asked for:
 *
 *	layer	order 0				order n
 *	page	alloc_pages(0)			alloc_pages(n)
 *	kmalloc	kmalloc(64): slabs of one frame	kmalloc(4096 << n)
 *	cache	objects of 4096: slabs of order	objects of 4096 << n
 *		3, of order 0 if need be
 *	vmalloc	4 single frames			2^n single frames
 *	kvmalloc order 2, or 4 single frames	order n, or 2^n single frames
 *	mempool	of single frames, one reserved	of blocks of order n, one reserved
 *	flex	one part: kmalloc(4096)		none
 */
#ifndef TEST_GFP_LAYERS_H
#define TEST_GFP_LAYERS_H

#include <kalloc/flex_array.h>
#include <kalloc/kalloc.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

/* What the frames hold before a request. */
#define POISON 0xa5

struct request {
	struct kalloc_machine *m;
	gfp_t gfp;
	unsigned int order;
	void *memory; /* what the layer gave; bytes long */
	size_t bytes;
	struct kmem_cache *cache;
	mempool_t *pool;
	struct flex_array *array;
};

struct layer {
	const char *name;
	bool is_for_frames_only; /* has requests of order 0 only */
	void (*prepare)(struct request *request);
	bool (*make)(struct request *request); /* Return: whether it was granted */
	bool has_reserve;
};

#define NR_LAYERS 7
extern const struct layer layers[NR_LAYERS];

/* Whether the memory that was granted is all zero. */
bool layer_gave_zeroes(const struct request *request);

/* Whether a mempool had to give its own element. */
bool layer_gave_reserve(const struct layer *layer, const struct request *request);

#endif
