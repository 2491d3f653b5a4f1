/* SPDX-License-Identifier: MIT */
#include "chunk.h"
#include "plat.h"

static size_t chunk_bytes(const struct chunk_pool *pool)
{
	return (CHUNK_AREAS + 1) * pool->area_bytes;
}

void chunk_init(struct chunk_pool *pool, size_t area_bytes)
{
	*pool = (struct chunk_pool){ .area_bytes = area_bytes };
}

void chunk_fini(struct chunk_pool *pool)
{
	while (pool->chunks) {
		void *chunk = pool->chunks;

		pool->chunks = *(void **)chunk;
		map_free(chunk, chunk_bytes(pool));
	}
	pool->free = NULL;
}

static void chunk_push(struct chunk_pool *pool, void *area)
{
	*(void **)area = pool->free;
	pool->free = area;
}

static bool chunk_grow(struct chunk_pool *pool)
{
	char *chunk = map_alloc(chunk_bytes(pool));

	if (!chunk)
		return false;
	*(void **)chunk = pool->chunks;
	pool->chunks = chunk;
	for (size_t i = CHUNK_AREAS; i > 0; i--)
		chunk_push(pool, chunk + i * pool->area_bytes);
	return true;
}

void *chunk_take(struct chunk_pool *pool)
{
	void *area;

	if (!pool->free && !chunk_grow(pool))
		return NULL;
	area = pool->free;
	pool->free = *(void **)area;
	memset(area, 0, pool->area_bytes);
	return area;
}

void chunk_give(struct chunk_pool *pool, void *area)
{
	chunk_push(pool, area);
}
