/* SPDX-License-Identifier: MIT */
/* Shapes whose cost should not depend on how large things are. */
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "layers.h"
#include "machine.h"
#include "pair.h"

#define NR_OBJECTS 256
#define NR_PAGES   16
#define NR_CHOSEN  10 /* caches in use, of all there are: as many in each shape */

static void nothing_at_all(long times)
{
	for (long t = 0; t < times; t++)
		opaque(NULL);
}

static void objects_and_pages(long times)
{
	void *objects[NR_OBJECTS];
	struct page *pages[NR_PAGES];

	for (long t = 0; t < times; t++) {
		for (int i = 0; i < NR_OBJECTS; i++)
			objects[i] = kmalloc(64, GFP_KERNEL);
		for (int i = 0; i < NR_PAGES; i++)
			pages[i] = alloc_page(GFP_KERNEL);
		for (int i = 0; i < NR_OBJECTS; i++)
			kfree(objects[i]);
		for (int i = 0; i < NR_PAGES; i++)
			__free_pages(pages[i], 0);
	}
}

double scale_memory(const struct shape *shape)
{
	machine_enter("mem=%ldM nr_cpus=4", shape->n);
	return loop_ns(objects_and_pages, nothing_at_all) / (NR_OBJECTS + NR_PAGES);
}

double scale_cpus(const struct shape *shape)
{
	machine_enter("mem=4G nr_cpus=%ld", shape->n);
	return loop_ns(objects_and_pages, nothing_at_all) / (NR_OBJECTS + NR_PAGES);
}

static struct kmem_cache *chosen[NR_CHOSEN];

static void caches_make(long nr)
{
	machine_enter("mem=%ldM nr_cpus=4 slab_nomerge", 4096);
	for (long i = 0; i < nr; i++) {
		struct kmem_cache *cache = kmem_cache_create("bench", 64, 0, SLAB_PANIC, NULL);

		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		chosen[i * NR_CHOSEN / nr] = cache;
	}
}

static void objects_of_caches(long times)
{
	for (long t = 0; t < times; t++) {
		struct kmem_cache *cache = chosen[t % NR_CHOSEN];

		kmem_cache_free(cache, opaque(kmem_cache_alloc(cache, GFP_KERNEL)));
	}
}

double scale_caches(const struct shape *shape)
{
	caches_make(shape->n);
	return loop_ns(objects_of_caches, nothing_at_all);
}

static void areas_make(long nr)
{
	machine_enter("mem=%ldM nr_cpus=4", 4096);
	for (long i = 0; i < nr; i++) {
		if (!vmalloc(PAGE_SIZE))
			shape_fail("scale: no memory");
	}
}

PAIR(scale_create, caches_make(shape->n), kmem_cache_create("more", 64, 0, SLAB_PANIC, NULL),
     kmem_cache_destroy(p))
PAIR(scale_areas, areas_make(shape->n), vmalloc(PAGE_SIZE), vfree(p))
