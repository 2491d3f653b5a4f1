/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "memory.h"
#include "shrinkable.h"

static struct shrinkable *of(struct shrinker *shrinker)
{
	return shrinker->private_data;
}

static unsigned long count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return of(shrinker)->nr - of(shrinker)->given_up;
}

static unsigned long scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct shrinkable *shrinkable = of(shrinker);
	unsigned long freed = 0;

	while (freed < sc->nr_to_scan && shrinkable->given_up < shrinkable->nr) {
		kmem_cache_free(shrinkable->cache, shrinkable->objects[shrinkable->given_up++]);
		freed++;
	}
	return freed;
}

struct shrinkable *shrinkable_create(struct kmem_cache *cache, unsigned long nr, int seeks)
{
	struct shrinkable *shrinkable = memory_new(1, sizeof(*shrinkable));

	shrinkable->shrinker = (struct shrinker){ .count_objects = count,
						  .scan_objects = scan,
						  .seeks = seeks,
						  .private_data = shrinkable };
	shrinkable->cache = cache;
	shrinkable->objects = memory_new(nr, sizeof(void *));
	while (shrinkable->nr < nr) {
		void *object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);

		if (!object)
			break;
		shrinkable->objects[shrinkable->nr++] = object;
	}
	if (!register_shrinker(&shrinkable->shrinker, "script"))
		return shrinkable;
	while (shrinkable->nr)
		kmem_cache_free(cache, shrinkable->objects[--shrinkable->nr]);
	shrinkable_fini(shrinkable);
	return NULL;
}

void shrinkable_give_back(struct shrinkable *shrinkable)
{
	unregister_shrinker(&shrinkable->shrinker);
	while (shrinkable->given_up < shrinkable->nr)
		kmem_cache_free(shrinkable->cache, shrinkable->objects[shrinkable->given_up++]);
}

void shrinkable_fini(struct shrinkable *shrinkable)
{
	free(shrinkable->objects);
	free(shrinkable);
}
