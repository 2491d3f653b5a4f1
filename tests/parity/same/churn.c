/* SPDX-License-Identifier: MIT */
/*
 * Long random series on one cache: takes, frees, bulk calls and shrinks. Every take
 * names its object, by the order in which objects were first seen. The first object seen
 * of a slab is kept to the end, so that no slab goes back to the page allocator and
 * comes again: which frames it would get is another matter.
 */
#include "same.h"

#define MAX_OBJECTS 1024
#define MAX_SLABS   256
#define PER_LINE    16
#define NR_STEPS    3000

static struct {
	void *object;
	bool held;
	bool kept;
} known[MAX_OBJECTS];
static unsigned int nr_known, nr_slabs, nr_printed;
static struct page *slabs[MAX_SLABS];
static unsigned int line[PER_LINE];
static unsigned long state;

static unsigned int draw(unsigned int below)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned int)(state >> 33) % below;
}

static void flush_line(void)
{
	char text[PER_LINE * 6 + 1];
	unsigned int i;
	int length = 0;

	if (!nr_printed)
		return;
	for (i = 0; i < nr_printed; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, " %u", line[i]);
	SAME(" %s", text);
	nr_printed = 0;
}

static bool is_first_of_slab(const void *object)
{
	struct page *head = same_head(object);
	unsigned int i;

	for (i = 0; i < nr_slabs; i++)
		if (slabs[i] == head)
			return false;
	if (nr_slabs < MAX_SLABS)
		slabs[nr_slabs++] = head;
	return true;
}

static void note(void *object)
{
	unsigned int i;

	for (i = 0; i < nr_known && known[i].object != object; i++)
		;
	if (i == nr_known) {
		nr_known++;
		known[i].object = object;
		known[i].kept = is_first_of_slab(object);
	}
	known[i].held = true;
	line[nr_printed++] = i;
	if (nr_printed == PER_LINE)
		flush_line();
}

/* One of the objects that may be freed, or NULL if a few draws hit none. */
static void *drop(void)
{
	unsigned int i, tries;

	for (tries = 0; tries < 8 && nr_known; tries++) {
		i = draw(nr_known);
		if (known[i].held && !known[i].kept) {
			known[i].held = false;
			return known[i].object;
		}
	}
	return NULL;
}

static void take_bulk(struct kmem_cache *s)
{
	void *many[12];
	unsigned int i, n = 1 + draw(ARRAY_SIZE(many));

	if (nr_known + n >= MAX_OBJECTS)
		return;
	n = (unsigned int)kmem_cache_alloc_bulk(s, GFP_KERNEL, n, many);
	for (i = 0; i < n; i++)
		note(many[i]);
}

static void give_bulk(struct kmem_cache *s)
{
	void *many[12];
	unsigned int n = 0, wanted = 1 + draw(ARRAY_SIZE(many));

	while (n < wanted && (many[n] = drop()))
		n++;
	kmem_cache_free_bulk(s, n, many);
}

/* Up for a while, down for a while. */
static void step(struct kmem_cache *s, bool up)
{
	unsigned int kind = draw(100);
	void *object;

	if (kind < (up ? 60U : 30U)) {
		if (nr_known + 1 < MAX_OBJECTS)
			note(kmem_cache_alloc(s, GFP_KERNEL));
	} else if (kind < 90) {
		object = drop();
		if (object)
			kmem_cache_free(s, object);
	} else if (kind < (up ? 97U : 93U)) {
		take_bulk(s);
	} else {
		give_bulk(s);
	}
}

static void show_series(unsigned int size, slab_flags_t flags, unsigned int shrink_every)
{
	static unsigned long seed;
	struct kmem_cache *s = kmem_cache_create("same_churn", size, 0, flags, NULL);
	unsigned int i;

	state = ++seed;
	nr_known = nr_slabs = nr_printed = 0;
	memset(known, 0, sizeof(known));
	SAME("size %u, flags 0x%x, shrink every %u", size, flags, shrink_every);
	for (i = 0; i < NR_STEPS; i++) {
		step(s, (i / 500) % 2 == 0);
		if (shrink_every && i % shrink_every == shrink_every - 1) {
			flush_line();
			SAME("  shrink %d", kmem_cache_shrink(s));
		}
	}
	flush_line();
	SAME("  %u objects in %u slabs", nr_known, nr_slabs);
	for (i = 0; i < nr_known; i++)
		if (known[i].held)
			kmem_cache_free(s, known[i].object);
	kmem_cache_destroy(s);
}

void same_churn(void)
{
	show_series(64, 0, 0);
	show_series(512, 0, 0);
	show_series(512, 0, 400);
	show_series(1000, SLAB_HWCACHE_ALIGN, 0);
	show_series(1000, 0, 150);
	show_series(4096, 0, 0);
	show_series(4096, SLAB_RECLAIM_ACCOUNT, 300);
	show_series(8192, 0, 0);
	show_series(512, SLAB_TYPESAFE_BY_RCU, 0);
	show_series(64, SLAB_RED_ZONE, 0);
	show_series(512, SLAB_POISON, 0);
	show_series(1000, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, 200);
	show_series(4096, SLAB_CONSISTENCY_CHECKS, 0);
}
