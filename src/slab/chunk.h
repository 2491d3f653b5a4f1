/* SPDX-License-Identifier: MIT */
/*
 * Chunk: memory for the per-CPU parts of caches, all of one size, from mappings of
 * CHUNK_AREAS each, so that creating a cache costs no system call and a machine
 * few mappings. Areas are zero when taken. No lock: the caller has one.
 */
#ifndef SLAB_CHUNK_H
#define SLAB_CHUNK_H

#include "base.h"

#define CHUNK_AREAS 64

struct chunk_pool {
	size_t area_bytes; /* a multiple of a cache line */
	void *free;	   /* chained through their first word */
	void *chunks;	   /* mappings, chained through the first word of their header area */
};

void chunk_init(struct chunk_pool *pool, size_t area_bytes);
void chunk_fini(struct chunk_pool *pool);

/* Return: an area, or NULL if the host has no memory. */
void *chunk_take(struct chunk_pool *pool);
void chunk_give(struct chunk_pool *pool, void *area);

#endif
