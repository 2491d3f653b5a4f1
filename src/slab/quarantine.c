/* SPDX-License-Identifier: MIT */
#include "quarantine.h"

#include "cpu_slab.h"
#include "slab_struct.h"

#define MEMORY_SHARE 32

void quarantine_init(struct quarantine *q, size_t bytes)
{
	lock_init(&q->lock, RANK_QUARANTINE);
	q->most = bytes / MEMORY_SHARE;
}

static struct kmem_cache *cache_of(const void *object)
{
	return slab_of(machine_of(object), object)->slab_cache;
}

static void chain_add(struct object_chain *chain, void *object)
{
	object_set_next(cache_of(object), object, NULL);
	if (chain->last)
		object_set_next(cache_of(chain->last), chain->last, object);
	else
		chain->first = object;
	chain->last = object;
}

static void *chain_take(struct object_chain *chain)
{
	void *object = chain->first;

	chain->first = object_next(cache_of(object), object);
	if (!chain->first)
		chain->last = NULL;
	return object;
}

/* With no lock held. */
static void chain_release(struct object_chain *chain)
{
	while (chain->first) {
		void *object = chain_take(chain);
		struct kmem_cache *s = cache_of(object);

		cpu_slab_give(s, slab_of(s->machine, object), object, object, 1);
	}
}

void quarantine_give(struct kmem_cache *s, void *object)
{
	struct quarantine *q = &s->machine->slab->quarantine;
	struct object_chain old = { NULL, NULL };

	lock_take(&q->lock);
	chain_add(&q->chain, object);
	q->bytes += s->size;
	while (q->bytes > q->most) {
		void *oldest = chain_take(&q->chain);

		q->bytes -= cache_of(oldest)->size;
		chain_add(&old, oldest);
	}
	lock_drop(&q->lock);
	chain_release(&old);
}

void quarantine_flush(struct slab_room *room, const struct kmem_cache *s)
{
	struct quarantine *q = &room->quarantine;
	struct object_chain all, out = { NULL, NULL };

	lock_take(&q->lock);
	all = q->chain;
	q->chain = (struct object_chain){ NULL, NULL };
	while (all.first) {
		void *object = chain_take(&all);
		bool leaves = !s || cache_of(object) == s;

		if (leaves)
			q->bytes -= cache_of(object)->size;
		chain_add(leaves ? &out : &q->chain, object);
	}
	lock_drop(&q->lock);
	chain_release(&out);
}
