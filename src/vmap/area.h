/* SPDX-License-Identifier: MIT */
/*
 * Address ranges, and nothing but: which parts of a space are taken, which are
 * free, where the next one goes. No lock, no host call, no memory of its own, so
 * it is tested on a hand-built object.
 *
 * One tree holds every area by address, and each area remembers the *hole* of
 * free bytes right below it. The tree's subtree value is the largest hole, so
 * the lowest hole that fits is found by walking down, in O(log n); the hole above
 * the last area belongs to a sentinel of no size at the end of the space. A free
 * range therefore needs no object: giving an area back cannot fail, and two free
 * neighbours are one hole without being merged.
 *
 * An area is in one of two states; only removal makes its range free.
 *   BUSY  somebody's: being made, in use, or being taken down
 *   LAZY  nobody's: the range waits for a purge, or for an area that takes its place
 *
 * Invariants (area_ok): areas do not overlap and lie inside [start, end];
 *   area->hole == area->va_start - (previous area's va_end, or start)
 *   subtree_max_size == max(hole, both children's subtree_max_size)
 *   sum of holes + sum of sizes == end - start
 *
 * Differs from Linux 6.1, which keeps a second tree of free ranges with an object
 * each, splits and merges them, and allocates a spare before each split. The
 * address chosen is the same for page alignment. For a larger alignment 6.1 may
 * pass over a low hole that would just fit; here the lowest that fits is taken,
 * at the price of looking at each hole of sufficient size below it.
 */
#ifndef VMAP_AREA_H
#define VMAP_AREA_H

#include "base.h"
#include "list.h"
#include "rbtree.h"

struct vm_struct;

enum area_state {
	AREA_BUSY,
	AREA_LAZY
};

/* The kernel's tag and names, for scripts that know them. */
struct vmap_area {
	unsigned long va_start;
	unsigned long va_end;
	struct rb_node rb_node;
	struct list_head list;	     /* the lazy list, when LAZY */
	struct vmap_area *next_home; /* home.h, when LAZY */
	unsigned long hole;
	unsigned long subtree_max_size;
	struct vm_struct *vm; /* NULL for vm_map_ram */
	enum area_state state;
};

struct areas {
	unsigned long start;
	struct rbtree tree;
	struct vmap_area end; /* the sentinel: last in the tree, no size */
};

/* An empty space [start, end), both page-aligned. */
void area_init(struct areas *areas, unsigned long start, unsigned long end);

/*
 * Give @area the lowest free range of @bytes (page-aligned, not 0) that starts at a
 * multiple of @align (a power of two), and make it BUSY. @area is the caller's memory.
 * Return: true, or false with nothing changed if no hole fits.
 */
bool area_place(struct areas *areas, struct vmap_area *area, unsigned long bytes,
		unsigned long align);

/*
 * Give @area the range [start, start + bytes), and make it BUSY. Return: false with nothing
 * changed if some of it is taken. O(log n).
 */
bool area_place_at(struct areas *areas, struct vmap_area *area, unsigned long start,
		   unsigned long bytes);

/* Give @area, BUSY, the range and the place of @old, which is out. O(1). */
void area_replace(struct areas *areas, const struct vmap_area *old, struct vmap_area *area);

/* Take @area out: its range is free. */
void area_remove(struct areas *areas, struct vmap_area *area);

/* The area that contains @addr, in whatever state; NULL if the address is free. O(log n). */
struct vmap_area *area_find(const struct areas *areas, unsigned long addr);

/* Areas by ascending address; NULL past the last. */
struct vmap_area *area_first(const struct areas *areas);
struct vmap_area *area_next(const struct areas *areas, const struct vmap_area *area);

/* Size of the largest hole. */
unsigned long area_largest_hole(const struct areas *areas);

bool area_ok(const struct areas *areas);

static inline unsigned long area_bytes(const struct vmap_area *area)
{
	return area->va_end - area->va_start;
}

#endif
