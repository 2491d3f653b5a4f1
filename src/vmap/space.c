/* SPDX-License-Identifier: MIT */
#include "space.h"

#include <kalloc/slab.h>

#include "lazy.h"
#include "slab.h"

static bool space_place(struct vmap_room *room, struct vmap_area *area, unsigned long bytes,
			unsigned long align)
{
	bool placed;

	lock_take(&room->lock);
	placed = area_place(&room->areas, area, bytes, align);
	if (CHECK_LEVEL >= 2)
		TRAP_IF(!area_ok(&room->areas));
	lock_drop(&room->lock);
	return placed;
}

static cold_path void report_full(struct vmap_room *room, unsigned long bytes, gfp_t gfp)
{
	unsigned int suppressed;

	if (!(gfp & __GFP_NOWARN) && ratelimit_pass(&room->full_limit, &suppressed))
		console_print("vmap allocation for size %lu failed: "
			      "use vmalloc=<size> to increase size\n",
			      bytes);
}

struct vmap_area *space_take(struct kalloc_machine *m, unsigned long bytes, unsigned long align,
			     gfp_t gfp, int nid)
{
	struct vmap_area *area;

	context_might_sleep(m);
	area = slab_kmalloc(m, sizeof(*area), gfp & GFP_RECLAIM_MASK, nid);
	if (!area)
		return NULL;
	if (space_place(m->vmap, area, bytes, align))
		return area;
	lazy_purge(m);
	if (space_place(m->vmap, area, bytes, align))
		return area;
	kfree(area);
	report_full(m->vmap, bytes, gfp);
	return NULL;
}

void space_publish(struct kalloc_machine *m, struct vmap_area *area, struct vm_struct *vm)
{
	lock_take(&m->vmap->lock);
	area->vm = vm;
	lock_drop(&m->vmap->lock);
}

/* The BUSY area that contains @addr, or NULL. Under the lock. */
static struct vmap_area *find_locked(struct kalloc_machine *m, const void *addr)
{
	struct vmap_area *area = area_find(&m->vmap->areas, (unsigned long)addr);

	return area && area->state == AREA_BUSY ? area : NULL;
}

struct vm_struct *space_find_vm(struct kalloc_machine *m, const void *addr)
{
	struct vmap_area *area;
	struct vm_struct *vm;

	lock_take(&m->vmap->lock);
	area = find_locked(m, addr);
	vm = area ? area->vm : NULL;
	lock_drop(&m->vmap->lock);
	return vm;
}

struct vmap_area *space_leave_vm(struct kalloc_machine *m, const void *addr)
{
	struct vmap_area *area;

	lock_take(&m->vmap->lock);
	area = find_locked(m, addr);
	if (area && !area->vm)
		area = NULL;
	if (area)
		area->state = AREA_LEAVING;
	lock_drop(&m->vmap->lock);
	return area;
}

struct vmap_area *space_leave_ram(struct kalloc_machine *m, const void *addr, unsigned long bytes)
{
	struct vmap_area *area;

	lock_take(&m->vmap->lock);
	area = find_locked(m, addr);
	if (area &&
	    (area->vm || area->va_start != (unsigned long)addr || area_bytes(area) != bytes))
		area = NULL;
	if (area)
		area->state = AREA_LEAVING;
	lock_drop(&m->vmap->lock);
	return area;
}
