/* SPDX-License-Identifier: MIT */
/*
 * Homes: areas that wait for a purge, found by the frames that still show there. A new
 * area of the same frames takes the place of the old one, addresses and all, and nothing
 * has to be mapped. Frames come back from the page room as they went, last in first out,
 * so in a steady state, with any number of areas and sizes in turn, most areas come home.
 *
 * The index is by the frame in the area's middle: areas of different sizes often begin
 * with the same frame, but seldom agree there.
 *
 * The two areas that were freed last take nobody in, so that, as in the kernel, what is
 * allocated next lies elsewhere and the last stale pointer does not at once see it. (Two,
 * for the last one may be that of a large area's array.)
 *
 * Invariant: the chains hold exactly the LAZY areas that show something, but those that a
 * purge is about to free. Under the space's lock (space.h).
 *
 * Differs from Linux 6.1, where an address is used again only after a purge. There it
 * could not be sooner: each CPU may still translate it the old way.
 */
#ifndef VMAP_HOME_H
#define VMAP_HOME_H

#include "area.h"

#define HOME_BITS 14

struct kalloc_machine;
struct page;

struct homes {
	struct vmap_area *first[1 << HOME_BITS];
};

/* What is to be shown and where it may lie. */
struct home_wanted {
	struct page **pages;
	unsigned long nr;
	unsigned long bytes; /* of the area */
	unsigned long align;
};

/* @area is LAZY from now on. */
void home_add(struct kalloc_machine *m, struct vmap_area *area);

/*
 * Take a LAZY area that looks as wanted out of the index: pages in between are not
 * looked at. Return: NULL if there is none.
 */
struct vmap_area *home_take(struct kalloc_machine *m, const struct home_wanted *wanted);

/* All LAZY areas are about to be purged, and @area is one: forget it and its like. */
void home_forget(struct kalloc_machine *m, const struct vmap_area *area);

/* Nothing shows in any LAZY area any more. */
void home_forget_all(struct kalloc_machine *m);

#endif
