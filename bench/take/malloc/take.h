/* SPDX-License-Identifier: MIT */
/* The host's malloc, or the one that LD_PRELOAD puts in its place. */
#ifndef TAKE_H
#define TAKE_H

#include <stdlib.h>

/* May take() be called for any size, or only for TAKE_SIZE? */
#define TAKE_ANY_SIZE true

static inline void take_boot(void)
{
}

static inline __attribute__((__always_inline__)) void *take(size_t size)
{
	return malloc(size);
}

static inline __attribute__((__always_inline__)) void give(void *p, size_t size)
{
	(void)size;
	free(p);
}

#endif
