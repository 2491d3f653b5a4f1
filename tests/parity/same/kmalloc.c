/* SPDX-License-Identifier: MIT */
/*
 * kmalloc: which class or block serves a size, its alignment, its zone, and the
 * order in which freed objects come back.
 */
#include "same.h"

#define NR_TAKEN 24

static size_t taken_size(void **taken, size_t size, gfp_t gfp, unsigned long *bits)
{
	size_t usable = 0;
	unsigned int i;

	*bits = 0;
	for (i = 0; i < NR_TAKEN; i++) {
		taken[i] = kmalloc(size, gfp);
		*bits |= (unsigned long)taken[i];
		usable = ksize(taken[i]);
	}
	return usable;
}

/* Many objects at once, so that the low bits of their addresses tell the alignment. */
static void show_size(size_t size)
{
	void *taken[NR_TAKEN];
	unsigned long bits;
	size_t usable = taken_size(taken, size, GFP_KERNEL, &bits);
	struct page *head = same_head(taken[0]);
	unsigned int i;

	SAME("kmalloc(%zu): ksize %zu, roundup %zu, slab %d, order %u, aligned to %lu", size,
	     usable, kmalloc_size_roundup(size), PageSlab(head), compound_order(head),
	     usable ? same_low_bit(bits | usable) : bits);
	for (i = 0; i < NR_TAKEN; i++)
		kfree(taken[i]);
}

static void show_large(size_t size)
{
	void *p = kmalloc(size, GFP_KERNEL);
	struct page *head = same_head(p);

	SAME("kmalloc(%zu): ksize %zu, roundup %zu, slab %d, compound %d, order %u, references %d, offset %lu, natural %d",
	     size, ksize(p), kmalloc_size_roundup(size), PageSlab(head), PageCompound(head),
	     compound_order(head), page_count(head), same_offset(p),
	     !((unsigned long)p & (ksize(p) - 1)));
	kfree(p);
}

static void show_sizes(void)
{
	static const size_t classes[] = { 8,   16,  32,	  64,	96,   128, 192,
					  256, 512, 1024, 2048, 4096, 8192 };
	size_t i, size;

	for (size = 1; size <= 256; size++)
		show_size(size);
	for (i = 8; i < ARRAY_SIZE(classes); i++) {
		show_size(classes[i] / 2 + 1);
		show_size(classes[i] * 3 / 4);
		show_size(classes[i] - 1);
		show_size(classes[i]);
	}
	for (size = KMALLOC_MAX_CACHE_SIZE; size < KMALLOC_MAX_SIZE; size *= 2) {
		show_large(size + 1);
		show_large(size * 3 / 2);
		show_large(size * 2 - 1);
		show_large(size * 2);
	}
}

/* The class chosen when the size is a constant is the one chosen when it is not. */
#define CONSTANT(n)                                                     \
	do {                                                            \
		void *p = kmalloc((n), GFP_KERNEL);                     \
		SAME("constant kmalloc(%d): ksize %zu", (n), ksize(p)); \
		kfree(p);                                               \
	} while (0)

static void show_constants(void)
{
	CONSTANT(0);
	CONSTANT(1);
	CONSTANT(8);
	CONSTANT(33);
	CONSTANT(65);
	CONSTANT(96);
	CONSTANT(97);
	CONSTANT(129);
	CONSTANT(192);
	CONSTANT(193);
	CONSTANT(4096);
	CONSTANT(8192);
	CONSTANT(8193);
	CONSTANT(100000);
}

static void show_types(void)
{
	static const gfp_t types[] = {
		0,
		__GFP_RECLAIMABLE,
		__GFP_ACCOUNT,
		__GFP_DMA,
		__GFP_DMA | __GFP_RECLAIMABLE,
		__GFP_DMA | __GFP_ACCOUNT,
		__GFP_RECLAIMABLE | __GFP_ACCOUNT,
		__GFP_HIGHMEM,
		__GFP_ZERO,
		__GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		void *p = kmalloc(100, GFP_KERNEL | types[i]);
		void *large = kmalloc(20000, (GFP_KERNEL | types[i]) & ~__GFP_HIGHMEM);

		SAME("kmalloc with 0x%x: zone DMA %d, ksize %zu; large: zone DMA %d, ksize %zu",
		     types[i], page_zonenum(same_head(p)) == ZONE_DMA, ksize(p),
		     page_zonenum(same_head(large)) == ZONE_DMA, ksize(large));
		kfree(p);
		kfree(large);
	}
}

