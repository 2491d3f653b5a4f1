/* SPDX-License-Identifier: MIT */
/*
 * struct vm_struct: an area with an owner's record, from vm_create() to
 * vm_destroy(). vmalloc() and vmap() differ in where the frames come from; both
 * make and take down their areas here:
 *
 *   vm_create     the object, known to nobody else; pages and nr_pages are filled in
 *   vm_map        addresses that show the frames; from here on it is found by them
 *   vm_destroy    in this order: the mapping, the frames, the addresses (lazily) and
 *                 with them the record, the array
 *   vm_discard    instead of the last two
 *
 * Area, record and, for a few pages, the array that names them are one object of
 * kmalloc. The area keeps it while its addresses wait (lazy.h).
 *
 * While vm_map() is at work the record says VM_UNINITIALIZED; clearing that lets
 * vmap_each() look at pages and nr_pages, as long as the area is BUSY.
 *
 * Differs from Linux 6.1: addresses come before frames there, and area, record and array
 * are three objects. Nothing here sleeps, so vfree() from an interrupt handler and
 * vfree_atomic() free at once, where 6.1 leaves it to a work queue. In any other atomic
 * context vfree() is reported, as there.
 */
#ifndef VMAP_VM_H
#define VMAP_VM_H

#include <kalloc/gfp.h>
#include <kalloc/vmalloc.h>

#include "area.h"
#include "base.h"

struct vm_object {
	struct vmap_area area; /* first: what kfree() is given */
	struct vm_struct vm;
	struct page *pages[]; /* of a small area that owns its frames */
};

/* The most pages of an area whose array is part of its object, which is then 512 bytes. */
#define VM_PAGES_INSIDE ((512 - sizeof(struct vm_object)) / sizeof(struct page *))

static inline struct vm_object *vm_object_of(struct vm_struct *vm)
{
	return container_of(vm, struct vm_object, vm);
}

/* What is wanted, carried through one allocation. */
struct vm_request {
	struct kalloc_machine *m;
	unsigned long size;  /* bytes */
	unsigned long align; /* of the address; a power of two, at least a page */
	unsigned int order;  /* frames come in blocks of this order */
	unsigned long flags; /* VM_* */
	gfp_t gfp;
	int nid;
	const void *caller;
};

/*
 * Return: a record without addresses, or NULL. With VM_ALLOC and at most VM_PAGES_INSIDE
 * pages, its pages array is there.
 */
struct vm_struct *vm_create(const struct vm_request *request);

/* Undo vm_create(), and give back the frames and the array that it has. */
void vm_discard(struct kalloc_machine *m, struct vm_struct *vm);

/*
 * Give @vm addresses at which @pages, @nr frames of the machine, are seen; with
 * VM_MAP_PUT_PAGES they become its own, and the array. Return: 0; or, with @vm gone as by
 * vm_discard(), -ENOSPC: no range (the kernel's message); -ENOMEM: no mappings.
 */
int vm_map(const struct vm_request *request, struct vm_struct *vm, struct page **pages,
	   unsigned long nr);

/*
 * Take down the area that contains @addr; with @put_frames also what its pages
 * array names. Return: false if there is no such area.
 */
bool vm_destroy(struct kalloc_machine *m, const void *addr, bool put_frames);

#endif
