/* SPDX-License-Identifier: MIT */
/*
 * Size: how objects are laid out, how many frames a slab takes, how much is kept
 * in reserve. Pure arithmetic on a struct kmem_cache; no lock, no machine.
 *
 * One slot, @size bytes from its start to the next one's; offsets are from the
 * object, which is what callers are given:
 *
 *   [left red zone] [object ... word fill or right red zone] [free pointer]
 *    red_left_pad    0                               inuse    offset == inuse
 *   [two tracks] [request size, kmalloc only] [red padding] [KASAN's] [alignment fill]
 *
 * The bracketed parts exist as the flags ask. Where nobody may look at a freed
 * object the free pointer lies inside it instead, near its middle.
 *
 * Source of behaviour: Linux 6.1 mm/slub.c.
 */
#ifndef SLAB_SIZE_H
#define SLAB_SIZE_H

#include "base.h"

struct kmem_cache;

/* What of the machine the layout depends on. */
struct size_rules {
	unsigned int nr_cpus;
	unsigned int min_order;	     /* slub_min_order= */
	unsigned int max_order;	     /* slub_max_order= */
	unsigned int min_objects;    /* slub_min_objects=; 0: from nr_cpus */
	unsigned int page_max_order; /* largest block of the machine */
};

/* Objects that fit in a slab of @order. */
unsigned int size_objects(unsigned int order, unsigned int size);

/* The alignment that a cache with these properties gets, in bytes. */
unsigned int size_align(slab_flags_t flags, unsigned int align, unsigned int size);

/* @size rounded up as the kernel does, also where @align is no power of two. */
unsigned long size_round(unsigned long size, unsigned long align);

/*
 * From @s->object_size, align, flags and ctor work out size, inuse, offset,
 * red_left_pad, oo, min, allocflags, min_partial and the cpu_partial fields.
 * Return: 0, or -EINVAL if no block of the machine holds one object.
 */
int size_layout(struct kmem_cache *s, const struct size_rules *rules);

/* Bytes that the user of an object may use: ksize(). */
size_t size_usable(const struct kmem_cache *s);

/* Bytes of a kmalloc class. */
unsigned int size_of_class(unsigned int index);

#endif
