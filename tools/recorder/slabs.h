/* SPDX-License-Identifier: MIT */
/*
 * Slabs: of each cache how many there are; of some caches a few slabs as they are, object
 * by object. These caches are the ones with the most frames, checked ones, and those that
 * the user named; the slabs are the first of each list, and full ones.
 *
 * A slab's objects are a letter each: u in use, h free but at hand in a sheaf, c on the
 * CPU's free list, f on the slab's.
 */
#ifndef RECORDER_SLABS_H
#define RECORDER_SLABS_H

#include "caches_seen.h"
#include "frames.h"
#include "json.h"
#include "memo.h"
#include "table.h"

#define SLABS_CACHES  12 /* the most that are shown, besides those that were named */
#define SLABS_CPU     4	 /* of each place, the most slabs that are shown of a cache */
#define SLABS_RESERVE 3
#define SLABS_PARTIAL 4
#define SLABS_FULL    2

struct slabs {
	const char *named;   /* caches, separated by commas; or NULL */
	struct table bodies; /* pfn → hash of what was told of the slab there */
	struct memo which;   /* which slabs were shown */
	/* of the step at hand */
	const void **at_hand;
	size_t nr_at_hand, capacity;
};

void slabs_fini(struct slabs *slabs);

/* The members "caches", "shown" and "slabs" of a step. */
void slabs_step(struct slabs *slabs, struct caches_seen *caches, const struct frames *frames,
		struct json *json);

#endif
