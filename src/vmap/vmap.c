/* SPDX-License-Identifier: MIT */
#include "vmap.h"

#include "kasan.h"
#include "lazy.h"
#include "space.h"

/* What the room has of the machine's tables. */
struct vmap_cut {
	struct vmap_room *room;
	unsigned long *starts; /* a word for each page of the space */
	unsigned long *words;  /* the same, with one before and one behind */
};

static struct vmap_cut vmap_cut(const struct kalloc_machine *m, struct tables *tables)
{
	size_t nr = (size_t)(m->vmalloc_end - m->vmalloc_start) >> PAGE_SHIFT;

	return (struct vmap_cut){
		.room = table_cut(tables, sizeof(struct vmap_room)),
		.starts = table_cut_large(tables, nr * sizeof(unsigned long)),
		.words = table_cut_large(tables, (nr + 2) * sizeof(unsigned long)),
	};
}

void vmap_measure(const struct kalloc_machine *m, struct tables *tables)
{
	vmap_cut(m, tables);
}

int vmap_boot(struct kalloc_machine *m)
{
	struct vmap_cut cut = vmap_cut(m, &m->tables);

	cut.room->coin.state = m->params.seed;
	m->vmap = cut.room;
	space_boot(m, cut.room, cut.starts);
	alias_boot(&cut.room->aliases, cut.words + 1, m->params.ram_private);
	lazy_boot(m);
	return 0;
}

/* Others may get these addresses from the host. */
static void open_all(const struct areas *areas)
{
	const struct vmap_area *area;

	for (area = area_first(areas); area; area = area_next(areas, area))
		asan_open((void *)area->va_start, area_bytes(area));
}

void vmap_halt(struct kalloc_machine *m)
{
	if (kasan_is_on(m))
		open_all(&m->vmap->areas);
	lazy_halt(m);
	alias_halt(&m->vmap->aliases);
	window_halt(m);
	m->vmap = NULL;
}

void vmap_freeze(struct kalloc_machine *m)
{
	lock_take_nested(&m->vmap->purge_lock);
	lock_take_nested(&m->vmap->lock);
	lock_take_nested(&m->vmap->aliases.lock);
}

void vmap_thaw(struct kalloc_machine *m)
{
	lock_drop(&m->vmap->aliases.lock);
	lock_drop(&m->vmap->lock);
	lock_drop(&m->vmap->purge_lock);
}

/*
 * An area that another thread of the parent was making or taking down stays what
 * it was at the fork; nobody in the child will finish it.
 */
int vmap_remap_all(struct kalloc_machine *m)
{
	const struct areas *areas = &m->vmap->areas;
	const struct vmap_area *area;
	int err;

	if (space_is_private(m))
		return 0;
	err = map_uncommit(m->vmalloc_start, (size_t)(m->vmalloc_end - m->vmalloc_start));
	home_forget_all(m);
	window_forget(m);
	for (area = area_first(areas); area && !err; area = area_next(areas, area))
		err = alias_rebuild(m, (char *)area->va_start, area_bytes(area) >> PAGE_SHIFT);
	return err;
}

unsigned long vmap_nr_vmalloc(const struct kalloc_machine *m)
{
	return READ_ONCE(m->vmap->nr_vmalloc);
}

static void visit_busy(const struct vmap_area *area,
		       void (*visit)(const struct vmap_entry *entry, void *ctx), void *ctx)
{
	struct vmap_entry entry = {
		.start = (const char *)area->va_start,
		.end = (const char *)area->va_end,
		.kind = area->vm ? VMAP_VM : VMAP_RAM,
	};
	unsigned long flags = area->vm ? __atomic_load_n(&area->vm->flags, __ATOMIC_ACQUIRE) : 0;
	struct vm_struct partial;

	entry.vm = area->vm;
	if (flags & VM_UNINITIALIZED) {
		partial = (struct vm_struct){
			.addr = area->vm->addr,
			.size = area->vm->size,
			.flags = flags,
			.caller = area->vm->caller,
		};
		entry.vm = &partial;
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
