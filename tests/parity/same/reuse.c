/* SPDX-License-Identifier: MIT */
/*
 * Which freed object comes back when: the CPU's slab first, then its partial slabs,
 * then the node's. Objects are known by the order in which they were first taken, so
 * that shuffled slabs make no difference.
 */
#include "same.h"

#define MAX_OBJECTS 512

static void *objects[MAX_OBJECTS];
static bool is_free[MAX_OBJECTS];

static int index_of(const void *p, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (objects[i] == p)
			return (int)i;
	return -1;
}

static void take_back(struct kmem_cache *s, unsigned int n, unsigned int nr_freed)
{
	unsigned int i;

	for (i = 0; i < nr_freed; i++) {
		void *p = kmem_cache_alloc(s, GFP_KERNEL);
		int index = index_of(p, n);

		SAME("  %u: %d", i, index);
		if (index < 0)
			kmem_cache_free(s, p);
		else
			is_free[index] = false;
	}
}

/* Take @n objects, free every @step-th from @first on, take as many again. */
static void show_pattern(unsigned int size, unsigned int n, unsigned int first, unsigned int step,
			 bool down)
{
	struct kmem_cache *s = kmem_cache_create("same_reuse", size, 0, 0, NULL);
	unsigned int i, nr_freed = 0;

	SAME("size %u, %u objects, free from %u each %u%s", size, n, first, step,
	     down ? ", down" : "");
	for (i = 0; i < n; i++) {
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
		is_free[i] = false;
	}
	for (i = first; i < n; i += step) {
		unsigned int victim = down ? n - 1 - i : i;

		kmem_cache_free(s, objects[victim]);
		is_free[victim] = true;
		nr_freed++;
	}
	take_back(s, n, nr_freed);
	for (i = 0; i < n; i++)
		if (!is_free[i])
			kmem_cache_free(s, objects[i]);
	kmem_cache_destroy(s);
}

/* Within one slab there is nothing but last in, first out. */
static void show_one_slab(void)
{
	static const unsigned char order[] = { 3, 0, 6, 1, 5, 2, 4 };
	struct kmem_cache *s = kmem_cache_create("same_lifo", 512, 0, 0, NULL);
	unsigned int i;

	for (i = 0; i < 7; i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
	for (i = 0; i < 7; i++)
		kmem_cache_free(s, objects[order[i]]);
	for (i = 0; i < 7; i++) {
		void *p = kmem_cache_alloc(s, GFP_KERNEL);

		SAME("lifo %u: %d", i, index_of(p, 7));
	}
	for (i = 0; i < 7; i++)
		kmem_cache_free(s, objects[i]);
	kmem_cache_destroy(s);
}

void same_reuse(void)
{
	show_one_slab();
	show_pattern(512, 16, 0, 1, false);
	show_pattern(512, 16, 0, 1, true);
	show_pattern(512, 64, 0, 2, false);
	show_pattern(512, 64, 1, 3, true);
	show_pattern(512, 64, 3, 8, false);
	show_pattern(4096, 64, 3, 8, false);
	show_pattern(4096, 64, 3, 8, true);
	show_pattern(4096, 64, 0, 1, false);
	show_pattern(4096, 128, 0, 3, true);
	show_pattern(64, 256, 0, 5, false);
	show_pattern(64, 256, 7, 64, false);
	show_pattern(1000, 80, 2, 4, false);
	show_pattern(8192, 48, 1, 2, false);
	show_pattern(100, 200, 0, 1, true);
}
