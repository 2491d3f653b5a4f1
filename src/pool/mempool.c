/* SPDX-License-Identifier: MIT */
#include <kalloc/mempool.h>

#include "base.h"
#include "explain.h"
#include "machine.h"
#include "plat.h"
#include "slab.h"

/*
 * A waiter looks again after this long even if nobody woke it, as in Linux: an
 * allocator that recovers by itself wakes nobody.
 */
#define WAIT_MS 5000

/* The public header holds two words for each of these. */
_Static_assert(sizeof(struct lock) == member_size(mempool_t, lock), "room for the lock");
_Static_assert(sizeof(struct waitq) == member_size(mempool_t, wait), "room for the wait queue");

static struct lock *lock_of(mempool_t *pool)
{
	return (struct lock *)&pool->lock;
}

static struct waitq *waitq_of(mempool_t *pool)
{
	return (struct waitq *)&pool->wait;
}

/* The sizes change under the lock only, but mempool_free() also reads them without. */
static void reserve_put_locked(mempool_t *pool, void *element)
{
	pool->elements[pool->curr_nr] = element;
	WRITE_ONCE(pool->curr_nr, pool->curr_nr + 1);
	pool->nr_owned = max(pool->nr_owned, pool->curr_nr);
}

/* The element put last, or NULL. */
static void *reserve_take_locked(mempool_t *pool)
{
	if (!pool->curr_nr)
		return NULL;
	WRITE_ONCE(pool->curr_nr, pool->curr_nr - 1);
	return pool->elements[pool->curr_nr];
}

/* Without the lock: a hint, except for whoever holds an element (see the header). */
static bool reserve_is_short(mempool_t *pool)
{
	return READ_ONCE(pool->curr_nr) < READ_ONCE(pool->min_nr);
}

static bool reserve_try_put(mempool_t *pool, void *element)
{
	bool is_short;

	lock_take(lock_of(pool));
	is_short = pool->curr_nr < pool->min_nr;
	if (is_short)
		reserve_put_locked(pool, element);
	lock_drop(lock_of(pool));
	return is_short;
}

static void reserve_free(mempool_t *pool)
{
	void *element;

	while ((element = reserve_take_locked(pool)))
		pool->free(element, pool->pool_data);
	pool->nr_owned = 0;
	kfree(pool->elements);
	pool->elements = NULL;
}

static never_inline void *element_alloc_elsewhere(mempool_t *pool, gfp_t gfp)
{
	struct kalloc_machine *was = machine_enter(pool->machine);
	void *element = pool->alloc(gfp, pool->pool_data);

	machine_enter(was);
	return element;
}

/* Call the allocator with the pool's own machine as the current one. */
static inline void *element_alloc(mempool_t *pool, gfp_t gfp)
{
	if (unlikely(machine_known() != pool->machine))
		return element_alloc_elsewhere(pool, gfp);
	return pool->alloc(gfp, pool->pool_data);
}

static void **table_alloc(const mempool_t *pool, int nr, gfp_t gfp, int nid)
{
	if (nr < 0)
		return NULL;
	return slab_kmalloc(pool->machine, (size_t)nr * sizeof(void *), gfp, nid);
}

int mempool_init_node(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn,
		      mempool_free_t *free_fn, void *pool_data, gfp_t gfp_mask, int node_id)
{
	*pool = (mempool_t){
		.min_nr = min_nr,
		.pool_data = pool_data,
		.alloc = alloc_fn,
		.free = free_fn,
		.machine = machine_current(),
	};
	lock_init(lock_of(pool), RANK_MEMPOOL);
	pool->elements = table_alloc(pool, min_nr, gfp_mask, node_id);
	if (!pool->elements)
		return -ENOMEM;

	while (pool->curr_nr < pool->min_nr) {
		void *element = element_alloc(pool, gfp_mask);

		if (!element) {
			reserve_free(pool);
			return -ENOMEM;
		}
		reserve_put_locked(pool, element);
	}
	return 0;
}

int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
		 void *pool_data)
{
	return mempool_init_node(pool, min_nr, alloc_fn, free_fn, pool_data, GFP_KERNEL,
				 NUMA_NO_NODE);
}

mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
			       void *pool_data, gfp_t gfp_mask, int nid)
{
	mempool_t *pool = kmalloc_node(sizeof(*pool), gfp_mask, nid);

	if (!pool)
		return NULL;
	if (mempool_init_node(pool, min_nr, alloc_fn, free_fn, pool_data, gfp_mask, nid)) {
		kfree(pool);
		return NULL;
	}
	return pool;
}

mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
			  void *pool_data)
{
	return mempool_create_node(min_nr, alloc_fn, free_fn, pool_data, GFP_KERNEL, NUMA_NO_NODE);
}

void mempool_exit(mempool_t *pool)
{
	WARN(pool->nr_owned > pool->curr_nr,
	     "mempool: destroyed while %d of %d reserved elements are not returned\n",
	     pool->nr_owned - pool->curr_nr, pool->nr_owned);
	reserve_free(pool);
}

void mempool_destroy(mempool_t *pool)
{
	if (!pool)
		return;
	mempool_exit(pool);
	kfree(pool);
}

