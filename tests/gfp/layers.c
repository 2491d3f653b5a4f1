/* SPDX-License-Identifier: MIT */
#include "layers.h"

#include <string.h>

#include "slab/front.h"

#define VMALLOC_FRAMES	  4u
#define KVMALLOC_ORDER	  2u
#define FLEX_ELEMENT_SIZE 64

/* Take objects until the next one needs a new slab. */
static void fill_slabs(struct kmem_cache *s)
{
	void *object;

	do {
		object = kmem_cache_alloc(s, GFP_KERNEL);
	} while (object && (front_here(s)->stack.nr || s->cpu_slab[0].freelist ||
			    s->cpu_slab[0].partial || s->node[0]->nr_partial));
}

static void fill_class(const struct request *request, size_t size)
{
	fill_slabs(
		request->m->slab->kmalloc_caches[kmalloc_type(request->gfp)][kmalloc_index(size)]);
}

/* --- page ------------------------------------------------------------------ */

static void page_prepare(struct request *request)
{
	request->bytes = PAGE_SIZE << request->order;
}

static bool page_make(struct request *request)
{
	struct page *page = alloc_pages(request->gfp, request->order);

	request->memory = page ? page_address(page) : NULL;
	return page;
}

/* --- kmalloc and cache ----------------------------------------------------- */

static void kmalloc_prepare(struct request *request)
{
	request->bytes = request->order ? PAGE_SIZE << request->order : 64;
	if (!request->order)
		fill_class(request, request->bytes);
}

static bool kmalloc_make(struct request *request)
{
	request->memory = kmalloc(request->bytes, request->gfp);
	return request->memory;
}

static void cache_prepare(struct request *request)
{
	request->bytes = PAGE_SIZE << request->order;
	request->cache = kmem_cache_create("gfp_matrix", (unsigned int)request->bytes, 0, 0, NULL);
	fill_slabs(request->cache);
}

static bool cache_make_object(struct request *request)
{
	request->memory = kmem_cache_alloc(request->cache, request->gfp);
	return request->memory;
}

/* --- vmalloc and kvmalloc -------------------------------------------------- */

/* An area like the one to come, kept: its slabs hold room for the other's metadata. */
static void vmalloc_prepare(struct request *request)
{
	unsigned long nr = request->order ? 1UL << request->order : VMALLOC_FRAMES;

	request->bytes = nr << PAGE_SHIFT;
	__vmalloc(request->bytes, GFP_KERNEL);
	vfree(__vmalloc(request->bytes, GFP_KERNEL));
}

static bool vmalloc_make(struct request *request)
{
	request->memory = __vmalloc(request->bytes, request->gfp);
	return request->memory;
}

static void kvmalloc_prepare(struct request *request)
{
	if (!request->order)
		request->order = KVMALLOC_ORDER;
	vmalloc_prepare(request);
}

static bool kvmalloc_make(struct request *request)
{
	request->memory = kvmalloc(request->bytes, request->gfp);
	return request->memory;
}

/* --- mempool --------------------------------------------------------------- */

static void mempool_prepare(struct request *request)
{
	request->bytes = PAGE_SIZE << request->order;
	request->pool = mempool_create_page_pool(1, (int)request->order);
	memset(page_address(request->pool->elements[0]), POISON, request->bytes);
}

static bool mempool_make(struct request *request)
{
	struct page *page = mempool_alloc(request->pool, request->gfp);

	request->memory = page ? page_address(page) : NULL;
	return page;
}

/* --- flex_array ------------------------------------------------------------ */

/* Two parts long: too much for the base to hold by itself. */
static void flex_prepare(struct request *request)
{
	fill_class(request, FLEX_ARRAY_PART_SIZE);
	request->array = flex_array_alloc(
		FLEX_ELEMENT_SIZE, 2 * FLEX_ARRAY_ELEMENTS_PER_PART(FLEX_ELEMENT_SIZE), GFP_KERNEL);
	fill_class(request, FLEX_ARRAY_PART_SIZE);
}

/* Element 0 is written by the call itself; what its neighbour holds came with the part. */
static bool flex_make(struct request *request)
{
	char element[FLEX_ELEMENT_SIZE] = "element";

	if (flex_array_put(request->array, 0, element, request->gfp))
		return false;
	request->memory = flex_array_get(request->array, 1);
	request->bytes = FLEX_ELEMENT_SIZE;
	return true;
}

const struct layer layers[NR_LAYERS] = {
	{ .name = "page", .prepare = page_prepare, .make = page_make },
	{ .name = "kmalloc", .prepare = kmalloc_prepare, .make = kmalloc_make },
	{ .name = "cache", .prepare = cache_prepare, .make = cache_make_object },
	{ .name = "vmalloc", .prepare = vmalloc_prepare, .make = vmalloc_make },
	{ .name = "kvmalloc", .prepare = kvmalloc_prepare, .make = kvmalloc_make },
	{ .name = "mempool",
	  .prepare = mempool_prepare,
	  .make = mempool_make,
	  .has_reserve = true },
	{ .name = "flex", .prepare = flex_prepare, .make = flex_make, .is_for_frames_only = true },
};

bool layer_gave_zeroes(const struct request *request)
{
	const char *at = request->memory;

	/* All equal to the byte before, and the first is zero. */
	return !at[0] && !memcmp(at, at + 1, request->bytes - 1);
}

bool layer_gave_reserve(const struct layer *layer, const struct request *request)
{
	return layer->has_reserve && !request->pool->curr_nr;
}
