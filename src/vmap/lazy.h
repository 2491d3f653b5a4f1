/* SPDX-License-Identifier: MIT */
/*
 * Lazy freeing of addresses. A kernel may reuse an address only after every CPU
 * has dropped its old translation, so Linux gathers freed areas and purges many
 * with one flush. Here the host keeps translations right by itself; the addresses
 * wait all the same, so that a stale pointer faults here as it would there and
 * addresses come out in the kernel's order.
 *
 * A purge frees all that wait. It happens when more than
 *
 *   fls(nr_cpus) * 32 MiB
 *
 * of addresses (guard pages counted) wait after a free, when the space has no
 * hole for a request, at vm_unmap_aliases(), and under memory pressure.
 *
 * Invariant: room->nr_lazy == pages in the areas on room->lazy == pages in LAZY areas.
 *
 * Differs from Linux 6.1: the purge runs in the freeing thread, not in a worker.
 * A LAZY area holds no host mapping, so a spent mapping budget is no reason to purge.
 */
#ifndef VMAP_LAZY_H
#define VMAP_LAZY_H

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

/* @area is LEAVING and unmapped: let it wait; purges if too much does. */
void lazy_add(struct kalloc_machine *m, struct vmap_area *area);

/* Free every range that waits. */
void lazy_purge(struct kalloc_machine *m);

#endif
