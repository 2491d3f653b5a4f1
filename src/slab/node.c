/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "pattern.h"

/* Partial slabs with up to this many free objects are sorted by node_shrink(). */
#define SORT_FREE_MAX 32

void node_init(struct kmem_cache_node *n)
{
	lock_init(&n->list_lock, RANK_SLAB_NODE);
	n->nr_partial = n->nr_slabs = n->total_objects = 0;
	list_init(&n->partial);
	list_init(&n->full);
}

static void count_slab(struct kmem_cache_node *n, const struct slab *slab)
{
	n->nr_slabs++;
	n->total_objects += slab->objects;
}

static void uncount_slab(struct kmem_cache_node *n, const struct slab *slab)
{
	n->nr_slabs--;
	n->total_objects -= slab->objects;
}

static void add_partial(struct kmem_cache_node *n, struct slab *slab, bool tail)
{
	WRITE_ONCE(n->nr_partial, n->nr_partial + 1);
	if (tail)
		list_add_tail(&slab->slab_list, &n->partial);
	else
		list_add(&slab->slab_list, &n->partial);
}

static void remove_partial(struct kmem_cache_node *n, struct slab *slab)
{
	list_del(&slab->slab_list);
	WRITE_ONCE(n->nr_partial, n->nr_partial - 1);
}

static bool is_surplus(const struct kmem_cache *s, const struct kmem_cache_node *n,
		       const struct slab *slab)
{
	return !slab->inuse && n->nr_partial >= s->min_partial &&
	       !(s->flags & SLAB_TYPESAFE_BY_RCU);
}

void *node_add_frozen(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	void *freelist = slab->freelist;

	lock_take(&n->list_lock);
	count_slab(n, slab);
	slab->freelist = NULL;
	slab->inuse = slab->objects;
	slab->frozen = 1;
	lock_drop(&n->list_lock);
	return freelist;
}

void *node_reclaim(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	void *freelist;

	lock_take(&n->list_lock);
	freelist = slab->freelist;
	slab->freelist = NULL;
	slab->inuse = slab->objects;
	slab->frozen = freelist != NULL;
	lock_drop(&n->list_lock);
	return freelist;
}

void node_deactivate(struct kmem_cache *s, struct slab *slab, void *freelist)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	void *last = NULL;
	unsigned int count = 0;
	bool surplus, freed_past_cpu;

	for (void *object = freelist; object; object = object_next(s, object)) {
		last = object;
		count++;
	}

	lock_take(&n->list_lock);
	freed_past_cpu = slab->freelist != NULL;
	if (last) {
		object_set_next(s, last, slab->freelist);
		slab->freelist = freelist;
		slab->inuse = (slab->inuse - count) & 0xffff;
	}
	slab->frozen = 0;
	surplus = is_surplus(s, n, slab);
	if (surplus)
		uncount_slab(n, slab);
	else if (slab->freelist)
		add_partial(n, slab, freed_past_cpu);
	lock_drop(&n->list_lock);
	if (surplus)
		slab_discard(s, slab);
}

static void unfreeze_one(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	bool surplus;

	lock_take(&n->list_lock);
	slab->frozen = 0;
	surplus = is_surplus(s, n, slab);
	if (surplus)
		uncount_slab(n, slab);
	else
		add_partial(n, slab, true);
	lock_drop(&n->list_lock);
	if (surplus)
		slab_discard(s, slab);
}

void node_unfreeze(struct kmem_cache *s, struct slab *chain)
{
	while (chain) {
		struct slab *slab = chain;

		chain = slab->next;
		unfreeze_one(s, slab);
	}
}

/* Freeze partial slabs for a CPU's reserve until it holds half of what it may. */
static struct slab *take_extra(struct kmem_cache *s, struct kmem_cache_node *n)
{
	struct slab *extra = NULL, *slab;
	unsigned int most = s->cpu_partial ? s->cpu_partial_slabs / 2 + 1 : 0;

	for (unsigned int i = 0; i < most && !list_empty(&n->partial); i++) {
		slab = list_first_entry(&n->partial, struct slab, slab_list);
		remove_partial(n, slab);
		slab->frozen = 1;
		slab->next = extra;
		slab->slabs = extra ? extra->slabs + 1 : 1;
		extra = slab;
	}
	return extra;
}

struct slab *node_take(struct kmem_cache *s, int nid, void **freelist, struct slab **extra)
{
	struct kmem_cache_node *n = s->node[nid];
	struct slab *slab;

