/* SPDX-License-Identifier: MIT */
/*
 * Chunk: memory for the per-CPU parts of caches, all of one size, from chunks of
 * CHUNK_AREAS each, so that creating a cache costs no system call and a machine few
 * mappings. Areas are zero when taken. Those that never were taken are not touched: a
 * chunk costs the host no memory before it is used. The first is the caller's, out of the
 * machine's tables. No lock: the caller has one.
 */
#ifndef SLAB_CHUNK_H
#define SLAB_CHUNK_H

#include "base.h"

#define CHUNK_AREAS 64

struct chunk_pool {
	size_t area_bytes; /* a multiple of a cache line */
	void *free;	   /* given back, chained through their first word */
	char *fresh;	   /* never taken: from here to the end of the newest chunk */
	char *fresh_end;
	void *chunks; /* mappings, chained through the first word of their header area */
};

static inline size_t chunk_first_bytes(size_t area_bytes)
{
	return CHUNK_AREAS * area_bytes;
}

/* @first: chunk_first_bytes() of zeroes, which stay the caller's. */
void chunk_init(struct chunk_pool *pool, size_t area_bytes, void *first);
void chunk_fini(struct chunk_pool *pool);

/* Return: an area, or NULL if the host has no memory. */
void *chunk_take(struct chunk_pool *pool);
void chunk_give(struct chunk_pool *pool, void *area);

#endif
