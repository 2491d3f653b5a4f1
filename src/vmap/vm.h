/* SPDX-License-Identifier: MIT */
/*
 * struct vm_struct: an area with an owner's record, from vm_create() to
 * vm_destroy(). vmalloc() and vmap() differ in where the frames come from; both
 * make and take down their areas here.
 *
 * Until vm_finish() the record says VM_UNINITIALIZED, and only its maker may read
 * pages and nr_pages; the flag is cleared under the space's lock, which is what
 * makes them visible to vmap_each().
 *
 * Destroying goes in the kernel's order: the mapping (accesses fault), the
 * addresses (lazily), the frames, the array, the record.
 *
 * Differs from Linux 6.1: nothing here sleeps, so vfree() from an interrupt handler
 * and vfree_atomic() free at once, where 6.1 leaves it to a work queue. In any other
 * atomic context vfree() is reported, as there.
 */
#ifndef VMAP_VM_H
#define VMAP_VM_H

#include <kalloc/gfp.h>
#include <kalloc/vmalloc.h>

#include "base.h"

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

/* Return: the record of a new area with nothing mapped, or NULL. */
struct vm_struct *vm_create(const struct vm_request *request);

/* pages, nr_pages and page_order are set. */
void vm_finish(struct kalloc_machine *m, struct vm_struct *vm);

/*
 * Take down the area that contains @addr; with @put_frames also what its pages
 * array names. Return: false if there is no such area.
 */
bool vm_destroy(struct kalloc_machine *m, const void *addr, bool put_frames);

/* Count the frames that an area owns in (@sign 1) or out (-1) of NR_VMALLOC. */
void vm_account(struct kalloc_machine *m, const struct vm_struct *vm, int sign);

#endif
