/* SPDX-License-Identifier: MIT */
#include "lazy.h"

#include <kalloc/slab.h>

#include "page.h"
#include "space.h"

static unsigned long count_lazy(struct shrinker *shrinker, struct shrink_control *sc)
{
	const struct kalloc_machine *m = shrinker->private_data;

	return READ_ONCE(m->vmap->nr_lazy);
}

static unsigned long purge_lazy(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct kalloc_machine *m = shrinker->private_data;

	sc->nr_scanned = READ_ONCE(m->vmap->nr_lazy);
	lazy_purge(m);
	return sc->nr_scanned;
}

void lazy_boot(struct kalloc_machine *m)
{
	struct shrinker *shrinker = &m->vmap->shrinker;

	*shrinker = (struct shrinker){
		.count_objects = count_lazy,
		.scan_objects = purge_lazy,
		.private_data = m,
	};
	shrinker_add(m, shrinker);
}

void lazy_halt(struct kalloc_machine *m)
{
	unregister_shrinker(&m->vmap->shrinker);
}

unsigned long lazy_max_pages(const struct kalloc_machine *m)
{
	return fls_long(m->params.nr_cpus) * ((32UL << 20) >> PAGE_SHIFT);
}

void lazy_add(struct kalloc_machine *m, struct vmap_area *area)
{
	struct vmap_room *room = m->vmap;
	bool too_many;

	lock_take(&room->lock);
	area->state = AREA_LAZY;
	list_add_tail(&area->list, &room->lazy);
	WRITE_ONCE(room->nr_lazy, room->nr_lazy + (area_bytes(area) >> PAGE_SHIFT));
	too_many = room->nr_lazy > lazy_max_pages(m);
	lock_drop(&room->lock);
	if (too_many)
		lazy_purge(m);
}

void lazy_purge(struct kalloc_machine *m)
{
	struct vmap_room *room = m->vmap;
	struct vmap_area *area, *next;
	struct list_head purged = LIST_INIT(purged);

	lock_take(&room->lock);
	list_splice_init(&room->lazy, &purged);
	WRITE_ONCE(room->nr_lazy, 0);
	list_for_each_entry(area, &purged, list)
		area_remove(&room->areas, area);
	if (CHECK_LEVEL >= 2)
		TRAP_IF(!area_ok(&room->areas));
	lock_drop(&room->lock);

	list_for_each_entry_safe(area, next, &purged, list)
		kfree(area);
}
