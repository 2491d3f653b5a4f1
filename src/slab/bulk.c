/* SPDX-License-Identifier: MIT */
#include "alloc.h"
#include "cpu_slab.h"
#include "fault.h"
#include "object_note.h"
#include "plat.h"
#include "shadow.h"
#include "trace_slab.h"

/* How many objects of other slabs are passed over in search of more of one slab. */
#define LOOKAHEAD 3

/* Objects of one slab, chained: the last of the caller's array is to be reused first. */
struct batch {
	struct slab *slab;
	struct kmem_cache *s;
	void *head;
	void *tail;
	unsigned int cnt;
};

/* False if @object is in no slab. */
static bool batch_begin(struct batch *batch, struct kmem_cache *s, void *object)
{
	struct kalloc_machine *m;

	*batch = (struct batch){ .s = s, .head = object, .tail = object, .cnt = 1 };
	if (s) {
		batch->s = alloc_cache_of(s, object, &batch->slab);
	} else {
		m = machine_of(object);
		batch->slab = m && is_linear(m, object) ? slab_of(m, object) : NULL;
		batch->s = batch->slab ? batch->slab->slab_cache : NULL;
	}
	if (!batch->s)
		return false;
	alloc_wipe(batch->s, object);
	object_set_next(batch->s, object, NULL);
	return true;
}

static void batch_append(struct batch *batch, void *object)
{
	alloc_wipe(batch->s, object);
	object_set_next(batch->s, object, NULL);
	object_set_next(batch->s, batch->tail, object);
	batch->tail = object;
	batch->cnt++;
}

static bool is_in(const struct batch *batch, const void *object)
{
	return is_linear(batch->s->machine, object) &&
	       slab_of(batch->s->machine, object) == batch->slab;
}

/*
 * Take the last object of p[0..size) and those of its slab that stand near it.
 * Return: how many are left; they are at the front of @p again.
 */
static size_t batch_collect(struct batch *batch, size_t size, void **p)
{
	size_t left = size;
	int lookahead = LOOKAHEAD;

	while (size && lookahead) {
		void *object = p[--size];

		if (is_in(batch, object)) {
			batch_append(batch, object);
			left--;
			p[size] = p[left];
			p[left] = object;
		} else {
			lookahead--;
		}
	}
	return left;
}

static never_inline void free_singly(struct kmem_cache *s, size_t size, void **p, const void *site)
{
	while (size--) {
		if (s)
			alloc_free(s, p[size], site);
		else
			alloc_kfree(p[size], site);
	}
}

/* Whether each object is looked at before it is freed. */
static bool is_looked_at(const struct kmem_cache *s, void *object)
{
	const struct kalloc_machine *m = s ? s->machine : machine_of(object);

	return m && kasan_is_on(m);
}

static void free_bulk(struct kmem_cache *s, size_t size, void **p)
{
	struct batch batch;
	size_t given;

	while (s && size && (given = front_give_many(s, size, p)) > 0) {
		p += given;
		size -= given;
	}
	while (size) {
		void *object = p[--size];

		if (batch_begin(&batch, s, object)) {
			size = batch_collect(&batch, size, p);
			cpu_slab_give(batch.s, batch.slab, batch.head, batch.tail, batch.cnt);
		} else if (!s) {
			kfree(object);
		}
	}
}

static bool is_told(const struct kmem_cache *s, const void *object)
{
	const struct kalloc_machine *m;

	if (s)
		return unlikely(READ_ONCE(s->told));
	m = machine_of(object);
	return m && trace_slab_has_takers(m);
}

void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p)
{
	if (size && is_looked_at(s, p[0])) {
		free_singly(s, size, p, __builtin_return_address(0));
		return;
	}
	if (size && is_told(s, p[0]))
		trace_slab_free_many(s, size, p, __builtin_return_address(0));
	free_bulk(s, size, p);
}

/* front_take_many(), told of piece by piece, as the sheaves give them. */
static never_inline size_t take_many_told(struct kmem_cache *s, gfp_t gfp, size_t count, void **p,
					  const void *site)
{
	size_t i = 0, got;

	while (i < count && (got = front_take_many(s, count - i, p + i)) > 0) {
		for (size_t j = 0; j < got; j++)
			shadow_take(s, p[i + j]);
		trace_slab_alloc_many(s, got, p + i, gfp, site);
		i += got;
	}
	return i;
}

/* What is at hand for p[*@i..@size), and one more. Return: false: there is none. */
static bool take_some(struct kmem_cache *s, gfp_t gfp, size_t size, void **p, size_t *i,
		      const void *site)
{
	bool told = unlikely(READ_ONCE(s->told));
	bool taken = true;

	*i += told ? take_many_told(s, gfp, size - *i, p + *i, site)
		   : front_take_many(s, size - *i, p + *i);
	if (*i < size) {
		p[*i] = s->sheaf_most ? front_take(s, gfp) : alloc_take_bare(s, gfp, NUMA_NO_NODE);
		taken = p[*i] != NULL;
		if (taken && told)
			trace_slab_alloc(s, p[*i], gfp, NUMA_NO_NODE,
					 (struct asker){ .site = site });
		*i += taken;
	}
	return taken;
}

static int alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size, void **p, const void *site)
{
	size_t i = 0;

	while (i < size) {
		if (!take_some(s, flags, size, p, &i, site)) {
			kmem_cache_free_bulk(s, i, p);
			return 0;
		}
	}
	if (likely(!alloc_wants_zero(s, flags) && !s->zero_on_free))
		return (int)size;
	for (i = 0; i < size; i++)
		alloc_prepare(s, flags, p[i]);
	return (int)size;
}

int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size, void **p)
{
	int nr = 0;

	flags = context_gfp(s->machine, flags);
	note_object(s, flags, size);
	if (!fault_hits(flags))
		nr = alloc_bulk(s, flags, size, p, __builtin_return_address(0));
	note_object_end(nr ? p[0] : NULL, (unsigned long)nr);
	return nr;
}
