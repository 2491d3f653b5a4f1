/* SPDX-License-Identifier: MIT */
/* Where a thing's frames are, and what stands at a frame. */
#ifndef SCENARIO_FRAMES_H
#define SCENARIO_FRAMES_H

#include <stdbool.h>

#include <kalloc/inspect.h>

#include "thing.h"

/* Number of frames that a thing has, 0 if it has none of its own. */
unsigned long frames_count(const struct thing *thing);

/* Frame number @i of a thing that has so many. */
unsigned long frames_pfn(const struct thing *thing, unsigned long i);

/* How many runs of neighbouring frames a thing consists of. */
unsigned long frames_runs(const struct thing *thing);

/* The run of frames in one state that @pfn is in. Return: false if it is in no zone. */
bool frames_at(unsigned long pfn, struct kalloc_block *block);

#endif
