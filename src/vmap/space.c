/* SPDX-License-Identifier: MIT */
#include "space.h"

#include <kalloc/slab.h>

#include "kasan.h"
#include "lazy.h"
#include "page.h"

void space_boot(struct kalloc_machine *m, struct vmap_room *room, unsigned long *starts)
{
	lock_init(&room->purge_lock, RANK_PURGE);
	lock_init(&room->lock, RANK_VMAP);
	area_init(&room->areas, (unsigned long)m->vmalloc_start, (unsigned long)m->vmalloc_end);
	list_init(&room->lazy);
	room->nr_total = pages_total(m);
	room->full_limit = (struct ratelimit){ .interval_ms = 5000, .burst = 10 };
	room->starts = starts;
}

static unsigned long *start_of(const struct kalloc_machine *m, unsigned long addr)
{
	return m->vmap->starts + ((addr - (unsigned long)m->vmalloc_start) >> PAGE_SHIFT);
}

/* Under the lock. Return: the LAZY area whose place @area took, or NULL. */
static struct vmap_area *come_home(struct kalloc_machine *m, struct vmap_area *area,
				   const struct home_wanted *wanted)
{
	struct vmap_room *room = m->vmap;
	struct vmap_area *old = home_take(m, wanted);

	if (old) {
		list_del(&old->list);
		WRITE_ONCE(room->nr_lazy, room->nr_lazy - (area_bytes(old) >> PAGE_SHIFT));
		area_replace(&room->areas, old, area);
	}
	return old;
}

/* Under the lock. The lowest range that is free, below the windows. */
static bool place_lowest(struct vmap_room *room, struct vmap_area *area,
			 const struct home_wanted *wanted)
{
	unsigned long windows = room->windows.start;

	if (!area_place(&room->areas, area, wanted->bytes, wanted->align))
		return false;
	if (likely(!windows || area->va_end < windows))
		return true;
	area_remove(&room->areas, area);
	return false;
}

