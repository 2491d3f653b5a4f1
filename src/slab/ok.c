/* SPDX-License-Identifier: MIT */
#include "front.h"

/* Length of a free list of @slab; -1 if it leaves the slab or does not end. */
static int chain_length(const struct kmem_cache *s, const struct slab *slab, const void *object)
{
	int length = 0;

	for (; object; object = object_next(s, object)) {
		if (slab_index(s, slab, object) < 0 || ++length > slab->objects)
			return -1;
	}
	return length;
}

bool slab_ok(const struct kmem_cache *s, const struct slab *slab)
{
	return PageSlab((const struct page *)slab) && slab->slab_cache == s &&
	       slab->objects >= oo_objects(s->min) && slab->objects <= oo_objects(s->oo) &&
	       slab->inuse <= slab->objects &&
	       chain_length(s, slab, slab->freelist) == slab->objects - slab->inuse;
}

static bool frozen_ok(const struct kmem_cache *s, const struct slab *slab)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	bool good;

	lock_take(&n->list_lock);
	good = slab->frozen && slab_ok(s, slab);
	lock_drop(&n->list_lock);
	return good;
}

/* @nr_frozen is raised by the slabs that the CPU holds. */
static bool cpu_ok(const struct kmem_cache *s, struct kmem_cache_cpu *c, unsigned long *nr_frozen)
{
	bool good = true;

	lock_take(&c->lock);
	if (c->slab) {
		good = frozen_ok(s, c->slab) && chain_length(s, c->slab, c->freelist) >= 0;
		*nr_frozen += 1;
	} else {
		good = !c->freelist;
	}
	for (struct slab *slab = c->partial; good && slab; slab = slab->next) {
		good = frozen_ok(s, slab) &&
		       slab->slabs == (slab->next ? slab->next->slabs + 1 : 1);
		*nr_frozen += 1;
	}
	lock_drop(&c->lock);
	return good;
}

/* @nr: slabs of the node that are not on the partial list. */
static bool full_ok(const struct kmem_cache *s, struct kmem_cache_node *n, unsigned long nr)
{
	struct slab *slab;

	if (!(s->flags & SLAB_STORE_USER))
		return list_empty(&n->full);
	if (!list_ok(&n->full))
		return false;
	list_for_each_entry(slab, &n->full, slab_list) {
		if (slab->frozen || slab->freelist || !slab_ok(s, slab) || !nr--)
			return false;
	}
	return !nr;
}

static bool node_ok(const struct kmem_cache *s, struct kmem_cache_node *n, unsigned long *nr_seen)
{
	unsigned long nr_partial = 0, objects = 0;
	struct slab *slab;
	bool good;

	lock_take(&n->list_lock);
	good = list_ok(&n->partial);
	if (good) {
		list_for_each_entry(slab, &n->partial, slab_list) {
			good = good && !slab->frozen && slab->freelist && slab_ok(s, slab);
			objects += slab->objects;
			nr_partial++;
		}
	}
	good = good && nr_partial == n->nr_partial && n->nr_slabs >= nr_partial &&
	       n->total_objects >= objects;
	good = good && full_ok(s, n, n->nr_slabs - nr_partial);
	*nr_seen += nr_partial;
	lock_drop(&n->list_lock);
	return good;
}

bool cache_ok(struct kmem_cache *s)
{
	unsigned int nr_nodes = node_count(s->machine);
	unsigned long seen = 0, slabs = 0;
	bool good = true;

	for (unsigned int cpu = 0; good && cpu < s->nr_cpus; cpu++)
		good = cpu_ok(s, &s->cpu_slab[cpu], &seen);
	for (unsigned int nid = 0; good && nid < nr_nodes; nid++) {
		good = node_ok(s, s->node[nid], &seen);
		slabs += s->node[nid]->nr_slabs;
	}
	return good && seen <= slabs && front_ok(s);
}
