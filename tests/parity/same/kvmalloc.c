/* SPDX-License-Identifier: MIT */
/* kvmalloc: who serves a size, and memory that moves between the two. */
#include "same.h"

static void show_served(const char *what, size_t size, gfp_t gfp)
{
	unsigned char *p = kvmalloc(size, gfp);

	if (!p)
		SAME("%s kvmalloc(%zu): null", what, size);
	else if (is_vmalloc_addr(p))
		SAME("%s kvmalloc(%zu): vmalloc, page aligned %d", what, size,
		     !((unsigned long)p & ~PAGE_MASK));
	else
		SAME("%s kvmalloc(%zu): ksize %zu", what, size, ksize(p));
	if (p && (gfp & __GFP_ZERO))
		SAME("  zero %d", same_run(p, size, 0) == size);
	kvfree(p);
}

static void show_realloc(size_t from, size_t to)
{
	unsigned char *p = kvmalloc(from, GFP_KERNEL), *q;
	size_t less = from < to ? from : to;
	bool moved, first = is_vmalloc_addr(p);

	memset(p, 0x4d, from);
	q = kvrealloc(p, from, to, GFP_KERNEL);
	moved = p != q;
	SAME("kvrealloc %zu to %zu: moved %d, vmalloc %d to %d, kept %d", from, to, moved, first,
	     is_vmalloc_addr(q), same_run(q, less, 0x4d) == less);
	kvfree(q);
}

static void show_arrays(void)
{
	void *p = kvmalloc_array(10, 10, GFP_KERNEL);

	SAME("kvmalloc_array(10, 10): ksize %zu", ksize(p));
	kvfree(p);
	p = kvcalloc(1000, 5000, GFP_KERNEL);
	SAME("kvcalloc(1000, 5000): vmalloc %d, zero %d", is_vmalloc_addr(p),
	     same_run(p, 5000000, 0) == 5000000);
	kvfree(p);
	SAME("kvmalloc_array that overflows: null %d", !kvmalloc_array(SIZE_MAX, 2, GFP_KERNEL));
	SAME("kvcalloc that overflows: null %d", !kvcalloc(SIZE_MAX / 3, 4, GFP_KERNEL));
	SAME("kvmalloc_array(0, 8) = 0x%lx", (unsigned long)kvmalloc_array(0, 8, GFP_KERNEL));
	p = kvzalloc(50, GFP_KERNEL);
	SAME("kvzalloc(50): ksize %zu, zero %zu", ksize(p), same_run(p, 50, 0));
	kvfree_sensitive(p, 50);
	p = kvzalloc_node(10000, GFP_KERNEL, 0);
	SAME("kvzalloc_node(10000): ksize %zu, zero %zu", ksize(p), same_run(p, 10000, 0));
	kvfree_sensitive(p, 10000);
	kvfree(NULL);
	kvfree_sensitive(NULL, 0);
	p = vmalloc(100);
	kvfree(p);
	p = kmalloc(100, GFP_KERNEL);
	kvfree(p);
}

#define MAX_BLOCKS 128

static struct page *blocks[MAX_BLOCKS];

/*
 * Take all blocks of the largest order, whatever the marks say, and give all but the
 * first page of each back. Return: the number of blocks, of which @n were known.
 */
static unsigned int scatter(unsigned int n)
{
	gfp_t gfp = GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN | __GFP_MEMALLOC;
	unsigned int i = n, k;

	while (n < MAX_BLOCKS && (blocks[n] = alloc_pages(gfp, MAX_ORDER - 1)))
		n++;
	for (; i < n; i++) {
		split_page(blocks[i], MAX_ORDER - 1);
		for (k = 1; k < 1U << (MAX_ORDER - 1); k++)
			__free_page(blocks[i] + k);
	}
	return n;
}

/*
 * Free memory in plenty, but no block of the largest order: what needs one and may
 * wait is mapped from single pages. Without I/O nothing is compacted.
 */
static void show_scattered(void)
{
	unsigned int n = 0, known;

	/* What the CPU's page lists give back may make another block. */
	do {
		known = n;
		n = scatter(known);
	} while (n > known);
	show_served("scattered, may not sleep", KMALLOC_MAX_SIZE, GFP_NOWAIT | __GFP_NOWARN);
	show_served("scattered", KMALLOC_MAX_SIZE, GFP_NOIO);
	show_served("scattered", 4096, GFP_NOIO);
	while (n)
		__free_page(blocks[--n]);
	show_served("merged again", KMALLOC_MAX_SIZE, GFP_KERNEL);
}

void same_kvmalloc(void)
{
	static const size_t sizes[] = {
		0,     1,	64,	 4096,		4097,	 8192,	       8193,
		65536, 1 << 20, 4 << 20, (4 << 20) + 1, 5 << 20, (8 << 20) + 5
	};
	static const size_t steps[] = { 1,     64,	128,	       4096,   4097,
					10000, 4 << 20, (4 << 20) + 1, 6 << 20 };
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_served("GFP_KERNEL", sizes[i], GFP_KERNEL);
	for (i = 1; i < ARRAY_SIZE(sizes); i++)
		show_served("zeroed", sizes[i], GFP_KERNEL | __GFP_ZERO);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_served("GFP_NOFS", sizes[i], GFP_NOFS);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_served("GFP_NOWAIT", sizes[i], GFP_NOWAIT | __GFP_NOWARN);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_served("GFP_ATOMIC", sizes[i], GFP_ATOMIC | __GFP_NOWARN);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_served("__GFP_NORETRY", sizes[i], GFP_KERNEL | __GFP_NORETRY);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_served("__GFP_RETRY_MAYFAIL", sizes[i], GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	for (i = 0; i < ARRAY_SIZE(steps); i++)
		for (k = 0; k < ARRAY_SIZE(steps); k++)
			show_realloc(steps[i], steps[k]);
	show_arrays();
	show_scattered();
}
