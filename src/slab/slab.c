/* SPDX-License-Identifier: MIT */
#include "front.h"
#include "object_note.h"
#include "pattern.h"
#include "shadow.h"
#include "slab_struct.h"

#define GFP_CONSTRAINT_MASK (__GFP_HARDWALL | __GFP_THISNODE)
#define GFP_SLAB_BUG_MASK   (__GFP_DMA32 | __GFP_HIGHMEM | (~__GFP_BITS_MASK & ~__GFP_COLD))

static cold_path void report_flags(gfp_t bad, gfp_t fixed)
{
	char bad_text[128], fixed_text[256];

	kalloc_gfp_show(bad, bad_text, sizeof(bad_text));
	kalloc_gfp_show(fixed, fixed_text, sizeof(fixed_text));
	console_print("Unexpected gfp: 0x%x (%s). Fixing up to gfp: 0x%x (%s). Fix your code!\n",
		      bad, bad_text, fixed, fixed_text);
}

/* Try the best order, cheaply where a smaller one would do too, then the smallest. */
static struct page *take_frames(struct kmem_cache *s, gfp_t gfp, int nid,
				struct kmem_cache_order_objects *oo)
{
	gfp_t first = (gfp | __GFP_NOWARN | __GFP_NORETRY) & ~__GFP_NOFAIL;
	struct page *page;

	if ((first & __GFP_DIRECT_RECLAIM) && oo_order(s->oo) > oo_order(s->min))
		first = (first | __GFP_NOMEMALLOC) & ~__GFP_RECLAIM;
	*oo = s->oo;
	page = pages_alloc(s->machine, first, oo_order(*oo), nid);
	if (page)
		return page;
	*oo = s->min;
	return pages_alloc(s->machine, gfp, oo_order(*oo), nid);
}

static void construct(struct kmem_cache *s, void *object)
{
	if (!s->ctor)
		return;
	if (s->ctor_era == CTOR_OBJECT)
		s->ctor(object);
	else if (s->ctor_era == CTOR_CACHE_OBJECT)
		s->ctor_mid(s, object);
	else
		s->ctor_old(object, s, SLAB_CTOR_CONSTRUCTOR);
}

static void account(const struct kmem_cache *s, const struct slab *slab, long nr_pages)
{
	node_stat_add(s->machine, page_nid((const struct page *)slab),
		      s->flags & SLAB_RECLAIM_ACCOUNT ? NR_SLAB_RECLAIMABLE : NR_SLAB_UNRECLAIMABLE,
		      nr_pages);
}

/* Chain the objects of a new slab in ascending order. */
static void thread_objects(struct kmem_cache *s, struct slab *slab)
{
	char *object = slab_object(s, slab, 0);
	unsigned int left = slab->objects;

	slab->freelist = object;
	for (; left; left--, object += s->size) {
		pattern_new(s, object);
		construct(s, object);
		object_set_next(s, object, left > 1 ? object + s->size : NULL);
	}
}

struct slab *slab_make(struct kmem_cache *s, gfp_t gfp, int nid)
{
	struct kmem_cache_order_objects oo;
	struct slab *slab;

	if (unlikely(gfp & GFP_SLAB_BUG_MASK)) {
		report_flags(gfp & GFP_SLAB_BUG_MASK, gfp & ~GFP_SLAB_BUG_MASK);
		gfp &= ~GFP_SLAB_BUG_MASK;
	}
	WARN_ONCE(s->ctor && (gfp & __GFP_ZERO), "%s", "");
	gfp = (gfp & (GFP_RECLAIM_MASK | GFP_CONSTRAINT_MASK)) | s->allocflags;
	slab = (struct slab *)take_frames(s, gfp, nid, &oo);
	if (!slab)
		return NULL;
	slab->slab_cache = s;
	slab->counters = 0;
	slab->objects = oo_objects(oo) & MAX_OBJS_PER_PAGE;
	list_init(&slab->slab_list);
	account(s, slab, 1L << oo_order(oo));
	pattern_slab(s, slab_address(s, slab), oo_order(oo));
	thread_objects(s, slab);
	shadow_make(s, slab, oo_order(oo));
	/* Last: from here on slab_of() and kfree() find it. */
	page_set_slab(slab_page(slab));
	front_note_slab(s, slab_page(slab), oo_order(oo));
	explain(.kind = KALLOC_NOTE_SLAB, .slab = { .order = oo_order(oo),
						    .objects = slab->objects,
						    .wanted = oo_order(s->oo),
						    .pfn = pfn_of(s->machine, slab_page(slab)) });
	return slab;
}

void slab_discard(struct kmem_cache *s, struct slab *slab)
{
	struct page *page = slab_page(slab);
	unsigned int order = compound_order(page);

	front_forget_slab(s, page, order);
	page_clear_slab(page);
	account(s, slab, -(1L << order));
	slab->slab_cache = NULL;
	slab->counters = 0;
	__free_pages(page, order);
}

void slab_discard_chain(struct kmem_cache *s, struct slab *chain)
{
	while (chain) {
		struct slab *slab = chain;

		chain = slab->next;
		slab_discard(s, slab);
	}
}

int slab_index(const struct kmem_cache *s, const struct slab *slab, const void *object)
{
	size_t at = (size_t)((const char *)object - (char *)slab_object(s, slab, 0));

	if ((const char *)object < (char *)slab_object(s, slab, 0) || at % s->size ||
	    at / s->size >= slab->objects)
		return -1;
	return (int)(at / s->size);
}

void slab_map_free(const struct kmem_cache *s, const struct slab *slab, unsigned long *map)
{
	for (void *object = slab->freelist; object; object = object_next(s, object)) {
		int i = slab_index(s, slab, object);

		if (i < 0 || map[i / 64] >> (i % 64) & 1)
			return;
		map[i / 64] |= 1UL << (i % 64);
	}
}
