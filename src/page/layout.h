/* SPDX-License-Identifier: MIT */
/*
 * Where a machine's memory lies, as the firmware of an x86-64 PC reports it:
 *
 *   pfn 0            never given to the kernel
 *   0x1 .. 0x9e      present, reserved (real-mode memory)
 *   0x9f .. 0xff     hole (video memory, ROM)
 *   0x100 ..         memory; from 3.5 GiB on it is split: 3 GiB below the PCI
 *                    hole, the rest from 4 GiB up
 *
 * Zones cut it at 16 MiB and 4 GiB; highmem= takes the top of memory out of the
 * linear space, movablecore= the top of each node; nodes are equal shares.
 *
 * Pure arithmetic on the parameters: the tests compare it with what Linux 6.1
 * printed. Differs from Linux: nothing is reserved for a kernel image or its
 * tables, so all memory from pfn 0x100 up is managed.
 */
#ifndef PAGE_LAYOUT_H
#define PAGE_LAYOUT_H

#include <kalloc/page.h>

#include "machine.h"

#define LAYOUT_NODES   64
#define PFN_DMA_END    0x1000UL
#define PFN_DMA32_END  0x100000UL
#define PFN_LOW_HOLE   0x9fUL
#define PFN_MANAGED    0x100UL
#define PFN_BELOW_HOLE 0xc0000UL /* 3 GiB */
#define PFN_SPLIT_FROM 0xe0000UL /* 3.5 GiB */

struct layout_zone {
	unsigned long start, end; /* pfns; equal if the zone is empty */
};

struct layout {
	unsigned long low_end;	/* memory is [0, low_end) ... */
	unsigned long high_end; /* ... and [4 GiB, high_end), if high_end > 0 */
	unsigned long max_pfn;	/* one past the last frame */
	unsigned long max_linear_pfn;
	unsigned int nr_nodes;
	struct layout_zone zone[LAYOUT_NODES][MAX_NR_ZONES];
};

/* Lay out the memory of @params. Return: 0, or -EINVAL if its nodes would be too small. */
int layout_of(const struct machine_params *params, struct layout *layout);

/* Frames of [start, end) that are memory. */
unsigned long layout_present(const struct layout *layout, unsigned long start, unsigned long end);

#endif