/*
 * The reserve never holds more than min_nr elements, not even while the lock is
 * let go of here: table_replace() copies that many at most.
 *
 * Return: false if @new_min_nr would be larger, with nothing changed.
 */
static bool reserve_try_shrink(mempool_t *pool, int new_min_nr)
{
	bool is_smaller;

	lock_take(lock_of(pool));
	is_smaller = new_min_nr <= pool->min_nr;
	while (is_smaller && pool->curr_nr > new_min_nr) {
		void *element = reserve_take_locked(pool);

		lock_drop(lock_of(pool));
		pool->free(element, pool->pool_data);
		lock_take(lock_of(pool));
	}
	if (is_smaller) {
		WRITE_ONCE(pool->min_nr, new_min_nr);
		pool->nr_owned = min(pool->nr_owned, new_min_nr);
	}
	lock_drop(lock_of(pool));
	return is_smaller;
}

/* Give the pool a table of @nr, unless somebody has already given it a larger one. */
static void table_replace(mempool_t *pool, void **table, int nr)
{
	void **unused = table;

	lock_take(lock_of(pool));
	if (nr > pool->min_nr) {
		memcpy(table, pool->elements, (size_t)pool->curr_nr * sizeof(*table));
		unused = pool->elements;
		pool->elements = table;
		WRITE_ONCE(pool->min_nr, nr);
	}
	lock_drop(lock_of(pool));
	kfree(unused);
}

int kalloc_mempool_resize(mempool_t *pool, int new_min_nr, gfp_t gfp_mask)
{
	void **table;

	context_might_sleep(pool->machine);
	if (WARN(new_min_nr < 1, "mempool: resize to %d elements\n", new_min_nr))
		return -EINVAL;
	if (reserve_try_shrink(pool, new_min_nr))
		return 0;
	table = table_alloc(pool, new_min_nr, gfp_mask, NUMA_NO_NODE);
	if (!table)
		return -ENOMEM;
	table_replace(pool, table, new_min_nr);

	while (reserve_is_short(pool)) {
		void *element = element_alloc(pool, gfp_mask);

		if (!element)
			break;
		mempool_free(element, pool);
	}
	return 0;
}

int mempool_resize(mempool_t *pool, int new_min_nr)
{
	return kalloc_mempool_resize(pool, new_min_nr, GFP_KERNEL);
}

/*
 * Take an element of the reserve. The ticket is drawn while the reserve is seen
 * to be empty, so that no later mempool_free() goes unnoticed (plat/waitq.h).
 */
static void *reserve_take(mempool_t *pool, u32 *ticket)
{
	void *element;

	lock_take(lock_of(pool));
	element = reserve_take_locked(pool);
	*ticket = waitq_ticket(waitq_of(pool));
	lock_drop(lock_of(pool));
	return element;
}

/* What the first attempt leaves out, as in Linux. */
#define GFP_LATER (__GFP_DIRECT_RECLAIM | __GFP_IO)

static void note_reserve(const mempool_t *pool, const void *element, bool waits)
{
	explain(.kind = KALLOC_NOTE_RESERVE, .reserve = { .taken = element != NULL,
							  .waits = waits,
							  .left = READ_ONCE(pool->curr_nr),
							  .min_nr = READ_ONCE(pool->min_nr) });
}

/* The reserve, then the whole of @gfp, then waiting. */
static void *alloc_patiently(mempool_t *pool, gfp_t gfp)
{
	bool is_first = (gfp & GFP_LATER) != 0;

	for (;;) {
		u32 ticket;
		void *element = reserve_take(pool, &ticket);
		bool waits = !is_first && gfp & __GFP_DIRECT_RECLAIM;

		note_reserve(pool, element, !element && waits);
		if (element)
			return element;
		if (!is_first) {
			if (!(gfp & __GFP_DIRECT_RECLAIM))
				return NULL;
			waitq_wait(waitq_of(pool), ticket, WAIT_MS);
		}
		is_first = false;
		element = element_alloc(pool, gfp);
		if (element)
			return element;
	}
}

/* The first attempt has failed. */
static never_inline void *alloc_slow(mempool_t *pool, gfp_t gfp)
{
	void *element;

	if (likely(!explain_on()))
		return alloc_patiently(pool, gfp);
	explain_hold();
	element = alloc_patiently(pool, gfp);
	explain_release();
	return element;
}

void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask)
{
	gfp_t gfp = context_gfp(pool->machine, gfp_mask);
	void *element;

	WARN_ONCE(gfp_mask & __GFP_ZERO, "mempool: __GFP_ZERO is not possible\n");
	gfp |= __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;
	element = element_alloc(pool, gfp & ~GFP_LATER);
	return likely(element != NULL) ? element : alloc_slow(pool, gfp);
}

static never_inline void free_to_reserve(void *element, mempool_t *pool)
{
	if (reserve_try_put(pool, element))
		waitq_wake(waitq_of(pool));
	else
		pool->free(element, pool->pool_data);
}

void mempool_free(void *element, mempool_t *pool)
{
	if (unlikely(!element))
		return;
	if (unlikely(reserve_is_short(pool)))
		free_to_reserve(element, pool);
	else
		pool->free(element, pool->pool_data);
}