/* Two objects taken in a row that lie in one slab, from among @taken. */
static unsigned int neighbours(void **taken, size_t size)
{
	unsigned int n = 0;

	do
		taken[n++] = kmalloc(size, GFP_KERNEL);
	while (n < NR_TAKEN && (n < 2 || same_head(taken[n - 1]) != same_head(taken[n - 2])));
	return n;
}

static void show_lifo(size_t size)
{
	void *taken[NR_TAKEN], *first, *second;
	unsigned int i, n = neighbours(taken, size);

	same_alone_begin();
	kfree(taken[n - 2]);
	kfree(taken[n - 1]);
	first = kmalloc(size, GFP_ATOMIC);
	second = kmalloc(size, GFP_ATOMIC);
	same_alone_end();
	SAME("size %zu, freed a, b: b again %d, then a %d", size, first == taken[n - 1],
	     second == taken[n - 2]);
	kfree(first);
	kfree(second);
	for (i = 0; i + 2 < n; i++)
		kfree(taken[i]);
}

static void show_zeroed(size_t size)
{
	unsigned char *p = kmalloc(size, GFP_KERNEL);
	size_t usable = ksize(p);

	memset(p, 0xa5, usable);
	kfree(p);
	p = kzalloc(size, GFP_KERNEL);
	SAME("kzalloc(%zu): all %zu bytes zero %d", size, usable, same_run(p, usable, 0) == usable);
	kfree(p);
	p = kcalloc(size, 3, GFP_KERNEL);
	usable = ksize(p);
	SAME("kcalloc(%zu, 3): ksize %zu, zero %d", size, usable, same_run(p, usable, 0) == usable);
	kfree_sensitive(p);
}

static void show_odd_calls(void)
{
	void *p = kmalloc(0, GFP_KERNEL);

	SAME("kmalloc(0) = 0x%lx, ksize %zu, zero or null %d", (unsigned long)p, ksize(p),
	     ZERO_OR_NULL_PTR(p));
	SAME("ksize(NULL) = %zu, zero or null %d", ksize(NULL), ZERO_OR_NULL_PTR(NULL));
	kfree(p);
	kfree(NULL);
	kfree_sensitive(NULL);
	kfree_sensitive(ZERO_SIZE_PTR);
	SAME("kmalloc_array(0, 3) = 0x%lx", (unsigned long)kmalloc_array(0, 3, GFP_KERNEL));
	SAME("kmalloc_array(3, 0) = 0x%lx", (unsigned long)kmalloc_array(3, 0, GFP_KERNEL));
	SAME("kcalloc(0, 0) = 0x%lx", (unsigned long)kcalloc(0, 0, GFP_KERNEL));
	SAME("kzalloc(0) = 0x%lx", (unsigned long)kzalloc(0, GFP_KERNEL));
	p = kmalloc_node(100, GFP_KERNEL, 0);
	SAME("kmalloc_node(100, node 0): ksize %zu, node %d", ksize(p),
	     page_to_nid(virt_to_page(p)));
	kfree(p);
	p = kmalloc_array_node(10, 10, GFP_KERNEL, NUMA_NO_NODE);
	SAME("kmalloc_array_node(10, 10): ksize %zu", ksize(p));
	kfree(p);
	p = kmalloc(100, GFP_NOWAIT);
	SAME("kmalloc(100, GFP_NOWAIT): ksize %zu", ksize(p));
	kfree(p);
	p = kmalloc(100, GFP_ATOMIC);
	SAME("kmalloc(100, GFP_ATOMIC): ksize %zu", ksize(p));
	kfree(p);
}

static void show_roundups(void)
{
	static const size_t sizes[] = { 0,	   1,
					8,	   9,
					65,	   129,
					4097,	   8192,
					8193,	   12288,
					16384,	   16385,
					20000,	   65537,
					1 << 20,   3 << 20,
					1 << 22,   (1 << 22) + 1,
					1UL << 30, (1UL << 40) + 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		SAME("kmalloc_size_roundup(%zu) = %zu", sizes[i], kmalloc_size_roundup(sizes[i]));
	SAME("kmalloc_size_roundup(SIZE_MAX) = %zu", kmalloc_size_roundup(SIZE_MAX));
}

void same_kmalloc(void)
{
	static const size_t lifo[] = { 1,   16,	 24,  64,   65,	  128,	150,
				       256, 512, 600, 2000, 3000, 8000, 8192 };
	size_t i;

	show_odd_calls();
	show_roundups();
	show_sizes();
	show_constants();
	show_types();
	for (i = 0; i < ARRAY_SIZE(lifo); i++)
		show_lifo(lifo[i]);
	for (i = 0; i < ARRAY_SIZE(lifo); i++)
		show_zeroed(lifo[i]);
}
