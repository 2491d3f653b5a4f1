/* SPDX-License-Identifier: MIT */
#include "shrink.h"

#include "front.h"
#include "node.h"
#include "cpu_slab.h"
#include "trace_slab.h"

int kmem_cache_shrink(struct kmem_cache *s)
{
	unsigned long left = 0;
	u32 number;

	context_might_sleep(s->machine);
	number = trace_slab_shrink(s);
	quarantine_flush(s->machine->slab, s);
	front_flush_all(s);
	cpu_slab_flush_all(s);
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++)
		left += node_shrink(s, s->node[nid]);
	trace_slab_shrunk(s, number);
	return left != 0;
}

static struct kalloc_machine *machine_of_shrinker(const struct shrinker *shrinker)
{
	return shrinker->private_data;
}

/* Under the list's lock. */
static unsigned long count_node(struct slab_room *room, int nid)
{
	struct kmem_cache *s;
	unsigned long nr = 0;

	list_for_each_entry(s, &room->slab_caches, list) {
		/* Only then it shows which slabs are empty. */
		front_flush_barn(s);
		nr += node_count_empty(s, s->node[nid]);
	}
	return nr;
}

static unsigned long count_empty(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct slab_room *room = machine_of_shrinker(shrinker)->slab;
	unsigned long nr;

	quarantine_flush(room, NULL);
	lock_take(&room->caches_lock);
	nr = count_node(room, sc->nid);
	/* A few objects at hand may hold a slab each. */
	if (!nr && room->fronts.is_on && front_flush_room(room))
		nr = count_node(room, sc->nid);
	lock_drop(&room->caches_lock);
	return nr;
}

static unsigned long free_empty(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct slab_room *room = machine_of_shrinker(shrinker)->slab;
	struct kmem_cache *s;
	unsigned long nr = 0;

	lock_take(&room->caches_lock);
	list_for_each_entry(s, &room->slab_caches, list)
		nr += node_free_empty(s, s->node[sc->nid], sc->nr_to_scan - nr);
	lock_drop(&room->caches_lock);
	return nr;
}

void shrink_boot(struct kalloc_machine *m)
{
	struct shrinker *shrinker = &m->slab->shrinker;

	*shrinker = (struct shrinker){
		.count_objects = count_empty,
		.scan_objects = free_empty,
		.flags = SHRINKER_NUMA_AWARE,
		.private_data = m,
	};
	shrinker_add(m, shrinker);
}

void shrink_halt(struct kalloc_machine *m)
{
	unregister_shrinker(&m->slab->shrinker);
}