	/* Racy look first, as Linux: an empty list is common and costs no lock. */
	if (!READ_ONCE(n->nr_partial))
		return NULL;
	lock_take(&n->list_lock);
	slab = list_first_or_null(&n->partial, struct slab, slab_list);
	if (slab) {
		remove_partial(n, slab);
		*freelist = slab->freelist;
		slab->freelist = NULL;
		slab->inuse = slab->objects;
		slab->frozen = 1;
		*extra = take_extra(s, n);
	}
	lock_drop(&n->list_lock);
	return slab;
}

/*
 * Put @cnt objects on their slab's free list; a full slab that gets its first ones is to
 * be frozen if @may_freeze. Return: whether it was. Under the lock; *@surplus is set to
 * a slab that is to be discarded.
 */
static bool free_locked(struct kmem_cache *s, struct kmem_cache_node *n, struct slab *slab,
			void *head, void *tail, unsigned int cnt, bool may_freeze,
			struct slab **surplus)
{
	bool was_full = !slab->freelist, is_over;

	object_set_next(s, tail, slab->freelist);
	slab->freelist = head;
	slab->inuse = (slab->inuse - cnt) & 0xffff;
	if (slab->frozen)
		return false;
	if (was_full && may_freeze) {
		slab->frozen = 1;
		return true;
	}
	is_over = is_surplus(s, n, slab);
	if (is_over && !was_full)
		remove_partial(n, slab);
	if (is_over) {
		uncount_slab(n, slab);
		*surplus = slab;
	} else if (was_full) {
		add_partial(n, slab, true);
	}
	return false;
}

bool node_free(struct kmem_cache *s, struct slab *slab, void *head, void *tail, unsigned int cnt)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	struct slab *surplus = NULL;
	bool frozen;

	lock_take(&n->list_lock);
	frozen = free_locked(s, n, slab, head, tail, cnt, s->cpu_partial != 0, &surplus);
	lock_drop(&n->list_lock);
	if (surplus)
		slab_discard(s, surplus);
	return frozen;
}

/* How far ahead node_free_many() has the struct pages brought into the cache. */
#define AHEAD 8

void node_free_many(struct kmem_cache *s, void **objects, unsigned int nr)
{
	struct kmem_cache_node *n = s->node[0];
	struct slab *chain = NULL;

	lock_take(&n->list_lock);
	for (unsigned int i = 0; i < nr; i++) {
		struct slab *surplus = NULL;

		if (i + AHEAD < nr)
			__builtin_prefetch(linear_to_page(s->machine, objects[i + AHEAD]), 1);
		free_locked(s, n, slab_of(s->machine, objects[i]), objects[i], objects[i], 1, false,
			    &surplus);
		if (surplus) {
			surplus->next = chain;
			chain = surplus;
		}
	}
	lock_drop(&n->list_lock);
	slab_discard_chain(s, chain);
}

static void *take_one(struct kmem_cache *s, struct slab *slab)
{
	void *object = slab->freelist;

	slab->freelist = object_next(s, object);
	slab->inuse = (slab->inuse + 1) & 0xffff;
	pattern_alloc(s, object);
	return object;
}

static void add_full(struct kmem_cache *s, struct kmem_cache_node *n, struct slab *slab)
{
	if (s->flags & SLAB_STORE_USER)
		list_add(&slab->slab_list, &n->full);
}

void node_fill(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *n = slab_node(s, slab);

	remove_partial(n, slab);
	add_full(s, n, slab);
}

void *node_take_checked(struct kmem_cache *s, int nid)
{
	struct kmem_cache_node *n = s->node[nid];
	struct slab *slab;
	void *object = NULL;

	lock_take(&n->list_lock);
	slab = list_first_or_null(&n->partial, struct slab, slab_list);
	if (slab) {
		object = take_one(s, slab);
		if (slab->inuse == slab->objects)
			node_fill(s, slab);
	}
	lock_drop(&n->list_lock);
	return object;
}

void *node_add_checked(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	void *object;

	lock_take(&n->list_lock);
	count_slab(n, slab);
	object = take_one(s, slab);
	if (slab->inuse < slab->objects)
		add_partial(n, slab, false);
	else
		add_full(s, n, slab);
	lock_drop(&n->list_lock);
	return object;
}

