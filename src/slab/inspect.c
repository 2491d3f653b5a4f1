/* SPDX-License-Identifier: MIT */
#include <kalloc/inspect_slab.h>

#include "front.h"
#include "node.h"

static void show_cache(const struct kmem_cache *s,
		       void (*visit)(void *ctx, const struct kalloc_cache_view *cache), void *ctx)
{
	struct slab_counts counts = { 0 };
	struct kalloc_cache_view view = {
		.cache = s,
		.name = s->name,
		.flags = s->flags,
		.object_size = s->object_size,
		.size = s->size,
		.align = s->align,
		.red_left = s->red_left_pad,
		.end = s->inuse,
		.free_pointer = s->offset,
		.objects = oo_objects(s->oo),
		.order = oo_order(s->oo),
		.sheaf_objects = s->sheaf_most,
		.cpu_slabs = s->cpu_partial_slabs,
		.min_partial = s->min_partial,
	};

	for (unsigned int nid = 0; nid < node_count(s->machine); nid++)
		node_count_slabs(s->node[nid], &counts);
	view.nr_slabs = counts.slabs;
	view.nr_objects = counts.objects;
	view.nr_partial = counts.partial_slabs;
	visit(ctx, &view);
}

void kalloc_inspect_caches(void (*visit)(void *ctx, const struct kalloc_cache_view *cache),
			   void *ctx)
{
	struct slab_room *room = machine_current()->slab;
	struct kmem_cache *s;

	lock_take(&room->caches_lock);
	list_for_each_entry_reverse(s, &room->slab_caches, list)
		show_cache(s, visit, ctx);
	lock_drop(&room->caches_lock);
}

/* One walk over the slabs of a cache. */
struct slabs_walk {
	struct kmem_cache *s;
	unsigned short *free; /* room for the objects of a slab */
	void (*visit)(void *ctx, const struct kalloc_slab_view *slab);
	void *ctx;
};

/* Note the objects of a free list from @nr on. Return: how many there are now. */
static unsigned int note_free(const struct slabs_walk *walk, const struct slab *slab,
			      const void *object, unsigned int nr)
{
	for (; object && nr < slab->objects; object = object_next(walk->s, object))
		walk->free[nr++] = (unsigned short)slab_index(walk->s, slab, object);
	return nr;
}

/* Show a slab whose CPU, if it is the slab of one, has @freelist of it. */
static void show_slab(const struct slabs_walk *walk, const struct slab *slab, const void *freelist,
		      struct kalloc_slab_view view)
{
	view.pfn = page_to_pfn(slab_page(slab));
	view.order = compound_order(slab_page(slab));
	view.nr_objects = slab->objects;
	view.node = (unsigned char)slab_nid(slab);
	view.free = walk->free;
	view.nr_cpu_free = note_free(walk, slab, freelist, 0);
	view.nr_free = note_free(walk, slab, slab->freelist, view.nr_cpu_free);
	walk->visit(walk->ctx, &view);
}

static void show_frozen(const struct slabs_walk *walk, const struct slab *slab,
			const void *freelist, struct kalloc_slab_view view)
{
	struct kmem_cache_node *n = slab_node(walk->s, slab);

	lock_take(&n->list_lock);
	show_slab(walk, slab, freelist, view);
	lock_drop(&n->list_lock);
}

static void walk_cpu(const struct slabs_walk *walk, unsigned int cpu)
{
	struct kmem_cache_cpu *c = &walk->s->cpu_slab[cpu];
	struct kalloc_slab_view view = { .place = KALLOC_SLAB_CPU, .cpu = cpu };

	lock_take(&c->lock);
	if (c->slab)
		show_frozen(walk, c->slab, c->freelist, view);
	view.place = KALLOC_SLAB_CPU_PARTIAL;
	for (const struct slab *slab = c->partial; slab; slab = slab->next, view.index++)
		show_frozen(walk, slab, NULL, view);
	lock_drop(&c->lock);
}

static void walk_node(const struct slabs_walk *walk, struct kmem_cache_node *n)
{
	struct kalloc_slab_view view = { .place = KALLOC_SLAB_PARTIAL };
	const struct slab *slab;

	lock_take(&n->list_lock);
	list_for_each_entry(slab, &n->partial, slab_list) {
		show_slab(walk, slab, NULL, view);
		view.index++;
	}
	lock_drop(&n->list_lock);
}

int kalloc_inspect_slabs(struct kmem_cache *s,
			 void (*visit)(void *ctx, const struct kalloc_slab_view *slab), void *ctx)
{
	size_t bytes = max(oo_objects(s->oo), oo_objects(s->min)) * sizeof(unsigned short);
	struct slabs_walk walk = { .s = s, .free = map_alloc(bytes), .visit = visit, .ctx = ctx };

	if (!walk.free)
		return -ENOMEM;
	for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++)
		walk_cpu(&walk, cpu);
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++)
		walk_node(&walk, s->node[nid]);
	map_free(walk.free, bytes);
	return 0;
}

void kalloc_inspect_at_hand(struct kmem_cache *s,
			    void (*visit)(void *ctx, const void *object, int row), void *ctx)
{
	front_visit(s, visit, ctx);
}

const struct kmem_cache *kalloc_inspect_cache_at(unsigned long pfn)
{
	const struct page *page = pfn_valid(pfn) ? pfn_to_page(pfn) : NULL;

	if (!page || !PageSlab(page))
		return NULL;
	return READ_ONCE(((const struct slab *)page)->slab_cache);
}
