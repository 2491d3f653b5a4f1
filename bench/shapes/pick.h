/* SPDX-License-Identifier: MIT */
/* take() and give() as a loop's body calls them, which is compiled with and without them. */
#ifndef PICK_H
#define PICK_H

#include "shape.h"
#include "take.h"

/* What the empty loops take for an object: large enough to be written as one. */
extern char nothing[];
#define NOTHING_BYTES 4096

/* The most that a shape takes at a time: half of the default machine. */
#define MAX_BYTES (512UL << 20)

static ALWAYS_INLINE void *pick(size_t size, const bool real)
{
	return opaque(real ? take(size) : nothing);
}

static ALWAYS_INLINE void drop(void *p, size_t size, const bool real)
{
	if (real)
		give(p, size);
	else
		opaque(p);
}

#endif
