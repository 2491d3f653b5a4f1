/* SPDX-License-Identifier: MIT */
/*
 * Aliases: which frame is seen at which page of the vmalloc space, and the host
 * mappings that make it so. This is the room's page table: one word per page of
 * the space, the frame's struct page or NULL. The table is committed by the host
 * as it is touched.
 *
 * Frames that follow each other in memory are one *run*, and one mapping of the
 * host. An area also cuts the reservation in two, so it costs
 *
 *   runs + 1 mappings
 *
 * of the process's budget (plat/map.h), paid before the first is made and given
 * back when the area is unmapped. A range that is not mapped costs nothing.
 *
 * Locks: none. Entries belong to whoever has the area of their addresses
 * (area.h); mappings is updated atomically.
 *
 * Differs from Linux: the cost is in mappings, not in page tables.
 */
#ifndef VMAP_ALIAS_H
#define VMAP_ALIAS_H

#include "base.h"

struct kalloc_machine;
struct page;

struct alias_table {
	struct page **pages;
	u32 mappings; /* taken from the budget */
};

/* Return: 0 or -ENOMEM. */
int alias_boot(const struct kalloc_machine *m, struct alias_table *table);
void alias_halt(const struct kalloc_machine *m, struct alias_table *table);

/*
 * Show @pages at @at, where nothing is mapped. Return: 0; -ENOMEM: the budget or the
 * host has no mappings left; -EINVAL: a page is missing or of another machine.
 */
int alias_map(const struct kalloc_machine *m, char *at, struct page **pages, unsigned long nr);

/*
 * Make [at, at + nr pages) fault again; no-op if it was never mapped. Return: 0, or
 * -ENOMEM if the host refuses, with everything still mapped.
 */
int alias_unmap(const struct kalloc_machine *m, char *at, unsigned long nr);

/*
 * In the child of a fork: map again the frames from @at on that the table names, at
 * most @nr. Return: 0 or -ENOMEM.
 */
int alias_remap(const struct kalloc_machine *m, char *at, unsigned long nr);

/* The frame seen at @addr, which lies in the space; NULL if none. */
struct page *alias_page(const struct kalloc_machine *m, const void *addr);

#endif
