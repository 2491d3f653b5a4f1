/* SPDX-License-Identifier: MIT */
/*
 * kmem_cache: how objects of a size, an alignment and flags lie in their slab, when
 * constructors run, what a shrink leaves, and what is refused.
 */
#include "same.h"

#define MAX_OBJECTS 1024

static void *objects[MAX_OBJECTS];
static unsigned int nr_constructed;

static void constructor(void *object)
{
	nr_constructed++;
	memset(object, 0xc7, 4);
}

/* Take all objects of one slab and the first of the next; return their number. */
static unsigned int take_slab(struct kmem_cache *s, gfp_t gfp)
{
	unsigned int n = 0;

	do
		objects[n++] = kmem_cache_alloc(s, gfp);
	while (n < MAX_OBJECTS && same_head(objects[n - 1]) == same_head(objects[0]));
	return n;
}

static void give_all(struct kmem_cache *s, unsigned int n)
{
	while (n)
		kmem_cache_free(s, objects[--n]);
}

/* Where the objects of the first slab lie, whatever the order they came in. */
static void show_slab(struct kmem_cache *s, const char *what)
{
	unsigned int i, n = take_slab(s, GFP_KERNEL), nr_objects = n - 1;
	unsigned long lowest = ~0UL, highest = 0, bits = 0, spacing;

	for (i = 0; i < nr_objects; i++) {
		unsigned long offset = same_offset(objects[i]);

		lowest = offset < lowest ? offset : lowest;
		highest = offset > highest ? offset : highest;
		bits |= offset;
	}
	spacing = nr_objects > 1 ? (highest - lowest) / (nr_objects - 1) : 0;
	for (i = 0; spacing && i < nr_objects; i++)
		if ((same_offset(objects[i]) - lowest) % spacing)
			SAME("  an object off the grid");
	SAME("%s: size %u, ksize %zu, %u objects of order %u, first at %lu, spacing %lu, aligned to %lu",
	     what, kmem_cache_size(s), ksize(objects[0]), nr_objects,
	     compound_order(same_head(objects[0])), lowest, spacing, same_low_bit(bits));
	give_all(s, n);
}

static void show_shape(unsigned int size, unsigned int align, slab_flags_t flags, bool ctor)
{
	struct kmem_cache *s =
		kmem_cache_create("same_shape", size, align, flags, ctor ? constructor : NULL);

	nr_constructed = 0;
	SAME("create size %u, align %u, flags 0x%x, ctor %d", size, align, flags, ctor);
	show_slab(s, "  slab");
	if (ctor)
		SAME("  constructed %u", nr_constructed);
	kmem_cache_destroy(s);
}

