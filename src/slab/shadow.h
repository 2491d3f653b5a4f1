/* SPDX-License-Identifier: MIT */
/*
 * Shadow: which bytes of slabs, and of large kmalloc() blocks, their users may touch
 * (probe/kasan.h). Of caches with SLAB_KASAN alone.
 *
 *   new slab     all of it is closed
 *   handed out   the object is open, of kmalloc()'s as many bytes as were asked for
 *   ksize()      opens all that there are, as in 6.1
 *   freed        closed again; then it waits in quarantine
 */
#ifndef SLAB_SHADOW_H
#define SLAB_SHADOW_H

#include "kasan.h"
#include "slab_struct.h"

static inline bool shadow_is_kept(const struct kmem_cache *s)
{
	return unlikely(s->flags & SLAB_KASAN);
}

/* A new slab of 2^@order frames; an object is handed out. Of any cache. */
void shadow_make(const struct kmem_cache *s, const struct slab *slab, unsigned int order);
void shadow_take(const struct kmem_cache *s, const void *object);

/* Of an object of kmalloc()'s, of any cache, @bytes were asked for. */
void shadow_ask(const struct kmem_cache *s, const void *object, size_t bytes);

/* Whether @object is one, and allocated. */
bool shadow_can_give(const struct kmem_cache *s, const struct slab *slab, const void *object);

/* May @object be freed? Then it is open as a whole. Return: false after a report. */
bool shadow_may_give(const struct kmem_cache *s, const struct slab *slab, const void *object);

/* It is free. Return: false if it may be read on, and is not to wait. */
bool shadow_give(const struct kmem_cache *s, const void *object);

/*
 * Of kmalloc() memory of a machine with kasan=on, all of its @room may be used from here on.
 * Return: @room, or 0 after a report: none of it may, as it is free. Or @bytes of it may.
 */
size_t shadow_widen(const struct kalloc_machine *m, const void *object, size_t room);
void shadow_narrow(const struct kalloc_machine *m, const void *object, size_t bytes, size_t room);

#endif
