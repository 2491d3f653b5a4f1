/* SPDX-License-Identifier: MIT */
#include "trace_slab.h"

#include "front.h"
#include "observe.h"
#include "shadow.h"

static u64 address(const void *at)
{
	return (u64)(uintptr_t)at;
}

static bool is_accounted(gfp_t gfp, const struct kmem_cache *s)
{
	return gfp & __GFP_ACCOUNT || (s && s->flags & SLAB_ACCOUNT);
}

static u32 number_of(struct kmem_cache *s)
{
	return trace_cache_number(s->machine, &s->trace_number, s->name, s->size);
}

void trace_slab_alloc(struct kmem_cache *s, void *object, gfp_t gfp, int nid, struct asker asker)
{
	if (object)
		observe_taken(s->machine, s, object);
	if (s->flags & SLAB_KMALLOC)
		TRACE(s->machine, kmalloc, .call_site = address(asker.site), .ptr = address(object),
		      .bytes_req = asker.bytes ?: s->object_size, .bytes_alloc = s->size,
		      .gfp_flags = gfp, .node = nid, .accounted = is_accounted(gfp, NULL));
	else
		TRACE(s->machine, kmem_cache_alloc, .call_site = address(asker.site),
		      .ptr = address(object), .bytes_req = READ_ONCE(s->object_size),
		      .bytes_alloc = s->size, .gfp_flags = gfp, .node = nid,
		      .accounted = is_accounted(gfp, s), .name = number_of(s));
}

void trace_slab_large(struct kalloc_machine *m, const void *object, gfp_t gfp, int nid,
		      struct asker asker)
{
	TRACE(m, kmalloc, .call_site = address(asker.site), .ptr = address(object),
	      .bytes_req = asker.bytes, .bytes_alloc = PAGE_SIZE << get_order(asker.bytes),
	      .gfp_flags = gfp, .node = nid, .accounted = is_accounted(gfp, NULL));
}

/* Who observes hears of what will be free, and not of what is only reported. */
static void tell_observer(struct kalloc_machine *m, const void *object)
{
	struct slab *slab = is_linear(m, object) ? slab_of(m, object) : NULL;

	if (slab &&
	    (!shadow_is_kept(slab->slab_cache) || shadow_can_give(slab->slab_cache, slab, object)))
		observe_given(m, slab->slab_cache, (void *)object);
}

void trace_slab_free(struct kmem_cache *s, const void *object, const void *site)
{
	if (trace_wants(s->machine, TRACE_OBSERVED))
		tell_observer(s->machine, object);
	TRACE(s->machine, kmem_cache_free, .call_site = address(site), .ptr = address(object),
	      .name = number_of(s));
}

void trace_slab_kfree(struct kalloc_machine *m, const void *object, const void *site)
{
	if (trace_wants(m, TRACE_OBSERVED))
		tell_observer(m, object);
	TRACE(m, kfree, .call_site = address(site), .ptr = address(object));
}

void trace_slab_alloc_many(struct kmem_cache *s, size_t count, void **p, gfp_t gfp,
			   const void *site)
{
	const struct asker asker = { .site = site };

	for (size_t i = 0; i < count; i++)
		/* A sheaf gives its last object first, and these lay in it in this order. */
		trace_slab_alloc(s, p[s->sheaf_most ? count - 1 - i : i], gfp, NUMA_NO_NODE, asker);
}

void trace_slab_free_many(struct kmem_cache *s, size_t count, void **p, const void *site)
{
	for (size_t i = 0; i < count; i++) {
		struct kalloc_machine *m = machine_of(p[i]);

		if (s)
			trace_slab_free(s, p[i], site);
		else if (m && is_linear(m, p[i]) && slab_of(m, p[i])) /* else kfree() tells */
			trace_slab_kfree(m, p[i], site);
	}
}

u32 trace_slab_create(struct kalloc_machine *m, const struct cache_request *req)
{
	u32 number = 0;

	if (!trace_slab_is_wanted(m))
		return 0;
	trace_cache_number(m, &number, req->name ?: "(null)", 0);
	TRACE(m, cache_create, .id = number, .name = number, .size = req->size, .align = req->align,
	      .flags = req->flags, .useroffset = req->useroffset, .usersize = req->usersize,
	      .ctor = req->ctor != NULL);
	return number;
}

void trace_slab_created(struct kalloc_machine *m, struct kmem_cache *s, u32 number)
{
	if (!number)
		return;
	/* A cache that is shared has a number already, and another name. */
	if (s && !s->trace_number)
		WRITE_ONCE(s->trace_number, number);
	if (s)
		number = number_of(s);
	TRACE(m, cache_created, .id = number, .name = number, .slab_size = s ? s->size : 0);
}

u32 trace_slab_destroy(struct kmem_cache *s)
{
	u32 number = 0;

	if (!trace_slab_is_wanted(s->machine))
		return 0;
	number = number_of(s);
	TRACE(s->machine, cache_destroy, .id = number, .name = number);
	return number;
}

void trace_slab_destroyed(struct kalloc_machine *m, u32 number)
{
	if (number)
		TRACE(m, cache_destroyed, .id = number, .name = number);
}

u32 trace_slab_shrink(struct kmem_cache *s)
{
	u32 number = 0;

	if (!trace_slab_is_wanted(s->machine))
		return 0;
	number = number_of(s);
	TRACE(s->machine, cache_shrink, .id = number, .name = number);
	return number;
}

void trace_slab_shrunk(struct kmem_cache *s, u32 number)
{
	if (number)
		TRACE(s->machine, cache_shrunk, .id = number, .name = number);
}

/* Whether the machine makes this cache by itself. */
static bool is_own(const struct slab_room *room, const struct kmem_cache *s)
{
	return s->flags & SLAB_KMALLOC || s == room->kmem_cache || s == room->kmem_cache_node;
}

/* A cache that was made before anybody wanted to hear of it. */
static void tell_cache(struct kalloc_machine *m, struct kmem_cache *s)
{
	u32 number = number_of(s);

	TRACE(m, cache_exists, .id = number, .name = number, .size = s->object_size,
	      .align = s->align, .flags = s->flags, .useroffset = s->useroffset,
	      .usersize = s->usersize, .ctor = s->ctor != NULL, .slab_size = s->size,
	      .users = s->refcount > 0 ? s->refcount : 1);
}

void trace_slab_follow(struct kalloc_machine *m)
{
	struct slab_room *room = m->slab;
	bool is_recorded = trace_slab_is_wanted(m);
	bool hidden = trace_slab_has_takers(m);
	struct kmem_cache *s;

	lock_take(&room->caches_lock);
	list_for_each_entry_reverse(s, &room->slab_caches, list) {
		if (is_recorded && !room->is_recorded && !is_own(room, s))
			tell_cache(m, s);
	}
	room->is_recorded = is_recorded;
	if (hidden != room->fronts.is_hidden)
		front_hide_all(room, hidden);
	lock_drop(&room->caches_lock);
}
