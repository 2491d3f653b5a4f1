/* SPDX-License-Identifier: MIT */
#include "heap.h"

#include <errno.h>
#include <kalloc/kalloc.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* An area that grows gets this share of its size more, so that growing it again is cheap. */
#define SLACK_SHARE 4

static bool has_red_zones;
static gfp_t heap_gfp = HEAP_GFP;

bool heap_learn(void)
{
	char zones[4] = "";

	kalloc_read("/sys/kernel/slab/kmalloc-96/red_zone", zones, sizeof(zones));
	has_red_zones = zones[0] == '1';
	return !has_red_zones;
}

void heap_report_failures(void)
{
	heap_gfp = GFP_KERNEL;
}

static size_t roundup_pow2(size_t size)
{
	return size <= 1 ? 1 : 1UL << (64 - __builtin_clzl(size - 1));
}

/* What kmalloc is asked for, so that the object is aligned. */
static size_t object_size(size_t size)
{
	if (size < HEAP_ALIGN)
		return HEAP_ALIGN;
	return has_red_zones && size <= 192 ? roundup_pow2(size) : size;
}

/* kvmalloc() takes no more than INT_MAX bytes, which it warns of. */
static void *alloc_large(size_t size, gfp_t gfp)
{
	if (size > PTRDIFF_MAX)
		return NULL;
	return size > INT_MAX ? __vmalloc(size, gfp) : kvmalloc(size, gfp);
}

void *heap_alloc_any(size_t size)
{
	return size <= PAGE_SIZE ? __kmalloc(object_size(size), heap_gfp)
				 : alloc_large(size, heap_gfp);
}

void *heap_zalloc(size_t size)
{
	void *p;

	if (size > PAGE_SIZE)
		return alloc_large(size, heap_gfp | __GFP_ZERO);
	p = __kmalloc(object_size(size), heap_gfp);
	return p ? memset(p, 0, size) : NULL;
}

/* Objects and blocks of 2^n bytes are aligned to their size; areas to what they are asked for. */
void *heap_alloc_aligned(size_t align, size_t size)
{
	size_t larger = align > size ? align : size;

	if (align <= HEAP_ALIGN || (size > PAGE_SIZE && align <= PAGE_SIZE))
		return heap_alloc_any(size);
	if (larger <= KMALLOC_MAX_SIZE) {
		void *p = __kmalloc(roundup_pow2(larger), heap_gfp | __GFP_NOWARN);

		if (p || larger <= PAGE_SIZE)
			return p;
	}
	if (align > PTRDIFF_MAX || size > PTRDIFF_MAX)
		return NULL;
	return __vmalloc_node(size ? size : 1, align, heap_gfp, NUMA_NO_NODE,
			      __builtin_return_address(0));
}

static size_t area_size(const void *p)
{
	const struct vm_struct *area = find_vm_area(p);

	return area ? get_vm_area_size(area) : 0;
}

size_t heap_size(const void *p)
{
	return is_vmalloc_addr(p) ? area_size(p) : ksize(p);
}

/* New memory for what lies at an address and becomes @size bytes large. */
static void *alloc_grown(size_t size)
{
	void *p = NULL;

	if (size > KMALLOC_MAX_SIZE && size < PTRDIFF_MAX / 2)
		p = alloc_large(size + size / SLACK_SHARE, heap_gfp | __GFP_NOWARN);
	return p ? p : heap_alloc_any(size);
}

void *heap_resize(void *p, size_t size)
{
	size_t had = heap_size(p);
	void *to;

	if (size <= had && kmalloc_size_roundup(object_size(size)) > had / 2)
		return p;
	to = size > had ? alloc_grown(size) : heap_alloc_any(size);
	/* What is too large will do. */
	if (!to)
		return size <= had ? p : NULL;
	memcpy(to, p, size < had ? size : had);
	heap_free(p);
	return to;
}

void heap_free_area(void *p)
{
	int saved = errno;

	vfree(p);
	errno = saved;
}

static void cache_shrink(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/kernel/slab/kmalloc-%s/shrink", name);
	kalloc_write(path, "1");
}

void heap_trim(void)
{
	static const char *const names[] = { "8",   "16",  "32", "64", "96", "128", "192",
					     "256", "512", "1k", "2k", "4k", "8k" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cache_shrink(names[i]);
	vm_unmap_aliases();
}
