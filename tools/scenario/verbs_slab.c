/* SPDX-License-Identifier: MIT */
/* Caches, objects and kmalloc. */
#include <kalloc/slab.h>

#include "verb.h"

static bool run_create(struct session *session, const struct args *args, struct value *result)
{
	struct kmem_cache *cache =
		kmem_cache_create(args_text(args, "name"), (unsigned int)args_number(args, "size"),
				  (unsigned int)args_number(args, "align"),
				  (slab_flags_t)args_number(args, "flags"), NULL);

	verb_hold(session, THING_CACHE, cache, result);
	return true;
}

static bool run_shrink(struct session *session, const struct args *args, struct value *result)
{
	*result = value_number(kmem_cache_shrink(args_thing(args, "cache")->at));
	return true;
}

static bool run_cache_alloc(struct session *session, const struct args *args, struct value *result)
{
	struct thing *cache = args_thing(args, "cache"), *thing;
	gfp_t gfp = (gfp_t)args_number(args, "gfp");
	int nid = (int)args_number(args, "nid");
	void *object = nid == NUMA_NO_NODE ? kmem_cache_alloc(cache->at, gfp)
					   : kmem_cache_alloc_node(cache->at, gfp, nid);

	thing = verb_hold(session, THING_MEMORY, object, result);
	if (thing) {
		thing->size = kmem_cache_size(cache->at);
		thing_set_from(thing, cache);
	}
	return true;
}

static bool run_cache_free(struct session *session, const struct args *args, struct value *result)
{
	struct thing *object = args_thing(args, "object");

	if (object->from && object->from->kind == THING_POOL && object->from->alive)
		return verb_give_back(session, object);
	kmem_cache_free(args_thing(args, "cache")->at, object->at);
	thing_gone(&session->things, object, session->line);
	return true;
}

static bool hold_memory(struct session *session, void *memory, size_t size, struct value *result)
{
	struct thing *thing = verb_hold(session, THING_MEMORY, memory, result);

	if (thing)
		thing->size = size;
	return true;
}

static bool run_kmalloc(struct session *session, const struct args *args, struct value *result)
{
	size_t size = (size_t)args_number(args, "size");
	gfp_t gfp = (gfp_t)args_number(args, "gfp");
	int nid = (int)args_number(args, "nid");

	return hold_memory(session,
			   nid == NUMA_NO_NODE ? kmalloc(size, gfp) : kmalloc_node(size, gfp, nid),
			   size, result);
}

static bool run_kzalloc(struct session *session, const struct args *args, struct value *result)
{
	size_t size = (size_t)args_number(args, "size");

	return hold_memory(session, kzalloc(size, (gfp_t)args_number(args, "gfp")), size, result);
}

/* The old memory is gone, unless the call fails. */
static bool run_krealloc(struct session *session, const struct args *args, struct value *result)
{
	struct thing *old = args_thing(args, "memory");
	size_t size = (size_t)args_number(args, "size");
	void *memory = krealloc(old->at, size, (gfp_t)args_number(args, "gfp"));

	if (memory)
		thing_gone(&session->things, old, session->line);
	return hold_memory(session, memory, size, result);
}

#define PARAM_CACHE                                                                    \
	{                                                                              \
		.name = "cache", .kind = PARAM_THING, .things = THING_SET(THING_CACHE) \
	}
#define PARAM_MEMORY(param)                                                             \
	{                                                                               \
		.name = (param), .kind = PARAM_THING, .things = THING_SET(THING_MEMORY) \
	}

const struct verb verbs_slab[] = {
	{ .name = "kmem_cache_create",
	  .params = { { .name = "name", .kind = PARAM_TEXT },
		      { .name = "size", .kind = PARAM_NUMBER, .most = 0xffffffffl },
		      { .name = "align",
			.kind = PARAM_NUMBER,
			.optional = true,
			.most = 0xffffffffl },
		      { .name = "flags",
			.kind = PARAM_NUMBER,
			.optional = true,
			.most = 0xffffffffl } },
	  .run = run_create,
	  .help = "a cache of objects of a size; perhaps one that is there already" },
	{ .name = "kmem_cache_destroy",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_CACHE),
	  .each = verb_give_back,
	  .help = "let go of caches" },
	{ .name = "kmem_cache_shrink",
	  .params = { PARAM_CACHE },
	  .run = run_shrink,
	  .help = "give a cache's empty slabs back; 0 if none is left" },
	{ .name = "kmem_cache_alloc",
	  .params = { PARAM_CACHE, PARAM_GFP, PARAM_NID },
	  .run = run_cache_alloc,
	  .help = "an object of a cache" },
	{ .name = "kmem_cache_free",
	  .params = { PARAM_CACHE, PARAM_MEMORY("object") },
	  .run = run_cache_free,
	  .help = "give an object back" },
	{ .name = "kmalloc",
	  .params = { PARAM_SIZE, PARAM_GFP, PARAM_NID },
	  .run = run_kmalloc,
	  .help = "memory that is contiguous" },
	{ .name = "kzalloc",
	  .params = { PARAM_SIZE, PARAM_GFP },
	  .run = run_kzalloc,
	  .help = "the same, filled with zero" },
	{ .name = "krealloc",
	  .params = { PARAM_MEMORY("memory"), PARAM_SIZE, PARAM_GFP },
	  .run = run_krealloc,
	  .help = "memory of another size, with the old contents" },
	{ .name = "kfree",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_MEMORY),
	  .each = verb_give_back,
	  .help = "give memory from kmalloc, or objects of any cache, back" },
	{ 0 },
};
