/* SPDX-License-Identifier: MIT */
/*
 * Vmap: the front door for the rooms above and the top of the house. The public
 * door is <kalloc/vmalloc.h>.
 *
 * A request passes vmalloc.c (frames) or vm.c (given pages), both through vm.c
 * (the record) and space.c (addresses, the lock) to area.c, then alias.c (host
 * mappings); kvmalloc.c asks slab first. Freeing passes vm.c, space.c, alias.c, lazy.c.
 * ram.c is vm_map_ram, without records.
 *
 * /proc/meminfo: VmallocTotal is vmalloc_end - vmalloc_start, VmallocUsed
 * vmap_nr_vmalloc(), VmallocChunk always 0.
 */
#ifndef VMAP_VMAP_H
#define VMAP_VMAP_H

#include <kalloc/vmalloc.h>

#include "base.h"
#include "machine.h"

/* Add what booting cuts. */
void vmap_measure(const struct kalloc_machine *m, struct tables *tables);

/* @m's address range is set and the page and slab rooms run. Return: 0. */
int vmap_boot(struct kalloc_machine *m);

/* What is still mapped goes with the reservation; only the budget is settled here. */
void vmap_halt(struct kalloc_machine *m);

/* Around fork: hold the room's lock / let go of it. */
void vmap_freeze(struct kalloc_machine *m);
void vmap_thaw(struct kalloc_machine *m);

/*
 * In the child of a fork, frozen, after page_ram_replace(): show every area's frames
 * from the copied memory. Return: 0 or -ENOMEM.
 */
int vmap_remap_all(struct kalloc_machine *m);

/* Pages that vmalloc() and its relatives hold, or are about to. */
unsigned long vmap_nr_vmalloc(const struct kalloc_machine *m);

/* One line of /proc/vmallocinfo. */
struct vmap_entry {
	const char *start;
	const char *end; /* the guard page included */
	/* NULL for the last two. Without pages while VM_UNINITIALIZED. */
	const struct vm_struct *vm;
	enum {
		VMAP_VM,
		VMAP_RAM,
		VMAP_UNPURGED
	} kind;
};

/*
 * Call @visit for each area by address, then for the ranges that wait for a purge,
 * neighbours as one. The room's lock is held: @visit allocates nothing.
 */
void vmap_each(struct kalloc_machine *m, void (*visit)(const struct vmap_entry *entry, void *ctx),
	       void *ctx);

#endif
