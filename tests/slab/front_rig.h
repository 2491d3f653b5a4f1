/* SPDX-License-Identifier: MIT */
/* What the tests of fronts share. The calling thread has set its CPU: its row is the first. */
#ifndef TEST_SLAB_FRONT_RIG_H
#define TEST_SLAB_FRONT_RIG_H

#include "rig.h"
#include "slab/cpu_slab.h"
#include "slab/front.h"

static inline struct front *front_of(const struct kmem_cache *s)
{
	return (struct front *)s->supply.fronts;
}

/* Objects in the calling thread's front. */
static inline unsigned int front_count(const struct kmem_cache *s)
{
	struct front *f = front_of(s);

	return f->stack.nr + (f->spare ? f->spare->nr : 0);
}

static inline void take_objects(struct kmem_cache *s, void **objects, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
		if (!objects[i])
			fail_msg("object %u of %u", i, nr);
	}
}

static inline void free_objects(struct kmem_cache *s, void **objects, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		kmem_cache_free(s, objects[i]);
}

/* Objects of @s that are out, once nothing is at hand anywhere: by its slabs. */
static inline unsigned long objects_out(struct kmem_cache *s)
{
	struct slab_counts counts;

	front_flush_all(s);
	cpu_slab_flush_all(s);
	assert_true(cache_ok(s));
	counts = slab_count(s, 0);
	return counts.objects - counts.free;
}

#endif
