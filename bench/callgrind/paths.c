/* SPDX-License-Identifier: MIT */
/*
 * Goes a hot path N times, for count.py to have its instructions counted.
 *
 * usage: paths --list | paths PATH N
 */
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH	256
#define RESERVE 16

static struct kmem_cache *cache;

static void cache_pair(long times)
{
	while (times--)
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
}

static void kmalloc_pair(long times)
{
	while (times--)
		kfree(kmalloc(64, GFP_KERNEL));
}

static void cache_called(long times)
{
	while (times--)
		kalloc_call_cache_free(cache, kalloc_call_cache_alloc(cache, GFP_KERNEL));
}

static void (*volatile call_free)(const void *) = kfree;

static void kmalloc_called(long times)
{
	while (times--)
		call_free(kalloc_call_kmalloc(64, GFP_KERNEL));
}

static void kmalloc_variable(long times)
{
	size_t size = 64;

	while (times--) {
		__asm__ volatile("" : "+r"(size));
		kfree(kmalloc(size, GFP_KERNEL));
	}
}

static void kmalloc_batch(long times)
{
	void *objects[BATCH];

	while (times--) {
		for (int i = 0; i < BATCH; i++)
			objects[i] = kmalloc(64, GFP_KERNEL);
		for (int i = 0; i < BATCH; i++)
			kfree(objects[i]);
	}
}

static void kmalloc_16k(long times)
{
	while (times--)
		kfree(kmalloc(16 << 10, GFP_KERNEL));
}

static void kmalloc_64k(long times)
{
	while (times--)
		kfree(kmalloc(64 << 10, GFP_KERNEL));
}

static void kvmalloc_64k(long times)
{
	while (times--)
		kvfree(kvmalloc(64 << 10, GFP_KERNEL));
}

static void page_pair(long times, unsigned int order)
{
	while (times--)
		__free_pages(alloc_pages(GFP_KERNEL, order), order);
}

static void page_0(long times)
{
	page_pair(times, 0);
}

static void page_4(long times)
{
	page_pair(times, 4);
}

static void page_9(long times)
{
	page_pair(times, 9);
}

static void pool_pair(long times)
{
	mempool_t *pool = mempool_create_slab_pool(RESERVE, cache);

	while (times--)
		mempool_free(mempool_alloc(pool, GFP_KERNEL), pool);
}

static void vmalloc_pair(long times)
{
	while (times--)
		vfree(vmalloc(64 << 10));
}

static const struct path {
	const char *name;
	void (*go)(long times);
} paths[] = {
	{ "cache", cache_pair },
	{ "cache-called", cache_called },
	{ "kmalloc", kmalloc_pair },
	{ "kmalloc-called", kmalloc_called },
	{ "kmalloc-variable", kmalloc_variable },
	{ "kmalloc-batch-256", kmalloc_batch },
	{ "kmalloc-16K", kmalloc_16k },
	{ "kmalloc-64K", kmalloc_64k },
	{ "kvmalloc-64K", kvmalloc_64k },
	{ "page-0", page_0 },
	{ "page-4", page_4 },
	{ "page-9", page_9 },
	{ "mempool", pool_pair },
	{ "vmalloc-64K", vmalloc_pair },
};
#define NR_PATHS (sizeof(paths) / sizeof(paths[0]))

int main(int argc, char **argv)
{
	cache = kmem_cache_create("bench", 64, 0, SLAB_PANIC, NULL);
	for (size_t i = 0; i < NR_PATHS; i++) {
		if (argc == 2 && !strcmp(argv[1], "--list"))
			puts(paths[i].name);
		if (argc == 3 && !strcmp(argv[1], paths[i].name)) {
			paths[i].go(atol(argv[2]));
			return 0;
		}
	}
	return argc == 2 ? 0 : 2;
}
