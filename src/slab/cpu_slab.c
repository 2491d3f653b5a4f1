/* SPDX-License-Identifier: MIT */
#include "cpu_slab.h"
#include "node.h"
#include "object_note.h"

static inline struct kmem_cache_cpu *cpu_here(const struct kmem_cache *s)
{
	return &s->cpu_slab[cpu_current(s->nr_cpus)];
}

static inline bool is_on(const struct slab *slab, int nid)
{
	return nid == NUMA_NO_NODE || slab_nid(slab) == nid;
}

static void *pop(const struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	void *object = c->freelist;

	c->freelist = object_next(s, object);
	return object;
}

/* Give the CPU's slab back to its node. */
static void deactivate(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->slab;
	void *freelist = c->freelist;

	c->slab = NULL;
	c->freelist = NULL;
	if (slab)
		node_deactivate(s, slab, freelist);
}

/* A partial slab of node @nid, or of the caller's and then of any that has plenty. */
static bool take_partial(struct kmem_cache *s, struct kmem_cache_cpu *c, int nid)
{
	int here = nid == NUMA_NO_NODE ? node_current(s->machine) : nid;
	int nr_nodes = (int)node_count(s->machine);

	c->slab = node_take(s, here, &c->freelist, &c->partial);
	for (int i = 1; !c->slab && nid == NUMA_NO_NODE && i < nr_nodes; i++) {
		int other = (here + i) % nr_nodes;

		if (READ_ONCE(s->node[other]->nr_partial) > s->min_partial)
			c->slab = node_take(s, other, &c->freelist, &c->partial);
	}
	return c->slab != NULL;
}

static void *take_checked(struct kmem_cache *s, int nid)
{
	int here = nid == NUMA_NO_NODE ? node_current(s->machine) : nid;
	int nr_nodes = (int)node_count(s->machine);
	void *object = node_take_checked(s, here);

	for (int i = 1; !object && nid == NUMA_NO_NODE && i < nr_nodes; i++) {
		int other = (here + i) % nr_nodes;

		if (READ_ONCE(s->node[other]->nr_partial) > s->min_partial)
			object = node_take_checked(s, other);
	}
	if (object)
		note_from(s, KALLOC_FROM_NODE_PARTIAL, slab_nid(slab_of(s->machine, object)));
	return object;
}

/* Everything short of a new slab. Return: an object or NULL. */
static never_inline void *refill(struct kmem_cache *s, struct kmem_cache_cpu *c, int nid)
{
	enum kalloc_from where = KALLOC_FROM_GIVEN_BACK;

	if (cache_is_checked(s))
		return take_checked(s, nid);
	for (;;) {
		if (c->slab && !is_on(c->slab, nid))
			deactivate(s, c);
		if (c->slab) {
			if (!c->freelist)
				c->freelist = node_reclaim(s, c->slab);
			if (c->freelist) {
				note_from(s, where, slab_nid(c->slab));
				return pop(s, c);
			}
			c->slab = NULL;
		}
		if (c->partial) {
			c->slab = c->partial;
			c->partial = c->slab->next;
			where = KALLOC_FROM_CPU_PARTIAL;
		} else if (take_partial(s, c, nid)) {
			where = KALLOC_FROM_NODE_PARTIAL;
		} else {
			return NULL;
		}
	}
}

static cold_path void *grow(struct kmem_cache *s, struct kmem_cache_cpu *c, gfp_t gfp, int nid)
{
	struct slab *slab = slab_make(s, gfp, nid);
	void *freelist, *object;

	if (!slab) {
		cache_warn_oom(s, gfp, nid);
		return NULL;
	}
	if (cache_is_checked(s))
		return node_add_checked(s, slab);
	freelist = node_add_frozen(s, slab);
	lock_take(&c->lock);
	/* Another thread on this CPU may have found a slab meanwhile. */
	deactivate(s, c);
	c->slab = slab;
	c->freelist = freelist;
	object = pop(s, c);
	lock_drop(&c->lock);
	return object;
}

void *cpu_slab_take(struct kmem_cache *s, gfp_t gfp, int nid)
{
	struct kmem_cache_cpu *c = cpu_here(s);
	void *object;

	lock_take(&c->lock);
	if (likely(c->freelist && is_on(c->slab, nid)))
		object = pop(s, c);
	else
		object = refill(s, c, nid);
	lock_drop(&c->lock);
	return likely(object != NULL) ? object : grow(s, c, gfp, nid);
}

size_t cpu_slab_take_many(struct kmem_cache *s, size_t count, void **p)
{
	struct kmem_cache_cpu *c = cpu_here(s);
	size_t i = 0;

	lock_take(&c->lock);
	while (i < count && c->freelist)
		p[i++] = pop(s, c);
	lock_drop(&c->lock);
	return i;
}

/* Put a slab in reserve. Return: the old reserve if it is full and to go back, or NULL. */
static struct slab *push_partial(struct kmem_cache *s, struct kmem_cache_cpu *c, struct slab *slab)
{
	struct slab *old = c->partial, *surplus = NULL;

	if (old && (unsigned int)old->slabs >= s->cpu_partial_slabs) {
		surplus = old;
		old = NULL;
	}
	slab->slabs = old ? old->slabs + 1 : 1;
	slab->next = old;
	c->partial = slab;
	return surplus;
}

static never_inline void give_to_node(struct kmem_cache *s, struct slab *slab, void *head,
				      void *tail, unsigned int cnt)
{
	struct kmem_cache_cpu *c = cpu_here(s);
	struct slab *surplus;

	if (cache_is_checked(s)) {
		node_free_checked(s, slab, head, tail, cnt);
		return;
	}
	if (!node_free(s, slab, head, tail, cnt))
		return;
	lock_take(&c->lock);
	surplus = push_partial(s, c, slab);
	lock_drop(&c->lock);
	node_unfreeze(s, surplus);
}

void cpu_slab_give(struct kmem_cache *s, struct slab *slab, void *head, void *tail,
		   unsigned int cnt)
{
	struct kmem_cache_cpu *c = cpu_here(s);

	lock_take(&c->lock);
	if (likely(slab == c->slab)) {
		object_set_next(s, tail, c->freelist);
		c->freelist = head;
		lock_drop(&c->lock);
		return;
	}
	lock_drop(&c->lock);
	give_to_node(s, slab, head, tail, cnt);
}

void cpu_slab_flush_all(struct kmem_cache *s)
{
	for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++) {
		struct kmem_cache_cpu *c = &s->cpu_slab[cpu];
		struct slab *partial;

		lock_take(&c->lock);
		deactivate(s, c);
		partial = c->partial;
		c->partial = NULL;
		lock_drop(&c->lock);
		node_unfreeze(s, partial);
	}
}
