/* SPDX-License-Identifier: MIT */
/*
 * Looking at the slab allocator as it stands: its caches, the slabs on its lists with
 * the order of their free objects, and the objects that lie at hand. For reports.
 *
 * A visitor runs under locks of the slab allocator: it must neither allocate from the
 * machine nor free, nor call the slab functions. Looking changes nothing: what is
 * allocated next is the same with and without it.
 */
#ifndef KALLOC_INSPECT_SLAB_H
#define KALLOC_INSPECT_SLAB_H

#include <kalloc/slab.h>

/*
 * A cache. One slot of a slab is @size bytes; from its start, in this order: @red_left
 * bytes of red zone, the object of @object_size, and behind it, at @end from the object,
 * whatever a checked cache keeps. @free_pointer is where a free object keeps the next
 * one's address, from the object. Members may be added at the end.
 */
struct kalloc_cache_view {
	const struct kmem_cache *cache;
	const char *name;
	slab_flags_t flags;
	unsigned int object_size;
	unsigned int size;
	unsigned int align;
	unsigned int red_left;
	unsigned int end;
	unsigned int free_pointer;
	unsigned int objects; /* in a slab of @order */
	unsigned int order;
	unsigned int sheaf_objects; /* that an array at hand holds; 0: this cache has none */
	unsigned int cpu_slabs;	    /* most slabs in reserve for a CPU */
	unsigned long min_partial;  /* empty slabs that a node keeps */
	unsigned long nr_slabs, nr_objects, nr_partial; /* now, on all nodes */
};

/* Where a slab is; one that no list knows is full. */
enum kalloc_slab_place {
	KALLOC_SLAB_CPU,	 /* the slab that a CPU allocates from */
	KALLOC_SLAB_CPU_PARTIAL, /* in reserve for a CPU */
	KALLOC_SLAB_PARTIAL,	 /* on the partial list of a node */
};

/* A slab on a list. Members may be added at the end. */
struct kalloc_slab_view {
	unsigned long pfn; /* of its first frame */
	unsigned int order;
	unsigned int nr_objects;
	unsigned char place; /* enum kalloc_slab_place */
	unsigned char node;
	unsigned int cpu;	    /* whose it is, unless it is on a node's list */
	unsigned long index;	    /* on its list, from 0: the one that is taken first */
	unsigned int nr_cpu_free;   /* objects on the CPU's own free list */
	unsigned int nr_free;	    /* those, and the ones on the slab's */
	const unsigned short *free; /* their numbers in the order in which they come out */
};

KALLOC_BEGIN_DECLS

/**
 * kalloc_inspect_caches() - visit the caches of the current machine, oldest first
 * @visit: called for each
 * @ctx: handed to @visit
 */
KALLOC_API void kalloc_inspect_caches(void (*visit)(void *ctx,
						    const struct kalloc_cache_view *cache),
				      void *ctx);

/**
 * kalloc_inspect_slabs() - visit the slabs of a cache that are on a list
 * @cache: the cache; nobody destroys it meanwhile
 * @visit: called for each, list by list: of each CPU its slab and its reserve, then the
 *	partial slabs of each node; @slab and what it points to are gone afterwards
 * @ctx: handed to @visit
 *
 * An object on no free list is in use, or at hand (kalloc_inspect_at_hand()). Slabs that
 * are not visited have no other objects.
 *
 * Return: 0, or -ENOMEM with nothing visited.
 */
KALLOC_API int kalloc_inspect_slabs(struct kmem_cache *cache,
				    void (*visit)(void *ctx, const struct kalloc_slab_view *slab),
				    void *ctx);

/**
 * kalloc_inspect_at_hand() - visit the free objects of a cache that its slabs take for used
 * @cache: the cache; nobody destroys it meanwhile
 * @visit: called for each object; @row: the row of the host CPU that has it at hand, from
 *	0, or -1 if it is in an array that waits for any CPU
 * @ctx: handed to @visit
 *
 * A cache without such arrays (kalloc.sheaves=off, checked caches and others) has none.
 */
KALLOC_API void kalloc_inspect_at_hand(struct kmem_cache *cache,
				       void (*visit)(void *ctx, const void *object, int row),
				       void *ctx);

/**
 * kalloc_inspect_cache_at() - the cache that a frame's objects are of
 * @pfn: first frame of a run that kalloc_inspect_frames() shows as KALLOC_FRAMES_SLAB
 *
 * Takes no lock, so a visitor of frames may ask.
 *
 * Return: the cache; NULL if the frame is no slab's by now, or there is no such frame.
 */
KALLOC_API const struct kmem_cache *kalloc_inspect_cache_at(unsigned long pfn);

KALLOC_END_DECLS

#endif
