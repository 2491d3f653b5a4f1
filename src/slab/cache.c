/* SPDX-License-Identifier: MIT */
#include "cache.h"
#include "alloc.h"
#include "object_note.h"
#include "node.h"

#define SLAB_NEVER_MERGE                                                                     \
	(SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_TRACE | SLAB_TYPESAFE_BY_RCU | \
	 SLAB_NOLEAKTRACE | SLAB_FAILSLAB | SLAB_NO_MERGE | SLAB_KASAN)
#define SLAB_MERGE_SAME (SLAB_RECLAIM_ACCOUNT | SLAB_CACHE_DMA | SLAB_CACHE_DMA32 | SLAB_ACCOUNT)
#define SLAB_FLAGS_PERMITTED                                                                      \
	(SLAB_DEBUG_FLAGS | SLAB_HWCACHE_ALIGN | SLAB_CACHE_DMA | SLAB_CACHE_DMA32 | SLAB_PANIC | \
	 SLAB_TYPESAFE_BY_RCU | SLAB_MEM_SPREAD | SLAB_NOLEAKTRACE | SLAB_RECLAIM_ACCOUNT |       \
	 SLAB_ACCOUNT | SLAB_NO_USER_FLAGS | SLAB_KMALLOC | SLAB_NO_MERGE)

/* True if the comma list @names has @name; an entry may end in "*". */
static bool is_named(const char *names, const char *name)
{
	for (;;) {
		size_t len = strcspn(names, ",");
		const char *star = memchr(names, '*', len);

		if (star ? !strncmp(names, name, (size_t)(star - names))
			 : len == strlen(name) && !memcmp(names, name, len))
			return true;
		if (!names[len])
			return false;
		names += len + 1;
	}
}

/* @flags with what slub_debug= and kasan= add. */
static slab_flags_t more_flags(const struct machine_params *params, slab_flags_t flags,
			       const char *name)
{
	slab_flags_t more = (slab_flags_t)params->slub_debug;

	if (flags & SLAB_NO_USER_FLAGS)
		more = 0;
	else if (params->slub_debug_caches[0])
		more = is_named(params->slub_debug_caches, name) ? more : 0;
	else if (flags & SLAB_NOLEAKTRACE)
		more &= ~SLAB_STORE_USER;
	flags |= more;
	return params->kasan && !(flags & (SLAB_RED_ZONE | SLAB_POISON)) ? flags | SLAB_KASAN
									 : flags;
}

int cache_setup(struct kalloc_machine *m, struct kmem_cache *s, const struct cache_request *req)
{
	bool plain;

	s->machine = m;
	s->nr_cpus = (unsigned int)m->params.nr_cpus;
	s->name = req->name;
	s->object_size = req->size;
	s->align = req->align;
	s->ctor = req->ctor;
	s->ctor_era = req->ctor_era;
	s->useroffset = req->useroffset;
	s->usersize = req->usersize;
	s->refcount = 1;
	s->flags = more_flags(&m->params, req->flags & ~SLAB_MEM_SPREAD, req->name);
	plain = !s->ctor && !(s->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_POISON));
	s->zero_on_alloc = m->params.init_on_alloc && plain;
	s->zero_never = m->params.init_on_alloc && s->ctor;
	s->zero_on_free = m->params.init_on_free && plain;
	return size_layout(s, &m->slab->rules);
}

int cache_setup_cpus(struct slab_room *room, struct kmem_cache *s)
{
	lock_take(&room->caches_lock);
	s->cpu_slab = chunk_take(&room->chunks);
	lock_drop(&room->caches_lock);
	if (!s->cpu_slab)
		return -ENOMEM;
	for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++)
		lock_init_zeroed(&s->cpu_slab[cpu].lock, RANK_SLAB_CPU);
	return 0;
}

void cache_drop_cpus(struct slab_room *room, struct kmem_cache *s)
{
	lock_take(&room->caches_lock);
	chunk_give(&room->chunks, s->cpu_slab);
	lock_drop(&room->caches_lock);
}

static bool setup_nodes(struct slab_room *room, struct kmem_cache *s)
{
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++) {
		s->node[nid] = alloc_take(room->kmem_cache_node, GFP_KERNEL, (int)nid, ASKER(0));
		if (!s->node[nid])
			return false;
		node_init(s->node[nid]);
	}
	return true;
}

void cache_drop(struct kmem_cache *s)
{
	struct slab_room *room = s->machine->slab;

	front_detach(s);
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++)
		kfree(s->node[nid]);
	if (s->cpu_slab)
		cache_drop_cpus(room, s);
	kfree(s);
}

int cache_make(struct kalloc_machine *m, const struct cache_request *req, unsigned int class,
	       struct kmem_cache **out)
{
	struct slab_room *room = m->slab;
	struct kmem_cache *s =
		alloc_take(room->kmem_cache, GFP_KERNEL | __GFP_ZERO, NUMA_NO_NODE, ASKER(0));
	int err;

	if (!s)
		return -ENOMEM;
	err = cache_setup(m, s, req);
	if (!err)
		err = setup_nodes(room, s) ? cache_setup_cpus(room, s) : -ENOMEM;
	if (err) {
		cache_drop(s);
		return err;
	}
	front_attach(s, class);
	*out = s;
	return 0;
}

