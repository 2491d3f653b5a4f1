/* SPDX-License-Identifier: MIT */
/*
 * What is zero though nobody asked, and what is not though somebody did: constructors,
 * checked and typesafe caches with and without __GFP_ZERO. Run twice, with and without
 * init_on_alloc and init_on_free.
 */
#include "same.h"

#define SIZE 200

static void constructor(void *object)
{
	memset(object, 0x3c, SIZE);
}

static bool is_zero(const void *p, size_t size)
{
	return same_run(p, size, 0) == size;
}

/* An object that its last user has written all over, and a new one. */
static void show_cache(const char *what, slab_flags_t flags, bool ctor, gfp_t gfp)
{
	struct kmem_cache *s =
		kmem_cache_create("same_clear", SIZE, 0, flags, ctor ? constructor : NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL), *q;
	void *many[4];
	unsigned int i, zero = 0;

	memset(p, 0x5a, SIZE);
	kmem_cache_free(s, p);
	q = kmem_cache_alloc(s, GFP_KERNEL | gfp);
	p = kmem_cache_alloc(s, GFP_KERNEL | gfp);
	SAME("%s, 0x%x: again %s, last byte 0x%x; new %s, last byte 0x%x", what, gfp,
	     is_zero(q, SIZE) ? "zero" : "not", q[SIZE - 1], is_zero(p, SIZE) ? "zero" : "not",
	     p[SIZE - 1]);
	kmem_cache_free(s, p);
	kmem_cache_free(s, q);
	kmem_cache_alloc_bulk(s, GFP_KERNEL | gfp, 4, many);
	for (i = 0; i < 4; i++)
		zero += is_zero(many[i], SIZE);
	SAME("  bulk: zero %u", zero);
	kmem_cache_free_bulk(s, 4, many);
	kmem_cache_destroy(s);
}

static void show_caches(gfp_t gfp)
{
	/* What a new slab of a plain cache holds is nobody's business unless it is cleared. */
	if (gfp)
		show_cache("plain", 0, false, gfp);
	show_cache("constructed", 0, true, gfp);
	show_cache("poisoned", SLAB_POISON, false, gfp);
	show_cache("poisoned, red zones", SLAB_POISON | SLAB_RED_ZONE, false, gfp);
	show_cache("constructed, poisoned", SLAB_POISON, true, gfp);
	show_cache("constructed, typesafe", SLAB_TYPESAFE_BY_RCU, true, gfp);
	if (gfp)
		show_cache("typesafe", SLAB_TYPESAFE_BY_RCU, false, gfp);
}

/* Written all over, freed, taken: the same memory, last in first out. */
static void show_plain(size_t size)
{
	unsigned char *p = kmalloc(size, GFP_KERNEL), *q;
	size_t usable = ksize(p);

	memset(p, 0x5a, usable);
	same_alone_begin();
	kfree(p);
	q = kmalloc(size, GFP_ATOMIC);
	same_alone_end();
	SAME("kmalloc(%zu) again: same %d, zero %d", size, p == q, is_zero(q, usable));
	kfree(q);
	p = krealloc(kzalloc(size, GFP_KERNEL), size * 4, GFP_KERNEL | __GFP_ZERO);
	SAME("krealloc of %zu to four times, zeroing: zero %d", size, is_zero(p, ksize(p)));
	kfree(p);
}

static void show_pages(void)
{
	struct page *page = alloc_page(GFP_KERNEL), *again;
	unsigned char *p;

	memset(page_address(page), 0x5a, PAGE_SIZE);
	same_alone_begin();
	__free_page(page);
	again = alloc_page(GFP_ATOMIC);
	same_alone_end();
	SAME("page again: same %d, zero %d", page == again,
	     is_zero(page_address(again), PAGE_SIZE));
	__free_page(again);
	p = vmalloc(PAGE_SIZE);
	memset(p, 0x5a, PAGE_SIZE);
	vfree(p);
	p = vzalloc(3 * PAGE_SIZE);
	SAME("vzalloc: zero %d", is_zero(p, 3 * PAGE_SIZE));
	vfree(p);
}

void same_clearing(void)
{
	show_caches(0);
	show_caches(__GFP_ZERO);
	show_plain(16);
	show_plain(100);
	show_plain(1024);
	show_plain(5000);
	show_pages();
}
