/* SPDX-License-Identifier: MIT */
/*
 * Pattern: the bytes that a checked cache writes so that misuse can be seen later.
 *
 *   red zones          0xbb around a free object, 0xcc around an allocated one
 *   object, POISON     0x6b with a last 0xa5; allocating does not clear it
 *   between, POISON    0x5a wherever nothing else is
 *   tracks, STORE_USER zero: room for two records of 32 bytes
 *   request            of an object of kmalloc's caches, with STORE_USER: the bytes that its
 *                      user asked for. What the object has beyond them is red, too
 */
#ifndef SLAB_PATTERN_H
#define SLAB_PATTERN_H

#include "slab_struct.h"

#define POISON_INUSE	  0x5a
#define POISON_FREE	  0x6b
#define POISON_END	  0xa5
#define SLUB_RED_INACTIVE 0xbb
#define SLUB_RED_ACTIVE	  0xcc

/* Fill the frames of a new slab of 2^order frames at @start. */
void pattern_slab(const struct kmem_cache *s, void *start, unsigned int order);

/* Write the pattern of a new, an allocated or a freed object. */
void pattern_new(const struct kmem_cache *s, void *object);
void pattern_alloc(const struct kmem_cache *s, void *object);
void pattern_free(const struct kmem_cache *s, void *object);

/* From the object, where what a slot keeps ends and alignment fill begins. */
size_t pattern_end(const struct kmem_cache *s);

/* Bytes that were asked for, of an object in use: all of them where that is not kept. */
size_t pattern_request(const struct kmem_cache *s, const void *object);

/* Keep it, if this cache does. */
void pattern_set_request(const struct kmem_cache *s, void *object, size_t bytes);

#endif
