/* SPDX-License-Identifier: MIT */
/*
 * Windows: places for areas that cost no mapping of the host, for when those run low.
 *
 * A window shows every frame of the machine, each where it lies in memory, so it is one
 * mapping however many areas lie in it. What belongs to no area there is guarded: the host
 * has a marker in its page table instead of the page (MADV_GUARD_INSTALL, from Linux 6.15 on
 * for files, from 6.13 on for private memory), which needs no mapping of its own. So an area
 * whose frames are one run can lie in a window, at its frames' place, with a guard page behind
 * it that faults.
 *
 * With kalloc.ram=private a window is private memory, which an area has where it lies: it is
 * zero when it is revealed, and goes back to the host when it is guarded. The host copies the
 * markers for the child of a fork, as it does the memory.
 *
 * An area and the one of the next frame in memory would have to lie in each other's guard.
 * So there are two windows, one that frames with an even number are shown in first and one
 * for the odd ones: then areas of a page never meet. A longer run may find its place taken in
 * both, by its neighbours or because its frames are shown already; it takes a mapping.
 *
 * They are made when the process has few mappings left (map_budget_is_low()), at the end of
 * the space if nothing lies there, and stay; from then on the space for other areas ends
 * below. Each is opened, that is mapped and guarded, block by block, where areas come to lie.
 *
 * An area in a window is not kept for anybody when it is freed: its pages are guarded at once
 * and its addresses are free.
 *
 * Invariant: in an open block a page is accessible if and only if its word (alias.h) is not 0.
 *
 * Locks: start and stride are set once under the space's lock, which window_place() is called
 * under; open, and what the host shows, change under that of the aliases.
 *
 * No counterpart in Linux, which has a page table of its own.
 */
#ifndef VMAP_WINDOW_H
#define VMAP_WINDOW_H

#include "area.h"

#define NR_WINDOWS    2
#define WINDOW_BLOCKS 64

struct home_wanted;
struct kalloc_machine;

struct windows {
	unsigned long start;  /* up to the end of the space; 0: there are none */
	unsigned long stride; /* bytes of each */
	unsigned long block;  /* bytes of a block: at most WINDOW_BLOCKS of them are a window */
	u64 open[NR_WINDOWS]; /* a bit for each block */
	u32 mappings;	      /* taken from the budget: what they can be at most */
	bool are_refused;     /* the host has no such markers */
};

/* Make them, if there is room for them: what waits for a purge may be in the way. */
void window_prepare(struct kalloc_machine *m);

/* Give back what was taken from the budget. */
void window_halt(struct kalloc_machine *m);

/*
 * Give @area a place in a window, if mappings are low and its frames are one run. Under the
 * space's lock. Return: false if it has to lie elsewhere.
 */
bool window_place(struct kalloc_machine *m, struct vmap_area *area,
		  const struct home_wanted *wanted);

/*
 * Open the blocks that @area, in a window, lies in. Return: false if the host does not let
 * us; then no area is placed in a window any more.
 */
bool window_open(struct kalloc_machine *m, const struct vmap_area *area);

/* Show the frames of [at, at + nr pages), or make them fault. Return: 0 or -ENOMEM. */
int window_reveal(const struct kalloc_machine *m, char *at, unsigned long nr);
int window_guard(const struct kalloc_machine *m, char *at, unsigned long nr);

/* In the child of a fork, where the host shows nothing of shared memory. */
void window_forget(struct kalloc_machine *m);

#endif
