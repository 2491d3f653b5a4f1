/* SPDX-License-Identifier: MIT */
#include "cpu_slab.h"
#include "front.h"
#include "node.h"
#include "report.h"

#define MAP_WORDS ((MAX_OBJS_PER_PAGE + 64) / 64)

/* How far a look at one list of a node has come. */
struct place {
	struct list_head *list;
	unsigned long slab;  /* this one is next, */
	unsigned int object; /* and from this object on */
	long nr_done;	     /* slabs; those that left the list, too */
	unsigned long free[MAP_WORDS];
};

/* The first fault of @slab from @place on. */
static bool slab_sound(const struct kmem_cache *s, const struct slab *slab, struct place *place,
		       struct finding *f)
{
	if (!check_slab(s, slab, f))
		return false;
	memset(place->free, 0, sizeof(place->free));
	slab_map_free(s, slab, place->free);
	for (; place->object < slab->objects; place->object++) {
		unsigned int i = place->object;

		if (!check_object(s, slab, slab_object(s, slab, i),
				  place->free[i / 64] >> (i % 64) & 1, f))
			return false;
	}
	return true;
}

static void place_next(struct place *place, bool has_left)
{
	place->slab += !has_left;
	place->object = 0;
	place->nr_done++;
}

/* Return: true if the slab left the list: the objects that it had free are lost. */
static bool mend(struct kmem_cache *s, struct slab *slab, const struct finding *f)
{
	bool had_free = slab->freelist != NULL;

	check_mend(s, slab, f);
	if (!had_free || slab->freelist)
		return false;
	node_fill(s, slab);
	return true;
}

/* Find the next fault and mend it. Return: true if there was one. Under the lock. */
static bool find_next(struct kmem_cache *s, struct place *place, struct report *report)
{
	struct finding f;
	struct slab *slab;
	unsigned long i = 0;
	bool has_left;

	list_for_each_entry(slab, place->list, slab_list) {
		if (i++ < place->slab)
			continue;
		if (slab_sound(s, slab, place, &f)) {
			place_next(place, false);
			continue;
		}
		report_take(report, s, slab, &f);
		has_left = mend(s, slab, &f);
		if (f.ends)
			place_next(place, has_left);
		return true;
	}
	return false;
}

/* Return: how many slabs there were on @list. */
static long list_validate(struct kmem_cache *s, struct kmem_cache_node *n, struct list_head *list)
{
	struct place place = { .list = list };
	struct report report;
	bool found;

	do {
		lock_take(&n->list_lock);
		found = find_next(s, &place, &report);
		lock_drop(&n->list_lock);
		if (found)
			report_print(s, &report);
	} while (found);
	return place.nr_done;
}

long validate_slab_cache(struct kmem_cache *s)
{
	long nr = 0;

	context_might_sleep(s->machine);
	front_flush_all(s);
	cpu_slab_flush_all(s);
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++) {
		struct kmem_cache_node *n = s->node[nid];

		nr += list_validate(s, n, &n->partial);
		nr += list_validate(s, n, &n->full);
	}
	return nr;
}
