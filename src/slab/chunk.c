/* SPDX-License-Identifier: MIT */
#include "chunk.h"
#include "plat.h"

/* Of a mapping: a header area, then the areas. */
static size_t mapping_bytes(const struct chunk_pool *pool)
{
	return pool->area_bytes + chunk_first_bytes(pool->area_bytes);
}

void chunk_init(struct chunk_pool *pool, size_t area_bytes, void *first)
{
	*pool = (struct chunk_pool){
		.area_bytes = area_bytes,
		.fresh = first,
		.fresh_end = (char *)first + chunk_first_bytes(area_bytes),
	};
}

void chunk_fini(struct chunk_pool *pool)
{
	while (pool->chunks) {
		void *chunk = pool->chunks;

		pool->chunks = *(void **)chunk;
		map_free(chunk, mapping_bytes(pool));
	}
	pool->free = NULL;
	pool->fresh = pool->fresh_end;
}

static bool chunk_grow(struct chunk_pool *pool)
{
	char *chunk = map_alloc(mapping_bytes(pool));

	if (!chunk)
		return false;
	*(void **)chunk = pool->chunks;
	pool->chunks = chunk;
	pool->fresh = chunk + pool->area_bytes;
	pool->fresh_end = chunk + mapping_bytes(pool);
	return true;
}

void *chunk_take(struct chunk_pool *pool)
{
	void *area = pool->free;

	if (area) {
		pool->free = *(void **)area;
		return memset(area, 0, pool->area_bytes);
	}
	if (pool->fresh == pool->fresh_end && !chunk_grow(pool))
		return NULL;
	area = pool->fresh;
	pool->fresh += pool->area_bytes;
	return area;
}

void chunk_give(struct chunk_pool *pool, void *area)
{
	*(void **)area = pool->free;
	pool->free = area;
}
