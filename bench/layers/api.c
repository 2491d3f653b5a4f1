/* SPDX-License-Identifier: MIT */
/*
 * Once through the whole API: what it costs altogether, and how much more if all that can
 * be watched is watched.
 */
#include <kalloc/flex_array.h>
#include <kalloc/kalloc.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>
#include <math.h>

#include "layers.h"

#define NR 32

/* Calls of the API in one time of everything(). */
#define NR_CALLS (166 + 57 + 80)

static struct kmem_cache *cache;
static mempool_t *pool;

static void *some(void *p)
{
	if (!p)
		shape_fail("api: no memory");
	return p;
}

static void use_slab(void)
{
	void *objects[NR];

	for (size_t i = 0; i < NR; i++)
		objects[i] = some(kmalloc(i * 40 + 8, GFP_KERNEL));
	for (size_t i = 0; i < NR; i++)
		objects[i] = some(krealloc(objects[i], i * 80 + 8, GFP_KERNEL));
	for (size_t i = 0; i < NR; i++)
		kfree(objects[i]);
	kfree(some(kcalloc(16, 16, GFP_KERNEL)));
	kfree(some(kstrdup("a string of some length", GFP_KERNEL)));
	if (kmem_cache_alloc_bulk(cache, GFP_KERNEL, NR, objects) != NR)
		shape_fail("api: no memory");
	kmem_cache_free_bulk(cache, NR, objects);
	for (size_t i = 0; i < NR; i++)
		objects[i] = some(kmem_cache_zalloc(cache, GFP_KERNEL));
	for (size_t i = 0; i < NR; i++)
		kmem_cache_free(cache, objects[i]);
}

static void use_pages(void)
{
	struct page *pages[NR] = { NULL };

	alloc_pages_bulk_array(GFP_KERNEL, NR, pages);
	for (int i = 0; i < NR; i++)
		__free_pages(some(pages[i]), 0);
	for (unsigned int order = 0; order < 10; order++)
		__free_pages(some(alloc_pages(GFP_KERNEL, order)), order);
	free_pages(get_zeroed_page(GFP_KERNEL), 0);
	free_pages_exact(some(alloc_pages_exact(20000, GFP_KERNEL)), 20000);
}

static void use_the_rest(void)
{
	struct flex_array *array = some(flex_array_alloc(16, 1000, GFP_KERNEL));
	long element[2] = { 1, 2 };

	for (unsigned int i = 0; i < 1000; i += 100)
		flex_array_put(array, i, element, GFP_KERNEL);
	flex_array_free(array);
	for (int i = 0; i < NR; i++)
		mempool_free(some(mempool_alloc(pool, GFP_KERNEL)), pool);
	kvfree(some(kvmalloc(100000, GFP_KERNEL)));
	vfree(some(vmalloc(16384)));
}

static void everything(long times)
{
	for (long t = 0; t < times; t++) {
		use_slab();
		use_pages();
		use_the_rest();
	}
}

static void nothing_at_all(long times)
{
	(void)times;
}

static void say_nothing(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

double api_measure(const struct shape *shape)
{
	static const char *const cmdlines[] = {
		[API_PLAIN] = "mem=1G",
		[API_CHECKED] = "mem=1G slub_debug",
		[API_OWNERS] = "mem=1G page_owner=on",
		[API_WATCHED] = "mem=1G slub_debug page_owner=on",
		[API_TRACED] = "mem=1G trace_event=*:*",
		[API_OBSERVED] = "mem=1G page_owner=on trace_event=*:*",
	};
	struct kalloc_machine *machine;

	/* A library that does not know a word refuses it, and says so. */
	kalloc_set_console(say_nothing, NULL);
	machine = kalloc_boot(cmdlines[shape->way]);
	kalloc_set_console(NULL, NULL);
	if (!machine)
		return NAN;
	kalloc_enter(machine);
	cache = kmem_cache_create("bench", 200, 0, SLAB_PANIC, NULL);
	pool = some(mempool_create_kmalloc_pool(4, 100));
	return loop_ns(everything, nothing_at_all) / NR_CALLS;
}
