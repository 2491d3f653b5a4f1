/* SPDX-License-Identifier: MIT */
/* Which frames of a zone are on a free list: a bit each. */
#ifndef TOOLS_FRAME_MAP_H
#define TOOLS_FRAME_MAP_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: no frames yet. */
struct frame_map {
	unsigned char *bits; /* made when the first block is entered */
	unsigned long start, nr;
};

/* Forget all, and begin with [start, start + nr) in use. */
void frame_map_begin(struct frame_map *map, unsigned long start, unsigned long nr);

/*
 * Enter a free block of 2^order frames, all of them inside. Return: the first frame that
 * has been entered before, or 0; frame 0 is in no zone.
 */
unsigned long frame_map_enter(struct frame_map *map, unsigned long pfn, unsigned int order);

/* Whether a frame inside has been entered. */
bool frame_map_has(const struct frame_map *map, unsigned long pfn);

void frame_map_fini(struct frame_map *map);

#endif
