/* SPDX-License-Identifier: MIT */
#include "lazy.h"

#include <kalloc/slab.h>

#include "kasan.h"
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
	unsigned long of_linux = fls_long(m->params.nr_cpus) * ((32UL << 20) >> PAGE_SHIFT);

	return m->params.vfree_unmap || space_is_private(m) ? of_linux
							    : max(of_linux, m->vmap->nr_total);
}

/* Under the lock. */
static void wait_locked(struct vmap_room *room, struct vmap_area *area)
{
	area->state = AREA_LAZY;
	list_add_tail(&area->list, &room->lazy);
	WRITE_ONCE(room->nr_lazy, room->nr_lazy + (area_bytes(area) >> PAGE_SHIFT));
}

void lazy_add(struct kalloc_machine *m, struct vmap_area *area)
{
	struct vmap_room *room = m->vmap;
	bool too_many;

	lock_take(&room->lock);
	WRITE_ONCE(room->nr_vmalloc, room->nr_vmalloc - space_owned(area));
	wait_locked(room, area);
	home_add(m, area);
	too_many = room->nr_lazy > lazy_max_pages(m);
	lock_drop(&room->lock);
	if (too_many)
		lazy_purge(m);
}

/* Everything that waits is the caller's to unmap. */
static void take_all(struct kalloc_machine *m, struct list_head *taken)
{
	struct vmap_room *room = m->vmap;
	struct vmap_area *area;

	lock_take(&room->lock);
	list_splice_init(&room->lazy, taken);
	WRITE_ONCE(room->nr_lazy, 0);
	list_for_each_entry(area, taken, list)
		home_forget(m, area);
	lock_drop(&room->lock);
}

/* Move the first area and those that follow without a gap to @row. Return: where it ends. */
static unsigned long take_row(struct list_head *taken, struct list_head *row)
{
	struct vmap_area *area = list_first_entry(taken, struct vmap_area, list);
	unsigned long end;

	do {
		end = area->va_end;
		list_move_tail(&area->list, row);
		area = list_first_entry(taken, struct vmap_area, list);
	} while (!list_empty(taken) && area->va_start == end);
	return end;
}

/* One call of the host for each row of neighbours. What it refuses goes to @refused. */
static void hide_all(struct kalloc_machine *m, struct list_head *taken, struct list_head *hidden,
		     struct list_head *refused)
{
	while (!list_empty(taken)) {
		struct vmap_area *first = list_first_entry(taken, struct vmap_area, list);
		struct list_head row = LIST_INIT(row);
		unsigned long bytes = take_row(taken, &row) - first->va_start;
		int err = alias_hide(m, (char *)first->va_start, bytes >> PAGE_SHIFT);

		list_splice_init(&row, err ? refused : hidden);
	}
}

/* The addresses of @hidden are free; @refused waits on. */
static void remove_all(struct kalloc_machine *m, struct list_head *hidden,
		       struct list_head *refused)
{
	struct vmap_room *room = m->vmap;
	struct vmap_area *area, *next;

	/* They fault now. */
	list_for_each_entry(area, hidden, list)
		if (kasan_is_on(m))
			asan_open((void *)area->va_start, area_bytes(area));
	lock_take(&room->lock);
	list_for_each_entry(area, hidden, list)
		area_remove(&room->areas, area);
	list_for_each_entry_safe(area, next, refused, list)
		wait_locked(room, area);
	if (CHECK_LEVEL >= 2)
		TRAP_IF(!area_ok(&room->areas));
	lock_drop(&room->lock);
	list_for_each_entry_safe(area, next, hidden, list)
		kfree(area);
}

void lazy_purge(struct kalloc_machine *m)
{
	struct list_head taken = LIST_INIT(taken), hidden = LIST_INIT(hidden);
	struct list_head refused = LIST_INIT(refused);

	lock_take(&m->vmap->purge_lock);
	alias_count_anew(m);
	take_all(m, &taken);
	hide_all(m, &taken, &hidden, &refused);
	remove_all(m, &hidden, &refused);
	lock_drop(&m->vmap->purge_lock);
}
