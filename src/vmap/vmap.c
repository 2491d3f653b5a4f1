/* SPDX-License-Identifier: MIT */
#include "vmap.h"

#include "lazy.h"
#include "space.h"

int vmap_boot(struct kalloc_machine *m)
{
	struct vmap_room *room = map_alloc(sizeof(*room));
	int err;

	if (!room)
		return -ENOMEM;
	lock_init(&room->lock, RANK_VMAP);
	area_init(&room->areas, (unsigned long)m->vmalloc_start, (unsigned long)m->vmalloc_end);
	list_init(&room->lazy);
	room->coin.state = m->params.seed;
	room->full_limit = (struct ratelimit){ .interval_ms = 5000, .burst = 10 };
	err = alias_boot(m, &room->aliases);
	if (err) {
		map_free(room, sizeof(*room));
		return err;
	}
	m->vmap = room;
	lazy_boot(m);
	return 0;
}

void vmap_halt(struct kalloc_machine *m)
{
	lazy_halt(m);
	alias_halt(m, &m->vmap->aliases);
	map_free(m->vmap, sizeof(*m->vmap));
	m->vmap = NULL;
}

void vmap_freeze(struct kalloc_machine *m)
{
	lock_take_nested(&m->vmap->lock);
}

void vmap_thaw(struct kalloc_machine *m)
{
	lock_drop(&m->vmap->lock);
}

/*
 * An area that another thread of the parent was making or taking down stays what
 * it was at the fork; nobody in the child will finish it.
 */
int vmap_remap_all(struct kalloc_machine *m)
{
	const struct areas *areas = &m->vmap->areas;
	const struct vmap_area *area;
	int err = map_uncommit(m->vmalloc_start, (size_t)(m->vmalloc_end - m->vmalloc_start));

	for (area = area_first(areas); area && !err; area = area_next(areas, area)) {
		if (area->state == AREA_BUSY)
			err = alias_remap(m, (char *)area->va_start,
					  area_bytes(area) >> PAGE_SHIFT);
	}
	return err;
}

static void visit_busy(const struct vmap_area *area,
		       void (*visit)(const struct vmap_entry *entry, void *ctx), void *ctx)
{
	struct vmap_entry entry = {
		.start = (const char *)area->va_start,
		.end = (const char *)area->va_end,
		.kind = area->vm ? VMAP_VM : VMAP_RAM,
	};
	struct vm_struct partial;

	if (area->vm && (area->vm->flags & VM_UNINITIALIZED)) {
		partial = (struct vm_struct){
			.addr = area->vm->addr,
			.size = area->vm->size,
			.flags = area->vm->flags,
			.caller = area->vm->caller,
		};
		entry.vm = &partial;
	} else {
		entry.vm = area->vm;
	}
	visit(&entry, ctx);
}

static void visit_unpurged(const struct areas *areas,
			   void (*visit)(const struct vmap_entry *entry, void *ctx), void *ctx)
{
	struct vmap_entry entry = { .kind = VMAP_UNPURGED };
	const struct vmap_area *area;

	for (area = area_first(areas); area; area = area_next(areas, area)) {
		if (area->state == AREA_BUSY)
			continue;
		if (entry.end != (const char *)area->va_start) {
			if (entry.start)
				visit(&entry, ctx);
			entry.start = (const char *)area->va_start;
		}
		entry.end = (const char *)area->va_end;
	}
	if (entry.start)
		visit(&entry, ctx);
}

void vmap_each(struct kalloc_machine *m, void (*visit)(const struct vmap_entry *entry, void *ctx),
	       void *ctx)
{
	const struct areas *areas = &m->vmap->areas;
	const struct vmap_area *area;

	lock_take(&m->vmap->lock);
	for (area = area_first(areas); area; area = area_next(areas, area)) {
		if (area->state == AREA_BUSY)
			visit_busy(area, visit, ctx);
	}
	visit_unpurged(areas, visit, ctx);
	lock_drop(&m->vmap->lock);
}
