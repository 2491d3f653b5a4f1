/* SPDX-License-Identifier: MIT */
/*
 * Check: what is wrong with a slab and its objects, by the patterns that checked caches
 * write (pattern.h), the free pointers and the counts; and mending it.
 *
 * A look at a slab, or at one object of it, finds the first fault. Whoever looks mends it
 * before the node's lock is dropped, and looks again for the next one: a fault that was
 * mended is not found twice, and what cannot be mended ends the look at that slab.
 *
 * Pure but for what mending writes into the slab; everything is called under the node's lock.
 *
 * Source of behaviour: check_slab(), on_freelist() and check_object() of Linux 6.1's
 * mm/slub.c, in their order, and later kernels' look at what kmalloc_trace() did not give
 * away and at lists of free objects that never end.
 */
#ifndef SLAB_CHECK_H
#define SLAB_CHECK_H

#include "slab_struct.h"

enum finding_kind {
	FINDING_PAGE,	 /* the frame is no slab's */
	FINDING_OBJECTS, /* it says that it has more objects than fit */
	FINDING_INUSE,	 /* ... that more are in use than it has */
	FINDING_REST,	 /* bytes behind the last slot, which no object has */
	FINDING_CHAIN,	 /* the free pointer of @object, on the list, leads elsewhere */
	FINDING_HEAD,	 /* the list begins elsewhere */
	FINDING_CYCLE,	 /* the list does not end */
	FINDING_NR,	 /* it says that it has fewer objects than it should */
	FINDING_COUNT,	 /* the list has more objects, or fewer, than are free */
	FINDING_BYTES,	 /* bytes in the slot of @object that all should be @value */
	FINDING_POINTER, /* the free pointer of @object, wherever that is, leads elsewhere */
};

struct finding {
	enum finding_kind kind;
	bool ends;	  /* nothing more is to be looked at in this slab */
	const char *what; /* BYTES, REST: which of them */
	unsigned char *object;
	unsigned char *from, *to;   /* BYTES, REST: the first wrong one, and behind the last */
	unsigned char first, value; /* what stands there, and what should */
	int found, expected;	    /* OBJECTS, INUSE, NR, COUNT */
};

/* Look at @slab as a whole. Return: true if it is sound; else *@f is set. */
bool check_slab(const struct kmem_cache *s, const struct slab *slab, struct finding *f);

/* Look at one slot of a slab that is sound; its object is free or in use. Return: as above. */
bool check_object(const struct kmem_cache *s, const struct slab *slab, void *object, bool is_free,
		  struct finding *f);

/* Put right what can be. After HEAD and CYCLE @slab has no free object any more. */
void check_mend(const struct kmem_cache *s, struct slab *slab, const struct finding *f);

#endif
