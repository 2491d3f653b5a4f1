/* SPDX-License-Identifier: MIT */
#include "cache.h"
#include "front.h"
#include "node.h"
#include "cpu_slab.h"
#include "report.h"
#include "trace_slab.h"

#define MAP_WORDS ((MAX_OBJS_PER_PAGE + 64) / 64)

/* A partial slab as it was under the lock, to be printed without it. */
struct leftover {
	struct slab slab;
	char *address;
	unsigned long free[MAP_WORDS];
};

/* Look at partial slab number @index. Return: false if there are not so many. */
static bool leftover_find(const struct kmem_cache *s, struct kmem_cache_node *n,
			  unsigned long index, struct leftover *left)
{
	struct slab *slab;
	bool found = false;

	memset(left->free, 0, sizeof(left->free));
	lock_take(&n->list_lock);
	list_for_each_entry(slab, &n->partial, slab_list) {
		if (index--)
			continue;
		left->slab = *slab;
		left->address = slab_address(s, slab);
		slab_map_free(s, slab, left->free);
		found = true;
		break;
	}
	lock_drop(&n->list_lock);
	return found;
}

static void leftover_print(struct kmem_cache *s, const struct leftover *left)
{
	if (!report_is_taken(s, KALLOC_SLAB_BUG)) {
		report_head(s, "Objects remaining in %s on __kmem_cache_shutdown()", s->name);
		report_slab(s, &left->slab, left->address);
	}
	for (unsigned int i = 0; i < left->slab.objects; i++) {
		size_t offset = s->red_left_pad + (size_t)i * s->size;

		if (!(left->free[i / 64] >> (i % 64) & 1) && !report_is_taken(s, KALLOC_SLAB_LEFT))
			console_print("Object 0x%016lx @offset=%zu\n",
				      (unsigned long)left->address + offset, offset);
	}
}

static void report_leftovers(struct kmem_cache *s, struct kmem_cache_node *n)
{
	struct leftover left;

	for (unsigned long i = 0; leftover_find(s, n, i, &left); i++)
		leftover_print(s, &left);
}

/* Return: true if no slab is left. */
static bool shut_down(struct kmem_cache *s)
{
	quarantine_flush(s->machine->slab, s);
	front_flush_all(s);
	cpu_slab_flush_all(s);
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++) {
		if (node_drain(s, s->node[nid])) {
			report_leftovers(s, s->node[nid]);
			return false;
		}
	}
	return true;
}

/* Drop one reference. Return: true if it was the last; nobody can take another then. */
static bool drop_last(struct slab_room *room, struct kmem_cache *s)
{
	bool last;

	lock_take(&room->caches_lock);
	last = --s->refcount == 0;
	lock_drop(&room->caches_lock);
	return last;
}

static cold_path int keep_alive(struct slab_room *room, struct kmem_cache *s, const void *caller)
{
	lock_take(&room->caches_lock);
	s->refcount = 1;
	lock_drop(&room->caches_lock);
	if (!report_is_taken(s, KALLOC_SLAB_STAYS))
		WARN(true,
		     "kmem_cache_destroy %s: Slab cache still has objects when called from 0x%lx\n",
		     s->name, (unsigned long)caller);
	return 1;
}

static int let_go(struct kmem_cache *s, const void *caller)
{
	struct slab_room *room;
	const char *name;

	context_might_sleep(s->machine);
	if (!drop_last(s->machine->slab, s))
		return 0;
	room = s->machine->slab;
	if (!shut_down(s))
		return keep_alive(room, s, caller);
	lock_take(&room->caches_lock);
	list_del(&s->list);
	lock_drop(&room->caches_lock);
	name = s->name;
	cache_drop(s);
	kfree(name);
	return 0;
}

static int destroy(struct kmem_cache *s, const void *caller)
{
	struct kalloc_machine *m;
	u32 number;
	int left;

	if (!s)
		return 0;
	m = s->machine;
	number = trace_slab_destroy(s);
	left = let_go(s, caller);
	trace_slab_destroyed(m, number);
	return left;
}

void kmem_cache_destroy(struct kmem_cache *s)
{
	destroy(s, __builtin_return_address(0));
}

int kalloc_cache_destroy(struct kmem_cache *s)
{
	return destroy(s, __builtin_return_address(0));
}
