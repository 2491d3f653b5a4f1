/* SPDX-License-Identifier: MIT */
/* What is refused, and how: NULL or a number, and nothing else has changed. */
#include "same.h"

#define QUIET	      (GFP_KERNEL | __GFP_NOWARN)
#define IS_NULL(call) SAME("%s: null %d", #call, (call) == NULL)

static void show_sizes(void)
{
	IS_NULL(kmalloc(KMALLOC_MAX_SIZE + 1, QUIET));
	IS_NULL(kmalloc(KMALLOC_MAX_SIZE * 2, QUIET));
	IS_NULL(kmalloc(1UL << 40, QUIET));
	IS_NULL(kmalloc(SIZE_MAX, QUIET));
	IS_NULL(kmalloc_node(SIZE_MAX, QUIET, 0));
	IS_NULL(kzalloc(KMALLOC_MAX_SIZE + 1, QUIET));
	IS_NULL(kmalloc_array(SIZE_MAX, SIZE_MAX, GFP_KERNEL));
	IS_NULL(kmalloc_array(SIZE_MAX / 8 + 1, 8, GFP_KERNEL));
	IS_NULL(kcalloc(SIZE_MAX, 2, GFP_KERNEL));
	IS_NULL(kcalloc_node(SIZE_MAX, 2, GFP_KERNEL, 0));
	IS_NULL(kmalloc_array_node(2, SIZE_MAX, GFP_KERNEL, 0));
}

static void show_pages(void)
{
	IS_NULL(alloc_pages(QUIET, MAX_ORDER));
	IS_NULL(alloc_pages(QUIET, MAX_ORDER + 1));
	IS_NULL(alloc_pages(QUIET, 40));
	IS_NULL(alloc_pages(GFP_NOWAIT | __GFP_NOWARN, MAX_ORDER));
	IS_NULL(alloc_pages_exact((PAGE_SIZE << (MAX_ORDER - 1)) + 1, QUIET));
	SAME("__get_free_pages past the largest: %lu", __get_free_pages(QUIET, MAX_ORDER));
}

static void show_vmalloc(void)
{
	IS_NULL(vmalloc(0));
	IS_NULL(__vmalloc(1UL << 40, QUIET));
	IS_NULL(__vmalloc(SIZE_MAX, QUIET));
	IS_NULL(__vmalloc(SIZE_MAX - PAGE_SIZE, QUIET));
	IS_NULL(vmalloc_array(SIZE_MAX, 2));
	IS_NULL(vcalloc(SIZE_MAX, 2));
	IS_NULL(kvmalloc((size_t)INT_MAX + 1, QUIET));
	IS_NULL(kvmalloc(SIZE_MAX, QUIET));
}

static void show_create(const char *what, unsigned int size, unsigned int align, slab_flags_t flags)
{
	struct kmem_cache *s = kmem_cache_create("same_error", size, align, flags, NULL);

	SAME("create %s: null %d", what, s == NULL);
	kmem_cache_destroy(s);
}

static void show_caches(void)
{
	struct kmem_cache *first, *second;
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		SAME("flag 0x%x", 1U << bit);
		if (1U << bit != SLAB_PANIC)
			show_create("with it", 64, 0, 1U << bit);
	}
	show_create("4 MiB", 4 << 20, 0, 0);
	show_create("4 MiB and 1", (4 << 20) + 1, 0, 0);
	show_create("8 MiB", 8 << 20, 0, 0);
	show_create("4 MiB with red zones", 4 << 20, 0, SLAB_RED_ZONE);
	show_create("aligned to 1 MiB", 64, 1 << 20, 0);
	show_create("aligned to 8 MiB", 64, 8 << 20, 0);
	first = kmem_cache_create("same_name", 72, 0, SLAB_POISON, NULL);
	second = kmem_cache_create("same_name", 72, 0, SLAB_POISON, NULL);
	SAME("one name twice: null %d %d, same %d", first == NULL, second == NULL, first == second);
	kmem_cache_destroy(second);
	kmem_cache_destroy(first);
	first = kmem_cache_create_usercopy("same_user", 64, 0, 0, 8, 16, NULL);
	SAME("usercopy inside: null %d", first == NULL);
	kmem_cache_destroy(first);
	first = kmem_cache_create_usercopy("same_user", 64, 0, 0, 60, 16, NULL);
	SAME("usercopy past the end: null %d", first == NULL);
	kmem_cache_destroy(first);
}

void same_errors(void)
{
	show_sizes();
	show_pages();
	show_vmalloc();
	show_caches();
}
