/* SPDX-License-Identifier: MIT */
/*
 * The vmalloc space of a machine: its areas (area.h), its page table (alias.h),
 * and the lock.
 *
 * An area lives like this; the lock is held in two steps only, shortly:
 *
 *   space_place   BUSY: a range of addresses, a hole or the home of its frames (home.h)
 *   space_show    no lock: the range is the caller's own. At home this is marking pages
 *   space_publish no lock: from here on it is found by its addresses
 *   space_claim_* no lock: of several who want to take it down one wins
 *   space_fade    no lock, as above: what shows is nobody's, or is unmapped
 *   space_retire  LAZY: the range waits for a purge, or for an area that comes home. In a
 *                 window (window.h) it is free at once
 *   lazy_purge    nothing shows, the range is free (lazy.h)
 *
 * Claims. starts[] has a word for each page of the space: at the first page of a
 * published area, the area, with START_RAM if it has no struct vm_struct; else 0. Whoever
 * replaces that word by 0 has the area for himself and takes it down; so it is found from
 * its address without the lock, and a second vfree() of it finds nothing.
 *
 * Locks: lock (RANK_VMAP) protects areas, every struct vmap_area in them, lazy, homes,
 * nr_lazy, nr_vmalloc and coin. It is never held over a host mapping or a kmalloc.
 * purge_lock is held by whoever purges.
 *
 * Differs from Linux 6.1, which has three locks (busy, free, purge) and a cache
 * of its own for the objects; here they come from kmalloc.
 */
#ifndef VMAP_SPACE_H
#define VMAP_SPACE_H

#include <kalloc/reclaim.h>
#include <kalloc/vmalloc.h>

#include "alias.h"
#include "area.h"
#include "home.h"
#include "machine.h"
#include "plat.h"
#include "rand.h"
#include "window.h"

#define START_RAM 1UL

struct vmap_room {
	struct lock purge_lock;
	struct lock lock;
	struct areas areas;
	struct list_head lazy;	  /* LAZY areas, the one freed last at the end */
	unsigned long nr_lazy;	  /* pages in them */
	unsigned long nr_total;	  /* pages_total(): constant */
	unsigned long nr_vmalloc; /* pages of areas of VM_ALLOC, guards not counted */
	struct rand coin;	  /* for kalloc.kvmalloc=random */
	unsigned long *starts;
	struct alias_table aliases;
	struct ratelimit full_limit; /* the message that the space is full */
	struct shrinker shrinker;    /* lazy.h */
	struct homes homes;
	struct windows windows;
};

/* Whether what an area shows is memory of its own (kalloc.ram=private). */
static inline bool space_is_private(const struct kalloc_machine *m)
{
	return m->vmap->aliases.is_private;
}

/* True if @addr lies in the vmalloc space of @m; @m may be NULL. */
static inline bool space_has(const struct kalloc_machine *m, const void *addr)
{
	return m && (const char *)addr >= m->vmalloc_start && (const char *)addr < m->vmalloc_end;
}

/* True if @addr, which lies in the space, lies in a window. */
static inline bool window_has(const struct kalloc_machine *m, unsigned long addr)
{
	unsigned long start = READ_ONCE(m->vmap->windows.start);

	return unlikely(start) && addr >= start;
}

/* What an area counts for in nr_vmalloc. */
static inline unsigned long space_owned(const struct vmap_area *area)
{
	return area->vm && area->vm->flags & VM_ALLOC ? get_vm_area_size(area->vm) >> PAGE_SHIFT
						      : 0;
}

/* @starts: of zeroes, one for each page of the space. */
void space_boot(struct kalloc_machine *m, struct vmap_room *room, unsigned long *starts);

/*
 * Give @area, the caller's memory, a range as @wanted: where a LAZY area shows the frames,
 * in a window if mappings are low, else the lowest that is free; purges if there is none. @vm, NULL for vm_map_ram(), is
 * its record and learns the address. @gfp: for the kernel's message.
 * Return: false if there is no range.
 */
bool space_place(struct kalloc_machine *m, struct vmap_area *area, struct vm_struct *vm,
		 const struct home_wanted *wanted, gfp_t gfp);

/*
 * Show @pages, frames of this machine, at the start of @area and nothing at the rest of
 * it; @zero: private memory reads as zero there. Purges before it fails. Return: 0 or -ENOMEM.
 */
int space_show(struct kalloc_machine *m, const struct vmap_area *area, struct page **pages,
	       unsigned long nr, bool zero);

/* Let @area be found and claimed. */
void space_publish(struct kalloc_machine *m, struct vmap_area *area);

/* Whether all @pages are frames of @m, and can be seen in a row; reports what is not so. */
bool space_knows(const struct kalloc_machine *m, struct page **pages, unsigned long nr);

/* The struct vm_struct of the area that contains @addr; NULL if there is none. */
struct vm_struct *space_find_vm(struct kalloc_machine *m, const void *addr);

/*
 * Make an area the caller's to take down: the one with a struct vm_struct that contains
 * @addr; the one without that is exactly [@addr, @addr + @bytes).
 * Return: the area, or NULL if there is none (or somebody else was faster).
 */
struct vmap_area *space_claim_vm(struct kalloc_machine *m, const void *addr);
struct vmap_area *space_claim_ram(struct kalloc_machine *m, const void *addr, unsigned long bytes);

/*
 * Nobody sees the @nr pages at the start of @area any more. With kalloc.vfree=unmap they
 * fault at once. Return: 0, or -ENOMEM if the host refuses to unmap.
 */
int space_fade(struct kalloc_machine *m, const struct vmap_area *area, unsigned long nr);

/* @area, which has faded, is nobody's any more: it goes with its range. */
void space_retire(struct kalloc_machine *m, struct vmap_area *area);

#endif
