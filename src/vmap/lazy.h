/* SPDX-License-Identifier: MIT */
/*
 * Lazy freeing of addresses. A kernel may reuse an address only after every CPU
 * has dropped its old translation, so Linux gathers freed areas and purges many
 * with one flush. Here host mappings take the place of translations: a freed area
 * keeps them while it waits, in the hope of one that comes home (home.h).
 *
 * A purge unmaps what waits, with one call for each range of neighbours, and frees the
 * addresses: afterwards an access faults. It happens when more than
 *
 *   fls(nr_cpus) * 32 MiB, or the size of the machine's memory if that is more and neither
 *   kalloc.vfree=unmap nor kalloc.ram=private is set, where what waits costs the host memory
 *
 * of addresses (guard pages counted) wait after a free, when the space has no hole or
 * the budget or the host no mapping for a request, when more mappings were added since
 * the last purge than the budget has left, at vm_unmap_aliases(), and under memory
 * pressure.
 *
 * Invariants: room->nr_lazy == pages in the areas on room->lazy. Every LAZY area is on
 * that list or on that of the one purge under way.
 *
 * Differs from Linux 6.1: the purge runs in the freeing thread, not in a worker. By
 * default more may wait, all that was in use at once, since it is meant to be used again;
 * with kalloc.vfree=unmap, where nothing shows that could be, and of private memory it is 6.1's
 * number.
 */
#ifndef VMAP_LAZY_H
#define VMAP_LAZY_H

#include "base.h"

struct kalloc_machine;
struct vmap_area;

/*
 * Let reclaim purge, too: an object is a page of addresses that wait. Linux 6.1 has no
 * such shrinker (later versions do); a purge frees only what describes the areas.
 */
void lazy_boot(struct kalloc_machine *m);
void lazy_halt(struct kalloc_machine *m);

/* Pages of addresses that may wait. */
unsigned long lazy_max_pages(const struct kalloc_machine *m);

/*
 * @area is claimed and faded: let it wait; purges if too much does. Its object, which
 * came from kmalloc, is the room's from here on.
 */
void lazy_add(struct kalloc_machine *m, struct vmap_area *area);

/* When it returns, what waited when it was called is unmapped and free. */
void lazy_purge(struct kalloc_machine *m);

#endif
