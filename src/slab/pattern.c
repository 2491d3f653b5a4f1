/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#define TRACKS_BYTES 64

void pattern_slab(const struct kmem_cache *s, void *start, unsigned int order)
{
	if (s->flags & SLAB_POISON)
		memset(start, POISON_INUSE, PAGE_SIZE << order);
}

static void pattern_object(const struct kmem_cache *s, void *object, int red)
{
	unsigned char *p = object;

	if (s->flags & SLAB_RED_ZONE) {
		memset(p - s->red_left_pad, red, s->red_left_pad);
		memset(p + s->object_size, red, s->inuse - s->object_size);
	}
	if (s->flags & OBJECT_POISON) {
		memset(p, POISON_FREE, s->object_size - 1);
		p[s->object_size - 1] = POISON_END;
	}
}

void pattern_new(const struct kmem_cache *s, void *object)
{
	size_t end = s->offset >= s->inuse ? s->inuse + sizeof(void *) : s->inuse;

	pattern_object(s, object, SLUB_RED_INACTIVE);
	if (s->flags & SLAB_STORE_USER)
		memset((char *)object + end, 0, TRACKS_BYTES);
}

void pattern_alloc(const struct kmem_cache *s, void *object)
{
	pattern_object(s, object, SLUB_RED_ACTIVE);
}

void pattern_free(const struct kmem_cache *s, void *object)
{
	pattern_object(s, object, SLUB_RED_INACTIVE);
}
