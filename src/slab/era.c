/* SPDX-License-Identifier: MIT */
#include "cache.h"

/* The sizes were wider then; what no longer fits is as impossible as it was. */
static struct kmem_cache *create(struct cache_request *req, size_t size, size_t align,
				 unsigned long flags)
{
	bool fits = size <= ~0u && align <= ~0u && flags <= ~0u;

	req->size = fits ? (unsigned int)size : 0;
	req->align = (unsigned int)align;
	req->flags = (slab_flags_t)flags;
	return cache_create(req);
}

struct kmem_cache *kalloc_cache_create_old(const char *name, size_t size, size_t align,
					   unsigned long flags, kalloc_ctor_old ctor,
					   kalloc_ctor_old dtor)
{
	struct cache_request req = { .name = name, .ctor_era = CTOR_OBJECT_FLAGS };

	if (WARN(dtor != NULL, "kmem_cache_create(%s): destructors are not supported\n", name))
		return NULL;
	req.ctor_old = ctor;
	return create(&req, size, align, flags);
}

struct kmem_cache *kalloc_cache_create_mid(const char *name, size_t size, size_t align,
					   unsigned long flags,
					   void (*ctor)(struct kmem_cache *, void *))
{
	struct cache_request req = { .name = name, .ctor_era = CTOR_CACHE_OBJECT };

	req.ctor_mid = ctor;
	return create(&req, size, align, flags);
}
