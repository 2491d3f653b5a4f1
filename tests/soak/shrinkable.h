/* SPDX-License-Identifier: MIT */
/*
 * A cache of objects that a shrinker can free: the oldest first, and none for a request
 * without __GFP_FS, as a file system's would.
 *
 * Lock: `lock` protects the list. The shrinker only tries it.
 */
#ifndef SOAK_SHRINKABLE_H
#define SOAK_SHRINKABLE_H

#include <pthread.h>

#include <kalloc/reclaim.h>

struct shrinkable {
	struct shrinker shrinker;
	pthread_mutex_t lock;
	struct shrinkable_object *oldest, *youngest;
	unsigned long nr;
	unsigned long most;
	unsigned long nr_shrunk;
};

/* @most: objects that it grows to. */
void shrinkable_init(struct shrinkable *shrinkable, unsigned long most);
void shrinkable_fini(struct shrinkable *shrinkable);

/* Put an object in. */
void shrinkable_step(struct shrinkable *shrinkable, gfp_t gfp);

#endif
