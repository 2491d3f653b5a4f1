/* SPDX-License-Identifier: MIT */
/*
 * The vmalloc space of a machine: its areas (area.h), its page table (alias.h),
 * and the lock.
 *
 * An area lives like this, and each step is one short hold of the lock:
 *
 *   space_take     BUSY: a range of addresses, nothing mapped
 *   alias_map      no lock: the range is the caller's own
 *   space_publish  find_vm_area() sees a struct vm_struct; not for vm_map_ram
 *   space_leave_*  LEAVING: one caller wins, nobody finds the area any more
 *   alias_unmap    no lock, as above
 *   lazy_add       LAZY: the range waits for a purge (lazy.h)
 *   lazy_purge     the range is free, the object goes back to kmalloc
 *
 * Locks: lock (RANK_VMAP) protects areas, every struct vmap_area in them, lazy,
 * nr_lazy and coin. It is never held over a host mapping or a kmalloc.
 *
 * Differs from Linux 6.1, which has three locks (busy, free, purge) and a cache
 * of its own for the objects; here they come from kmalloc.
 */
#ifndef VMAP_SPACE_H
#define VMAP_SPACE_H

#include <kalloc/reclaim.h>

#include "alias.h"
#include "area.h"
#include "machine.h"
#include "plat.h"
#include "rand.h"

struct vmap_room {
	struct lock lock;
	struct areas areas;
	struct list_head lazy;
	unsigned long nr_lazy; /* pages in LAZY areas */
	struct rand coin;      /* for kalloc.kvmalloc=random */
	struct alias_table aliases;
	struct ratelimit full_limit; /* the message that the space is full */
	struct shrinker shrinker;    /* lazy.h */
};

/* True if @addr lies in the vmalloc space of @m; @m may be NULL. */
static inline bool space_has(const struct kalloc_machine *m, const void *addr)
{
	return m && (const char *)addr >= m->vmalloc_start && (const char *)addr < m->vmalloc_end;
}

/*
 * Take the lowest @bytes (page-aligned) at a multiple of @align; purges if there
 * are none. @gfp, @nid: for the area's object.
 * Return: the area, or NULL: no memory, or no range (the kernel's message).
 */
struct vmap_area *space_take(struct kalloc_machine *m, unsigned long bytes, unsigned long align,
			     gfp_t gfp, int nid);

/* Let find_vm_area() see @area as @vm. */
void space_publish(struct kalloc_machine *m, struct vmap_area *area, struct vm_struct *vm);

/* The struct vm_struct of the area that contains @addr; NULL if there is none. */
struct vm_struct *space_find_vm(struct kalloc_machine *m, const void *addr);

/*
 * Make an area LEAVING, so that it is the caller's to unmap: the one with a struct
 * vm_struct that contains @addr; the one without that is exactly [@addr, @addr + @bytes).
 * Return: the area, or NULL if there is none (or somebody else was faster).
 */
struct vmap_area *space_leave_vm(struct kalloc_machine *m, const void *addr);
struct vmap_area *space_leave_ram(struct kalloc_machine *m, const void *addr, unsigned long bytes);

#endif
