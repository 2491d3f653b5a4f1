/* SPDX-License-Identifier: MIT */
#include "sheaf.h"

void sheaf_pool_init(struct sheaf_pool *pool, void *first)
{
	*pool = (struct sheaf_pool){ .empty = NULL };
	lock_init(&pool->lock, RANK_SHEAVES);
	chunk_init(&pool->chunks, sizeof(struct sheaf), first);
}

void sheaf_pool_fini(struct sheaf_pool *pool)
{
	chunk_fini(&pool->chunks);
}

struct sheaf *sheaf_take(struct sheaf_pool *pool)
{
	struct sheaf *sheaf;

	lock_take(&pool->lock);
	sheaf = pool->empty;
	if (likely(sheaf != NULL))
		pool->empty = sheaf->next;
	else
		sheaf = chunk_take(&pool->chunks);
	lock_drop(&pool->lock);
	return sheaf;
}

void sheaf_give(struct sheaf_pool *pool, struct sheaf *sheaf)
{
	lock_take(&pool->lock);
	sheaf->next = pool->empty;
	pool->empty = sheaf;
	lock_drop(&pool->lock);
}
