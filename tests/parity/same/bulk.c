/* SPDX-License-Identifier: MIT */
/* Several objects or pages in one call. */
#include "same.h"

#define MAX_BULK 256

static void *objects[MAX_BULK];
static void *again[MAX_BULK];

static unsigned int nr_distinct(void **p, unsigned int n)
{
	unsigned int i, k, distinct = 0;

	for (i = 0; i < n; i++) {
		for (k = 0; k < i && p[k] != p[i]; k++)
			;
		distinct += k == i;
	}
	return distinct;
}

static void show_objects(unsigned int size, unsigned int n)
{
	struct kmem_cache *s = kmem_cache_create("same_bulk", size, 0, 0, NULL);
	int got = kmem_cache_alloc_bulk(s, GFP_KERNEL | __GFP_ZERO, n, objects);
	unsigned int i, zero = 0, k;

	for (i = 0; i < n; i++)
		zero += same_run(objects[i], size, 0) == size;
	SAME("bulk of %u objects of %u: %d, distinct %u, zero %u", n, size, got,
	     nr_distinct(objects, n), zero);
	memcpy(again, objects, sizeof(objects));
	kmem_cache_free_bulk(s, n, again);
	got = kmem_cache_alloc_bulk(s, GFP_KERNEL, n, again);
	SAME("again: %d, distinct %u", got, nr_distinct(again, n));
	for (i = 0; i < n; i++) {
		for (k = 0; k < n && again[i] != objects[k]; k++)
			;
		SAME("  %u: %d", i, k < n ? (int)k : -1);
	}
	kmem_cache_free_bulk(s, n, again);
	SAME("shrink: %d", kmem_cache_shrink(s));
	kmem_cache_destroy(s);
}

static void show_none(void)
{
	struct kmem_cache *s = kmem_cache_create("same_bulk", 64, 0, 0, NULL);

	SAME("bulk of no objects: %d", kmem_cache_alloc_bulk(s, GFP_KERNEL, 0, objects));
	SAME("GFP_NOWAIT: %d", kmem_cache_alloc_bulk(s, GFP_NOWAIT, 70, objects));
	kmem_cache_free_bulk(s, 70, objects);
	kmem_cache_destroy(s);
}

/* Objects of many sizes go back in one call, large ones too. */
static void show_mixed(void)
{
	static const size_t sizes[] = { 8, 100, 5000, 64, 20000, 64, 192, 8192, 100000, 16 };
	size_t i, total = 0;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		objects[i] = kmalloc(sizes[i], GFP_KERNEL);
		total += ksize(objects[i]);
	}
	kfree_bulk(ARRAY_SIZE(sizes), objects);
	SAME("kfree_bulk of %zu, %zu bytes", ARRAY_SIZE(sizes), total);
}

static void show_pages(unsigned int n, unsigned int filled, unsigned int step)
{
	static struct page *pages[MAX_BULK], *kept[MAX_BULK];
	unsigned long got, more;
	unsigned int i, same = 0, references = 0;

	memset(pages, 0, sizeof(pages));
	for (i = 0; i < filled; i++)
		pages[i * step] = alloc_page(GFP_KERNEL);
	memcpy(kept, pages, sizeof(kept));
	got = alloc_pages_bulk_array(GFP_KERNEL | __GFP_ZERO, n, pages);
	for (i = 0; i < n; i++) {
		same += kept[i] && kept[i] == pages[i];
		references += pages[i] ? (unsigned int)page_count(pages[i]) : 0;
	}
	more = alloc_pages_bulk_array(GFP_KERNEL, n, pages);
	SAME("page bulk of %u, %u there at every %u: %lu, kept %u, references %u, distinct %u; full: %lu",
	     n, filled, step, got, same, references, nr_distinct((void **)pages, n), more);
	for (i = 0; i < MAX_BULK; i++)
		if (pages[i])
			__free_page(pages[i]);
}

void same_bulk(void)
{
	show_none();
	show_objects(64, 1);
	show_objects(64, 8);
	show_objects(512, 8);
	show_objects(512, 20);
	show_objects(4096, 20);
	show_objects(1000, 33);
	show_objects(100, 100);
	show_mixed();
	show_pages(0, 0, 1);
	show_pages(1, 0, 1);
	show_pages(8, 0, 1);
	show_pages(8, 1, 1);
	show_pages(8, 2, 3);
	show_pages(16, 16, 1);
	show_pages(16, 15, 1);
	show_pages(17, 2, 8);
	show_pages(256, 3, 64);
}
