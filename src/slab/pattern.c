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

/* From the object, where the records begin. */
static size_t tracks_at(const struct kmem_cache *s)
{
	return s->offset >= s->inuse ? s->inuse + sizeof(void *) : s->inuse;
}

static bool keeps_request(const struct kmem_cache *s)
{
	return (s->flags & SLAB_STORE_USER) && (s->flags & SLAB_KMALLOC);
}

size_t pattern_end(const struct kmem_cache *s)
{
	size_t end = tracks_at(s);

	if (s->flags & SLAB_STORE_USER)
		end += TRACKS_BYTES;
	return keeps_request(s) ? end + sizeof(unsigned int) : end;
}

size_t pattern_request(const struct kmem_cache *s, const void *object)
{
	unsigned int bytes;

	if (!keeps_request(s))
		return s->object_size;
	memcpy(&bytes, (const char *)object + tracks_at(s) + TRACKS_BYTES, sizeof(bytes));
	return bytes;
}

void pattern_set_request(const struct kmem_cache *s, void *object, size_t asked)
{
	unsigned int bytes = (unsigned int)asked;

	if (!keeps_request(s))
		return;
	if (s->flags & SLAB_RED_ZONE)
		memset((char *)object + bytes, SLUB_RED_ACTIVE, s->object_size - bytes);
	memcpy((char *)object + tracks_at(s) + TRACKS_BYTES, &bytes, sizeof(bytes));
}

void pattern_new(const struct kmem_cache *s, void *object)
{
	pattern_object(s, object, SLUB_RED_INACTIVE);
	if (s->flags & SLAB_STORE_USER)
		memset((char *)object + tracks_at(s), 0, TRACKS_BYTES);
}

void pattern_alloc(const struct kmem_cache *s, void *object)
{
	pattern_object(s, object, SLUB_RED_ACTIVE);
	pattern_set_request(s, object, s->object_size);
}

void pattern_free(const struct kmem_cache *s, void *object)
{
	pattern_object(s, object, SLUB_RED_INACTIVE);
}
