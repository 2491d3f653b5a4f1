/* SPDX-License-Identifier: MIT */
/*
 * Frames: what each frame of the machine is, and what changed since the last step.
 *
 * A frame has a *kind*: state, order of its block, use, and the cache if it is a slab's.
 * Kinds are numbered as they appear, so that a frame is 16 bits. A step tells the changes
 * as runs of three numbers: frames passed over, frames changed, their kind.
 */
#ifndef RECORDER_FRAMES_H
#define RECORDER_FRAMES_H

#include <stdint.h>

#include "caches_seen.h"
#include "json.h"
#include "table.h"
#include "zones.h"

/* The most frames that are recorded: 16 GiB. */
#define FRAMES_MOST (4ul << 20)

/* A slab as the walk of the frames finds it. */
struct frames_slab {
	unsigned long pfn;
	unsigned int order;
	unsigned int cache;
};

struct frames {
	const struct zones *zones;
	uint16_t *before, *now;		     /* kinds, by place */
	unsigned char *types_before, *types; /* of pageblocks */
	size_t nr_types;
	struct table numbers; /* kind as one number → its number */
	uint64_t *kinds;
	size_t nr_kinds, capacity;
	struct frames_slab *slabs; /* of this step */
	size_t nr_slabs, slabs_capacity;
	const struct caches_seen *caches; /* of this step */
};

void frames_init(struct frames *frames, const struct zones *zones);
void frames_fini(struct frames *frames);

/* Look at all frames; the members "frames" and "blocks" of a step. */
void frames_step(struct frames *frames, const struct caches_seen *caches, struct json *json);

/* The member "kinds" of the document. */
void frames_write(const struct frames *frames, struct json *json);

#endif
