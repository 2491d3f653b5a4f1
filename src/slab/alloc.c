/* SPDX-License-Identifier: MIT */
#include "alloc.h"
#include "cpu_slab.h"
#include "fault.h"
#include "object_note.h"
#include "plat.h"
#include "shadow.h"

void alloc_prepare(const struct kmem_cache *s, gfp_t gfp, void *object)
{
	if (unlikely(alloc_wants_zero(s, gfp)))
		memset(object, 0, READ_ONCE(s->object_size));
	else if (unlikely(s->zero_on_free) && s->offset < s->inuse)
		object_set_next(s, object, NULL);
}

static void wipe(const struct kmem_cache *s, void *object)
{
	size_t inuse = READ_ONCE(s->inuse);

	memset(object, 0, READ_ONCE(s->object_size));
	if (shadow_is_kept(s))
		return;
	memset((char *)object + inuse, 0, s->size - inuse - s->red_left_pad);
}

void alloc_wipe(const struct kmem_cache *s, void *object)
{
	if (s->zero_on_free)
		wipe(s, object);
}

void *alloc_take_bare(struct kmem_cache *s, gfp_t gfp, int nid)
{
	void *object = cpu_slab_take(s, gfp, nid);

	if (likely(object != NULL))
		shadow_take(s, object);
	return object;
}

static inline void *take_unwatched(struct kmem_cache *s, gfp_t gfp, int nid)
{
	void *object;

	if (nid != NUMA_NO_NODE && (unsigned int)nid >= node_count(s->machine))
		nid = NUMA_NO_NODE;
	if (s->sheaf_most)
		object = front_pop(s) ?: front_take(s, gfp);
	else
		object = alloc_take_bare(s, gfp, nid);
	if (likely(object != NULL))
		alloc_prepare(s, gfp, object);
	return object;
}

/* What was noted of where the object is; if nothing was, it was at hand. */
static cold_path void note_at_hand(const struct kmem_cache *s, struct explain_place place)
{
	if (explain_place().nr_notes == place.nr_notes)
		note_from(s, s->sheaf_most ? KALLOC_FROM_SHEAF : KALLOC_FROM_CPU, NUMA_NO_NODE);
}

/* The same for a thread that somebody watches. */
static cold_path never_inline void *take_watched(struct kmem_cache *s, gfp_t gfp, int nid)
{
	struct explain_place place;
	void *object = NULL;

	note_object(s, gfp, 0);
	place = explain_place();
	if (!fault_hits(gfp))
		object = take_unwatched(s, gfp, nid);
	note_at_hand(s, place);
	note_object_end(object, object != NULL);
	return object;
}

static inline void *take(struct kmem_cache *s, gfp_t gfp, int nid)
{
	gfp = context_gfp(s->machine, gfp);
	return unlikely(task_is_watched()) ? take_watched(s, gfp, nid)
					   : take_unwatched(s, gfp, nid);
}

static never_inline void *take_told(struct kmem_cache *s, gfp_t gfp, int nid, struct asker asker)
{
	void *object = take(s, gfp, nid);

	trace_poll(s->machine);
	if (object && asker.bytes)
		shadow_ask(s, object, asker.bytes);
	trace_slab_alloc(s, object, gfp, nid, asker);
	return object;
}

never_inline void *alloc_take_slow(struct kmem_cache *s, gfp_t gfp, int nid, struct asker asker)
{
	if (unlikely(READ_ONCE(s->told)))
		return take_told(s, gfp, nid, asker);
	return take(s, gfp, nid);
}

/* To a cache without fronts. */
static void give_bare(struct kmem_cache *s, struct slab *slab, void *object)
{
	if (shadow_is_kept(s) && !shadow_may_give(s, slab, object))
		return;
	alloc_wipe(s, object);
	if (shadow_is_kept(s) && shadow_give(s, object))
		quarantine_give(s, object);
	else
		cpu_slab_give(s, slab, object, object, 1);
}

void alloc_give(struct kmem_cache *s, struct slab *slab, void *object)
{
	if (likely(s->sheaf_most))
		front_give(s, slab, object);
	else
		give_bare(s, slab, object);
}

static cold_path struct kmem_cache *report_foreign(const void *object)
{
	WARN_ONCE(true, "cache_from_obj: Object %p is not a Slab page!\n", object);
	return NULL;
}

struct kmem_cache *alloc_cache_of(struct kmem_cache *s, const void *object, struct slab **slab)
{
	struct kalloc_machine *m = s->machine;

	*slab = NULL;
	/* Nearly always an object of the cache's machine; else ask the directory. */
	if (unlikely(!is_linear(m, object)))
		m = machine_of(object);
	if (unlikely(!m || !is_linear(m, object)))
		return report_foreign(object);
	*slab = slab_of(m, object);
	if (unlikely(!*slab))
		return report_foreign(object);
	WARN((*slab)->slab_cache != s,
	     "cache_from_obj: Wrong slab cache. %s but object is from %s\n", s->name,
	     (*slab)->slab_cache->name);
	return (*slab)->slab_cache;
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	return alloc_take(s, flags, NUMA_NO_NODE, ASKER(0));
}

other_name(kmem_cache_alloc) void *kalloc_call_cache_alloc(struct kmem_cache *s, gfp_t flags);

void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t flags, int node)
{
	return alloc_take(s, flags, node, ASKER(0));
}

static inline void free_untold(struct kmem_cache *s, void *object)
{
	struct slab *slab;

	s = alloc_cache_of(s, object, &slab);
	if (likely(s != NULL))
		alloc_give(s, slab, object);
}

/* What is no object of any cache is only reported. */
static never_inline void free_told(struct kmem_cache *s, void *object, const void *site)
{
	struct slab *slab;

	s = alloc_cache_of(s, object, &slab);
	if (!s)
		return;
	trace_slab_free(s, object, site);
	alloc_give(s, slab, object);
}

never_inline void alloc_free(struct kmem_cache *s, void *object, const void *site)
{
	if (unlikely(READ_ONCE(s->told)))
		free_told(s, object, site);
	else
		free_untold(s, object);
}

void kmem_cache_free(struct kmem_cache *s, void *objp)
{
	if (unlikely(kalloc_class_at(&s->supply.space, objp) != s->supply.nr ||
		     !front_push(s, objp)))
		alloc_free(s, objp, __builtin_return_address(0));
}

other_name(kmem_cache_free) void kalloc_call_cache_free(struct kmem_cache *s, void *objp);