void cache_publish(struct slab_room *room, struct kmem_cache *s)
{
	lock_take(&room->caches_lock);
	s->told = trace_slab_is_told(room, s);
	list_add(&s->list, &room->slab_caches);
	lock_drop(&room->caches_lock);
}

/*
 * @size is rounded to the alignment asked for, so equal sizes mean that objects
 * lie as aligned as they have to.
 */
static bool is_mergeable(const struct kmem_cache *s, unsigned long size, slab_flags_t flags)
{
	return !(s->flags & SLAB_NEVER_MERGE) && !s->ctor && !s->usersize && s->refcount > 0 &&
	       s->size == size && (flags & SLAB_MERGE_SAME) == (s->flags & SLAB_MERGE_SAME);
}

/* Why no cache can be shared with such a one. Return: false: one may be. */
static bool must_be_own(const struct machine_params *params, const struct cache_request *req,
			slab_flags_t flags, enum kalloc_shared *why)
{
	if (params->slab_nomerge)
		*why = KALLOC_SHARED_NOMERGE;
	else if (req->ctor || req->usersize)
		*why = KALLOC_SHARED_CTOR;
	else if (flags & SLAB_NEVER_MERGE)
		*why = KALLOC_SHARED_FLAGS;
	else
		return false;
	return true;
}

/* Share the oldest cache that would do. Return: it, one reference more, or NULL. */
static struct kmem_cache *find_alias(struct kalloc_machine *m, const struct cache_request *req)
{
	struct slab_room *room = m->slab;
	unsigned long size = size_round(req->size, sizeof(void *));
	unsigned int inuse = (unsigned int)size;
	slab_flags_t flags = more_flags(&m->params, req->flags, req->name);
	struct kmem_cache *s, *found = NULL;
	enum kalloc_shared why;

	if (must_be_own(&m->params, req, flags, &why)) {
		note_shared(why, NULL);
		return NULL;
	}
	size = size_round(size, size_align(req->flags, req->align, inuse));
	lock_take(&room->caches_lock);
	list_for_each_entry_reverse(s, &room->slab_caches, list) {
		if (!is_mergeable(s, size, flags))
			continue;
		s->refcount++;
		WRITE_ONCE(s->object_size, max(s->object_size, req->size));
		WRITE_ONCE(s->inuse, max(s->inuse, inuse));
		found = s;
		break;
	}
	lock_drop(&room->caches_lock);
	note_shared(found ? KALLOC_SHARED_WITH : KALLOC_SHARED_NONE, found);
	return found;
}

static int find_or_make(struct kalloc_machine *m, const struct cache_request *asked,
			struct kmem_cache **out)
{
	struct cache_request req = *asked;
	int err;

	context_might_sleep(m);
	if (!req.name || !req.size || (req.flags & ~SLAB_FLAGS_PERMITTED))
		return -EINVAL;
	/* Here, since rounding an alignment near the largest number up gives 0. */
	if (req.align > PAGE_SIZE << pages_max_order(m))
		return -EINVAL;
	if (WARN(req.size < req.usersize || req.size - req.usersize < req.useroffset ||
			 (!req.usersize && req.useroffset),
		 "%s: region for users lies outside the object\n", req.name))
		req.usersize = req.useroffset = 0;
	*out = find_alias(m, &req);
	if (*out)
		return 0;

	req.align = size_align(req.flags, req.align, req.size);
	req.name = kstrdup(req.name, GFP_KERNEL);
	if (!req.name)
		return -ENOMEM;
	err = cache_make(m, &req, 0, out);
	if (err)
		kfree(req.name);
	else
		cache_publish(m->slab, *out);
	return err;
}

struct kmem_cache *cache_create(const struct cache_request *req)
{
	struct kmem_cache *s = NULL;
	const char *name = req->name ? req->name : "(null)";
	struct kalloc_machine *m = machine_current();
	u32 number = trace_slab_create(m, req);
	int err;

	note_cache(req);
	err = find_or_make(m, req, &s);
	note_cache_end(s);
	trace_slab_created(m, s, number);
	if (likely(!err))
		return s;
	if (req->flags & SLAB_PANIC)
		console_panic("Kernel panic - not syncing: kmem_cache_create_usercopy: "
			      "Failed to create slab '%s'. Error %d\n",
			      name, err);
	console_print("kmem_cache_create_usercopy(%s) failed with error %d\n", name, err);
	return NULL;
}

struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size,
					      unsigned int align, slab_flags_t flags,
					      unsigned int useroffset, unsigned int usersize,
					      void (*ctor)(void *))
{
	return cache_create(&(struct cache_request){ .name = name,
						     .size = size,
						     .align = align,
						     .flags = flags,
						     .useroffset = useroffset,
						     .usersize = usersize,
						     .ctor = ctor });
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *))
{
	return kmem_cache_create_usercopy(name, size, align, flags, 0, 0, ctor);
}

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return READ_ONCE(s->object_size);
}

const char *kmem_cache_name(struct kmem_cache *s)
{
	return s->name;
}