static void show_shapes(void)
{
	static const unsigned int sizes[] = {
		1,    4,     7,	    8,	   9,	  12,	 13,	16,	17,	 24,
		32,   33,    40,    48,	   56,	  60,	 64,	65,	72,	 80,
		88,   96,    100,   104,   120,	  127,	 128,	136,	170,	 176,
		192,  200,   208,   240,   256,	  264,	 272,	300,	320,	 384,
		400,  500,   512,   520,   600,	  640,	 700,	768,	800,	 900,
		1000, 1024,  1100,  1200,  1344,  1500,	 1600,	1800,	2000,	 2048,
		2050, 2500,  3000,  3500,  4096,  4100,	 5000,	6000,	8000,	 8192,
		8200, 10000, 12000, 16384, 20000, 32768, 40000, 100000, 1048576, 4194304,
	};
	static const unsigned int aligns[] = {
		1, 3, 4, 8, 12, 16, 32, 48, 64, 100, 128, 512, 4096
	};
	static const slab_flags_t debug[] = {
		SLAB_CONSISTENCY_CHECKS,
		SLAB_RED_ZONE,
		SLAB_POISON,
		SLAB_STORE_USER,
		SLAB_RED_ZONE | SLAB_POISON,
		SLAB_RED_ZONE | SLAB_STORE_USER,
		SLAB_POISON | SLAB_STORE_USER,
		SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER,
		SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_HWCACHE_ALIGN,
		SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_TYPESAFE_BY_RCU,
	};
	static const slab_flags_t plain[] = { SLAB_HWCACHE_ALIGN,   SLAB_TYPESAFE_BY_RCU,
					      SLAB_RECLAIM_ACCOUNT, SLAB_ACCOUNT,
					      SLAB_CACHE_DMA,	    SLAB_CACHE_DMA32,
					      SLAB_MEM_SPREAD,	    SLAB_NOLEAKTRACE };
	static const unsigned int few[] = { 8, 13, 24, 60, 64, 100, 200, 512, 1000, 4096, 8192 };
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_shape(sizes[i], 0, 0, false);
	for (i = 0; i < ARRAY_SIZE(aligns); i++)
		for (k = 0; k < ARRAY_SIZE(few); k++)
			show_shape(few[k], aligns[i], 0, false);
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		for (k = 0; k < ARRAY_SIZE(few); k++)
			show_shape(few[k], 0, plain[i], false);
	for (i = 0; i < ARRAY_SIZE(debug); i++)
		for (k = 0; k < ARRAY_SIZE(few); k++)
			show_shape(few[k], 0, debug[i], false);
	for (k = 0; k < ARRAY_SIZE(few); k++) {
		show_shape(few[k], 0, 0, true);
		show_shape(few[k], 0, SLAB_HWCACHE_ALIGN, true);
		show_shape(few[k], 0, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, true);
	}
}

static void show_constructor(void)
{
	struct kmem_cache *s = kmem_cache_create("same_ctor", 64, 0, 0, constructor);
	unsigned char *p, *q;

	nr_constructed = 0;
	p = kmem_cache_alloc(s, GFP_KERNEL);
	SAME("constructed at the first allocation: %u, byte 0x%x", nr_constructed, p[0]);
	memset(p, 0x31, 64);
	kmem_cache_free(s, p);
	q = kmem_cache_alloc(s, GFP_KERNEL);
	SAME("freed and taken: same %d, constructed %u, byte 0x%x", p == q, nr_constructed, q[0]);
	kmem_cache_free(s, q);
	q = kmem_cache_zalloc(s, GFP_KERNEL);
	SAME("taken to be zero: byte 0x%x, constructed %u", q[0], nr_constructed);
	kmem_cache_free(s, q);
	SAME("shrink: %d, constructed %u", kmem_cache_shrink(s), nr_constructed);
	p = kmem_cache_alloc(s, GFP_KERNEL);
	SAME("after the shrink: constructed %u, byte 0x%x", nr_constructed, p[0]);
	kmem_cache_free(s, p);
	kmem_cache_destroy(s);
}

/* The line of a cache in /proc/slabinfo. */
static void show_info(const char *name)
{
	static char text[65536];
	size_t length = strlen(name);
	char *line, *end;

	same_read("/proc/slabinfo", text, sizeof(text));
	for (line = text; line && *line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (end)
			*end = 0;
		if (!strncmp(line, name, length) && line[length] == ' ')
			SAME("%s", line);
	}
}

