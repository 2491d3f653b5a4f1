/* SPDX-License-Identifier: MIT */
/*
 * The slab caches that were seen at any step, each with a number. A cache that is
 * destroyed keeps its number; another one at the same address gets its own.
 */
#ifndef RECORDER_CACHES_SEEN_H
#define RECORDER_CACHES_SEEN_H

#include <kalloc/inspect_slab.h>

#include "json.h"
#include "table.h"

struct cache_seen {
	struct kalloc_cache_view view; /* at the last step; its name is ours */
	bool is_there;		       /* at this step */
	size_t rank;		       /* by frames, from 0 */
	unsigned long told[4];	       /* what the last step said of it */
};

struct caches_seen {
	struct cache_seen *list;
	size_t nr, capacity;
	struct table numbers; /* struct kmem_cache → number */
};

/* Look which caches there are. */
void caches_seen_look(struct caches_seen *caches);

/* The number of a cache that was there when last looked; ~0u if it was not. */
unsigned int caches_seen_id(const struct caches_seen *caches, const struct kmem_cache *cache);

/* The member "caches" of the document. */
void caches_seen_write(const struct caches_seen *caches, struct json *json);

void caches_seen_fini(struct caches_seen *caches);

#endif
