/* SPDX-License-Identifier: MIT */
/*
 * The kernel's Mem-Info block, the part that the report of a failed request (warn.c)
 * and that of the OOM policy (oom.c) have in common.
 *
 * It is handed to the console line by line, for it grows with the machine; numbers are
 * taken one node, zone or list at a time under their locks, and none is held while the
 * console is called.
 *
 * Laid out as Linux 6.1 prints it on x86-64. What an emulated machine does not have
 * (mapped and shared memory, page tables, huge pages, dirty pages by zone ...) is
 * there and 0. Reports leave out what belongs to a real machine: the CPU and Hardware
 * lines, the call trace, and the list of unreclaimable slab caches, which belong to a
 * room above this one.
 *
 * Source: show_free_areas() of Linux 6.1 mm/page_alloc.c, lib/show_mem.c.
 */
#ifndef PAGE_SHOW_MEM_H
#define PAGE_SHOW_MEM_H

#include "room.h"
#include "text.h"

/* Print the block, from "Mem-Info:" to "... pages reserved". */
void show_mem(struct page_room *room);

/* Add a mask of nodes as the kernel lists it: "0-2,5", "(null)" for NULL. */
void show_nodes(struct text *text, const unsigned long *nodemask);

/* The nodes that have memory, as a mask. */
unsigned long show_memory_nodes(struct page_room *room);

/* Add ",cpuset=/,mems_allowed=" and those nodes. */
void show_mems_allowed(struct text *text, struct page_room *room);

#endif