/* Four slabs, of which some are full, some partial, some empty. */
static void show_shrink(unsigned int size, unsigned int per_slab)
{
	struct kmem_cache *s = kmem_cache_create("same_shrink", size, 0, 0, NULL);
	unsigned int i, n = 4 * per_slab;

	SAME("shrink of a new cache of %u: %d", size, kmem_cache_shrink(s));
	for (i = 0; i < n; i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
	show_info("same_shrink");
	SAME("shrink, four slabs full: %d", kmem_cache_shrink(s));
	for (i = 0; i < per_slab; i++)
		kmem_cache_free(s, objects[i]);
	show_info("same_shrink");
	SAME("shrink, one slab empty: %d", kmem_cache_shrink(s));
	show_info("same_shrink");
	kmem_cache_free(s, objects[per_slab]);
	kmem_cache_free(s, objects[2 * per_slab]);
	kmem_cache_free(s, objects[2 * per_slab + 1]);
	show_info("same_shrink");
	SAME("shrink, two partial: %d", kmem_cache_shrink(s));
	show_info("same_shrink");
	objects[0] = kmem_cache_alloc(s, GFP_KERNEL);
	SAME("the fullest slab serves first: %d", objects[0] == objects[per_slab]);
	for (i = per_slab + 1; i < n; i++)
		if (i != 2 * per_slab && i != 2 * per_slab + 1)
			kmem_cache_free(s, objects[i]);
	kmem_cache_free(s, objects[0]);
	show_info("same_shrink");
	SAME("shrink, all empty: %d", kmem_cache_shrink(s));
	show_info("same_shrink");
	kmem_cache_destroy(s);
}

/* Nobody is reading, so a freed slab of this kind goes as any other. */
static void show_rcu_shrink(void)
{
	struct kmem_cache *s = kmem_cache_create("same_rcu", 512, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	unsigned int i;

	for (i = 0; i < 20; i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
	show_info("same_rcu");
	for (i = 0; i < 20; i++)
		kmem_cache_free(s, objects[i]);
	SAME("shrink of a typesafe cache: %d", kmem_cache_shrink(s));
	show_info("same_rcu");
	kmem_cache_destroy(s);
}

static void show_placement(void)
{
	struct kmem_cache *s = kmem_cache_create("same_dma", 100, 0, SLAB_CACHE_DMA, NULL);
	void *p = kmem_cache_alloc(s, GFP_KERNEL);

	SAME("SLAB_CACHE_DMA: zone DMA %d", page_zonenum(virt_to_page(p)) == ZONE_DMA);
	kmem_cache_free(s, p);
	kmem_cache_destroy(s);
	s = kmem_cache_create("same_node", 100, 0, 0, NULL);
	p = kmem_cache_alloc_node(s, GFP_KERNEL, 0);
	SAME("kmem_cache_alloc_node(0): node %d, slab %d", page_to_nid(virt_to_page(p)),
	     PageSlab(same_head(p)));
	kmem_cache_free(s, p);
	p = kmem_cache_alloc(s, GFP_NOWAIT);
	SAME("GFP_NOWAIT: null %d", p == NULL);
	kfree(p);
	p = kmem_cache_zalloc(s, GFP_KERNEL);
	SAME("kfree of an object, zalloc: zero %d", same_run(p, 100, 0) == 100);
	kmem_cache_free(s, p);
	kmem_cache_destroy(s);
}

/* What merging depends on; whether it happens is the command line's choice. */
static void show_merging(void)
{
	struct kmem_cache *first = kmem_cache_create("same_first", 170, 0, 0, NULL);
	struct kmem_cache *second = kmem_cache_create("same_second", 170, 0, 0, NULL);
	struct kmem_cache *larger = kmem_cache_create("same_larger", 176, 0, 0, NULL);
	struct kmem_cache *ctor = kmem_cache_create("same_ctor", 170, 0, 0, constructor);
	struct kmem_cache *checked = kmem_cache_create("same_checked", 170, 0, SLAB_RED_ZONE, NULL);
	struct kmem_cache *rcu = kmem_cache_create("same_rcu", 170, 0, SLAB_TYPESAFE_BY_RCU, NULL);

	SAME("merged: equal %d, 176 %d, ctor %d, red zone %d, rcu %d", first == second,
	     first == larger, first == ctor, first == checked, first == rcu);
	SAME("sizes: %u %u %u", kmem_cache_size(first), kmem_cache_size(second),
	     kmem_cache_size(larger));
	show_info("same_first");
	show_info("same_second");
	kmem_cache_destroy(rcu);
	kmem_cache_destroy(checked);
	kmem_cache_destroy(ctor);
	kmem_cache_destroy(larger);
	kmem_cache_destroy(second);
	kmem_cache_destroy(first);
	kmem_cache_destroy(NULL);
}

void same_slab(void)
{
	show_shapes();
	show_constructor();
	show_shrink(512, 8);
	show_shrink(4096, 8);
	show_shrink(1000, 8);
	show_rcu_shrink();
	show_placement();
	show_merging();
}