static bool try_place(struct kalloc_machine *m, struct vmap_area *area, struct vm_struct *vm,
		      const struct home_wanted *wanted)
{
	struct vmap_room *room = m->vmap;
	struct vmap_area *old;
	bool placed;

	lock_take(&room->lock);
	old = come_home(m, area, wanted);
	placed = old || window_place(m, area, wanted) || place_lowest(room, area, wanted);
	if (placed) {
		area->vm = vm;
		if (vm)
			vm->addr = (void *)area->va_start;
		WRITE_ONCE(room->nr_vmalloc, room->nr_vmalloc + space_owned(area));
	}
	if (CHECK_LEVEL >= 2)
		TRAP_IF(!area_ok(&room->areas));
	lock_drop(&room->lock);
	kfree(old);
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

/* @area has a range; nothing shows there. */
static void unplace(struct kalloc_machine *m, struct vmap_area *area)
{
	struct vmap_room *room = m->vmap;

	lock_take(&room->lock);
	WRITE_ONCE(room->nr_vmalloc, room->nr_vmalloc - space_owned(area));
	area_remove(&room->areas, area);
	lock_drop(&room->lock);
}

/* As try_place(), where the host shows what is to be shown. */
static bool try_place_here(struct kalloc_machine *m, struct vmap_area *area, struct vm_struct *vm,
			   const struct home_wanted *wanted)
{
	if (!try_place(m, area, vm, wanted))
		return false;
	if (likely(!window_has(m, area->va_start)) || window_open(m, area))
		return true;
	/* No other will be placed there from now on. */
	unplace(m, area);
	return try_place(m, area, vm, wanted);
}

bool space_place(struct kalloc_machine *m, struct vmap_area *area, struct vm_struct *vm,
		 const struct home_wanted *wanted, gfp_t gfp)
{
	if (likely(try_place_here(m, area, vm, wanted)))
		return true;
	lazy_purge(m);
	if (try_place_here(m, area, vm, wanted))
		return true;
	report_full(m->vmap, wanted->bytes, gfp);
	return false;
}

/* An area that looked like home and is not quite shows something still. */
static int try_show(struct kalloc_machine *m, const struct vmap_area *area, struct page **pages,
		    unsigned long nr)
{
	char *at = (char *)area->va_start;
	int err = alias_hide(m, at, area_bytes(area) >> PAGE_SHIFT);

	return err ?: alias_show(m, at, pages, nr);
}

static never_inline int show_anew(struct kalloc_machine *m, const struct vmap_area *area,
				  struct page **pages, unsigned long nr)
{
	int err = try_show(m, area, pages, nr);

	if (err) {
		lazy_purge(m);
		return try_show(m, area, pages, nr);
	}
	/* Others in the process need mappings, too. */
	if (!m->params.vfree_unmap && alias_keeps_many(m))
		lazy_purge(m);
	if (unlikely(map_budget_is_low()))
		window_prepare(m);
	return 0;
}

int space_show(struct kalloc_machine *m, const struct vmap_area *area, struct page **pages,
	       unsigned long nr, bool zero)
{
	if (unlikely(!alias_revive(m, (const char *)area->va_start, pages, nr)))
		return show_anew(m, area, pages, nr);
	/* Memory that is shown anew is zero. */
	if (unlikely(zero) && space_is_private(m)) {
		if (kasan_is_on(m)) /* memset() is the sanitizer's, and the area is closed still */
			asan_open((void *)area->va_start, nr << PAGE_SHIFT);
		memset((void *)area->va_start, 0, nr << PAGE_SHIFT);
	}
	return 0;
}

void space_publish(struct kalloc_machine *m, struct vmap_area *area)
{
	__atomic_store_n(start_of(m, area->va_start),
			 (unsigned long)area | (area->vm ? 0 : START_RAM), __ATOMIC_RELEASE);
}

bool space_knows(const struct kalloc_machine *m, struct page **pages, unsigned long nr)
{
	if (space_is_private(m)) {
		PRINT_ONCE("kalloc: kalloc.ram=private: no vmap(), a frame has one address\n");
		return false;
	}
	for (unsigned long i = 0; i < nr; i++) {
		if (WARN(machine_of(pages[i]) != m, "vmap: not a page of this machine (%p)\n",
			 (void *)pages[i]))
			return false;
	}
	return true;
}

struct vm_struct *space_find_vm(struct kalloc_machine *m, const void *addr)
{
	struct vmap_area *area;
	struct vm_struct *vm = NULL;

	lock_take(&m->vmap->lock);
	area = area_find(&m->vmap->areas, (unsigned long)addr);
	/* LAZY ones, and those that are being made or taken down, have no start. */
	if (area && __atomic_load_n(start_of(m, area->va_start), __ATOMIC_ACQUIRE))
		vm = area->vm;
	lock_drop(&m->vmap->lock);
	return vm;
}

/* Take the word of @start, if it is of a kind. Return: the area or NULL. */
static struct vmap_area *claim(unsigned long *start, unsigned long kind)
{
	unsigned long word = READ_ONCE(*start);

	if (!word || (word & START_RAM) != kind ||
	    !__atomic_compare_exchange_n(start, &word, 0, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return NULL;
	return (struct vmap_area *)(word & ~START_RAM);
}

struct vmap_area *space_claim_vm(struct kalloc_machine *m, const void *addr)
{
	struct vmap_area *area = claim(start_of(m, (unsigned long)addr), 0);
	const struct vm_struct *vm;

	if (likely(area))
		return area;
	/* Not the first page of one; any other names it as well. */
	vm = space_find_vm(m, addr);
	return vm ? claim(start_of(m, (unsigned long)vm->addr), 0) : NULL;
}

struct vmap_area *space_claim_ram(struct kalloc_machine *m, const void *addr, unsigned long bytes)
{
	unsigned long *start = start_of(m, (unsigned long)addr);
	struct vmap_area *area;

	if ((unsigned long)addr & ~PAGE_MASK)
		return NULL;
	area = claim(start, START_RAM);
	if (area && area_bytes(area) != bytes) {
		__atomic_store_n(start, (unsigned long)area | START_RAM, __ATOMIC_RELEASE);
		return NULL;
	}
	return area;
}

int space_fade(struct kalloc_machine *m, const struct vmap_area *area, unsigned long nr)
{
	if (unlikely(m->params.vfree_unmap || window_has(m, area->va_start)))
		return alias_hide(m, (char *)area->va_start, nr);
	alias_retire(m, (char *)area->va_start, nr);
	return 0;
}

void space_retire(struct kalloc_machine *m, struct vmap_area *area)
{
	if (likely(!window_has(m, area->va_start))) {
		lazy_add(m, area);
		return;
	}
	if (kasan_is_on(m))
		asan_open((void *)area->va_start, area_bytes(area)); /* it faults now */
	unplace(m, area);
	kfree(area);
}