void node_free_checked(struct kmem_cache *s, struct slab *slab, void *head, void *tail,
		       unsigned int cnt)
{
	struct kmem_cache_node *n = slab_node(s, slab);
	struct slab *surplus = NULL;

	lock_take(&n->list_lock);
	/* Under the lock: who looks at the slab is to see the object and its pattern agree. */
	for (void *object = head;; object = object_next(s, object)) {
		pattern_free(s, object);
		if (object == tail)
			break;
	}
	if (!slab->freelist && (s->flags & SLAB_STORE_USER))
		list_del(&slab->slab_list);
	/* No slab of a checked cache is frozen. */
	free_locked(s, n, slab, head, tail, cnt, false, &surplus);
	lock_drop(&n->list_lock);
	if (surplus)
		slab_discard(s, surplus);
}

void node_set_request(struct kmem_cache *s, struct slab *slab, void *object, size_t bytes)
{
	struct kmem_cache_node *n = slab_node(s, slab);

	lock_take(&n->list_lock);
	pattern_set_request(s, object, bytes);
	lock_drop(&n->list_lock);
}

void node_count_slabs(struct kmem_cache_node *n, struct slab_counts *counts)
{
	struct slab *slab;

	lock_take(&n->list_lock);
	counts->slabs += n->nr_slabs;
	counts->objects += n->total_objects;
	counts->partial_slabs += n->nr_partial;
	list_for_each_entry(slab, &n->partial, slab_list) {
		counts->free += slab->objects - slab->inuse;
		counts->partial_used += slab->inuse;
	}
	lock_drop(&n->list_lock);
}

/* Move an empty slab from the list to @chain. */
static void detach_empty(struct kmem_cache_node *n, struct slab *slab, struct slab **chain)
{
	remove_partial(n, slab);
	uncount_slab(n, slab);
	slab->next = *chain;
	*chain = slab;
}

unsigned long node_drain(struct kmem_cache *s, struct kmem_cache_node *n)
{
	struct slab *slab, *tmp, *empty = NULL;
	unsigned long left;

	lock_take(&n->list_lock);
	list_for_each_entry_safe(slab, tmp, &n->partial, slab_list) {
		if (!slab->inuse)
			detach_empty(n, slab, &empty);
	}
	left = n->nr_slabs;
	lock_drop(&n->list_lock);
	slab_discard_chain(s, empty);
	return left;
}

unsigned long node_count_empty(struct kmem_cache *s, struct kmem_cache_node *n)
{
	struct slab *slab;
	unsigned long nr = 0;

	/* Most caches have no partial slab, and reclaim asks often: a look without the lock. */
	if (!READ_ONCE(n->nr_partial) || s->flags & SLAB_TYPESAFE_BY_RCU)
		return 0;
	lock_take(&n->list_lock);
	list_for_each_entry(slab, &n->partial, slab_list)
		nr += !slab->inuse;
	lock_drop(&n->list_lock);
	return nr;
}

unsigned long node_free_empty(struct kmem_cache *s, struct kmem_cache_node *n, unsigned long most)
{
	struct slab *slab, *tmp, *empty = NULL;
	unsigned long nr = 0;

	if (s->flags & SLAB_TYPESAFE_BY_RCU)
		return 0;
	lock_take(&n->list_lock);
	list_for_each_entry_safe(slab, tmp, &n->partial, slab_list) {
		if (nr == most)
			break;
		if (slab->inuse)
			continue;
		detach_empty(n, slab, &empty);
		nr++;
	}
	lock_drop(&n->list_lock);
	slab_discard_chain(s, empty);
	return nr;
}

unsigned long node_shrink(struct kmem_cache *s, struct kmem_cache_node *n)
{
	bool keep_empty = (s->flags & SLAB_TYPESAFE_BY_RCU) != 0;
	struct list_head by_free[SORT_FREE_MAX];
	struct slab *slab, *tmp, *empty = NULL;
	unsigned long left;

	for (int i = 0; i < SORT_FREE_MAX; i++)
		list_init(&by_free[i]);
	lock_take(&n->list_lock);
	list_for_each_entry_safe(slab, tmp, &n->partial, slab_list) {
		unsigned int free = slab->objects - slab->inuse;

		if (!slab->inuse && !keep_empty)
			detach_empty(n, slab, &empty);
		else if (free <= SORT_FREE_MAX)
			list_move(&slab->slab_list, &by_free[free - 1]);
	}
	for (int i = SORT_FREE_MAX - 1; i >= 0; i--)
		list_splice_init(&by_free[i], &n->partial);
	left = n->nr_slabs;
	lock_drop(&n->list_lock);
	slab_discard_chain(s, empty);
	return left;
}
