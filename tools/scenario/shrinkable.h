/* SPDX-License-Identifier: MIT */
/* Objects of a cache that a shrinker gives up, the oldest first, when memory is short. */
#ifndef SCENARIO_SHRINKABLE_H
#define SCENARIO_SHRINKABLE_H

#include <kalloc/reclaim.h>
#include <kalloc/slab.h>

struct shrinkable {
	struct shrinker shrinker;
	struct kmem_cache *cache;
	void **objects; /* those from `given_up` on are there */
	unsigned long nr, given_up;
};

/* As many of @nr objects as there are, offered to reclaim. NULL: no shrinker to be had. */
struct shrinkable *shrinkable_create(struct kmem_cache *cache, unsigned long nr, int seeks);

/* Take the offer back and free the objects. */
void shrinkable_give_back(struct shrinkable *shrinkable);

void shrinkable_fini(struct shrinkable *shrinkable);

#endif
