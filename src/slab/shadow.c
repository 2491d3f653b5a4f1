/* SPDX-License-Identifier: MIT */
#include "shadow.h"

static size_t room_of(const struct kmem_cache *s)
{
	return ALIGN_UP(s->object_size, 8);
}

void shadow_make(const struct kmem_cache *s, const struct slab *slab, unsigned int order)
{
	if (shadow_is_kept(s))
		asan_close(slab_address(s, slab), PAGE_SIZE << order);
}

void shadow_take(const struct kmem_cache *s, const void *object)
{
	if (shadow_is_kept(s))
		asan_open(object, s->object_size);
}

bool shadow_can_give(const struct kmem_cache *s, const struct slab *slab, const void *object)
{
	return slab_index(s, slab, object) >= 0 && !asan_is_closed(object);
}

bool shadow_may_give(const struct kmem_cache *s, const struct slab *slab, const void *object)
{
	if (!shadow_can_give(s, slab, object)) {
		kasan_report_free(object);
		return false;
	}
	asan_open(object, s->object_size);
	return true;
}

bool shadow_give(const struct kmem_cache *s, const void *object)
{
	if (s->flags & SLAB_TYPESAFE_BY_RCU)
		return false;
	asan_close(object, room_of(s));
	return true;
}

void shadow_ask(const struct kmem_cache *s, const void *object, size_t bytes)
{
	if (shadow_is_kept(s))
		kasan_allow(object, bytes, room_of(s));
}

size_t shadow_widen(const struct kalloc_machine *m, const void *object, size_t room)
{
	const struct slab *slab = slab_of(m, object);

	if (slab && !shadow_is_kept(slab->slab_cache))
		return room;
	if (!kasan_check(object))
		return 0;
	asan_open(object, room);
	return room;
}

void shadow_narrow(const struct kalloc_machine *m, const void *object, size_t bytes, size_t room)
{
	const struct slab *slab = slab_of(m, object);

	if (!slab || shadow_is_kept(slab->slab_cache))
		kasan_allow(object, bytes, ALIGN_UP(room, 8));
}
