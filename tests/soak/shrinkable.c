/* SPDX-License-Identifier: MIT */
#include "soak.h"

struct shrinkable_object {
	struct shrinkable_object *next;
	const struct shrinkable *of;
};

static unsigned long count(struct shrinker *shrinker, struct shrink_control *sc)
{
	const struct shrinkable *shrinkable = shrinker->private_data;
	unsigned long nr = __atomic_load_n(&shrinkable->nr, __ATOMIC_RELAXED);

	return nr ? nr : SHRINK_EMPTY;
}

/* Under the lock: take the oldest object out. */
static struct shrinkable_object *take_oldest(struct shrinkable *shrinkable)
{
	struct shrinkable_object *object = shrinkable->oldest;

	if (!object)
		return NULL;
	SOAK_CHECK(object->of == shrinkable);
	shrinkable->oldest = object->next;
	if (!object->next)
		shrinkable->youngest = NULL;
	__atomic_sub_fetch(&shrinkable->nr, 1, __ATOMIC_RELAXED);
	return object;
}

static unsigned long scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct shrinkable *shrinkable = shrinker->private_data;
	unsigned long nr = 0;

	if (!(sc->gfp_mask & __GFP_FS) || pthread_mutex_trylock(&shrinkable->lock))
		return SHRINK_STOP;
	while (nr < sc->nr_to_scan && shrinkable->oldest) {
		kfree(take_oldest(shrinkable));
		nr++;
	}
	shrinkable->nr_shrunk += nr;
	pthread_mutex_unlock(&shrinkable->lock);
	return nr;
}

void shrinkable_init(struct shrinkable *shrinkable, unsigned long most)
{
	*shrinkable = (struct shrinkable){
		.shrinker = { .count_objects = count,
			      .scan_objects = scan,
			      .seeks = DEFAULT_SEEKS,
			      .private_data = shrinkable },
		.most = most,
	};
	pthread_mutex_init(&shrinkable->lock, NULL);
	SOAK_CHECK(register_shrinker(&shrinkable->shrinker, "soak") == 0);
}

void shrinkable_step(struct shrinkable *shrinkable, gfp_t gfp)
{
	struct shrinkable_object *object, *surplus = NULL;

	object = kmalloc(512, gfp);
	if (!object)
		return;
	*object = (struct shrinkable_object){ .of = shrinkable };
	pthread_mutex_lock(&shrinkable->lock);
	if (shrinkable->youngest)
		shrinkable->youngest->next = object;
	else
		shrinkable->oldest = object;
	shrinkable->youngest = object;
	if (__atomic_add_fetch(&shrinkable->nr, 1, __ATOMIC_RELAXED) > shrinkable->most)
		surplus = take_oldest(shrinkable);
	pthread_mutex_unlock(&shrinkable->lock);
	kfree(surplus);
}

void shrinkable_fini(struct shrinkable *shrinkable)
{
	struct shrinkable_object *object;

	unregister_shrinker(&shrinkable->shrinker);
	while ((object = take_oldest(shrinkable)))
		kfree(object);
	SOAK_CHECK(!shrinkable->nr);
	pthread_mutex_destroy(&shrinkable->lock);
}
