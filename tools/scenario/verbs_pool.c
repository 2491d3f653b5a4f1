/* SPDX-License-Identifier: MIT */
/* Memory pools and flexible arrays. */
#include <kalloc/flex_array.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>

#include "verb.h"

/* --- memory pools ----------------------------------------------------------- */

static mempool_t *create(const struct args *args)
{
	int min_nr = (int)args_number(args, "min_nr");

	if (args_has(args, "cache"))
		return mempool_create_slab_pool(min_nr, args_thing(args, "cache")->at);
	if (args_has(args, "size"))
		return mempool_create_kmalloc_pool(min_nr, (size_t)args_number(args, "size"));
	return mempool_create_page_pool(min_nr, (int)args_number(args, "order"));
}

static bool run_create(struct session *session, const struct args *args, struct value *result)
{
	struct thing *thing;
	int ways = args_has(args, "cache") + args_has(args, "size") + args_has(args, "order");

	if (ways != 1)
		return session_complain(session, "mempool_create: one of cache, size (for kmalloc) "
						 "and order (for pages) says what its elements "
						 "are");
	thing = verb_hold(session, THING_POOL, create(args), result);
	if (thing && args_has(args, "cache"))
		thing_set_from(thing, args_thing(args, "cache"));
	if (thing)
		thing->order = (unsigned int)args_number(args, "order");
	return true;
}

/* Whether mempool_alloc() would wait for somebody to give an element back. */
static bool would_wait(mempool_t *pool, gfp_t gfp)
{
	void *element;

	if (!(gfp & __GFP_DIRECT_RECLAIM) || pool->curr_nr)
		return false;
	element =
		pool->alloc(gfp | __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN, pool->pool_data);
	if (element)
		pool->free(element, pool->pool_data);
	return !element;
}

static void describe_element(struct thing *element, const struct thing *pool)
{
	const mempool_t *of = pool->at;

	if (of->alloc == mempool_alloc_pages) {
		element->order = pool->order;
		element->pfn = page_to_pfn(element->at);
	} else if (of->alloc == mempool_kmalloc) {
		element->size = (size_t)of->pool_data;
	} else {
		element->size = kmem_cache_size(of->pool_data);
	}
}

static bool run_alloc(struct session *session, const struct args *args, struct value *result)
{
	struct thing *pool = args_thing(args, "pool"), *thing;
	gfp_t gfp = (gfp_t)args_number(args, "gfp");
	mempool_t *of = pool->at;

	if (would_wait(of, gfp))
		return session_complain(session, "mempool_alloc would wait for an element to come "
						 "back, and there is nobody else to give one: the "
						 "reserve is empty. GFP_NOWAIT does not wait");
	thing = verb_hold(session, of->alloc == mempool_alloc_pages ? THING_PAGES : THING_MEMORY,
			  mempool_alloc(of, gfp), result);
	if (thing) {
		thing_set_from(thing, pool);
		describe_element(thing, pool);
	}
	return true;
}

static bool give_element(struct session *session, struct thing *thing)
{
	if (!thing->from || thing->from->kind != THING_POOL)
		return session_complain(session, "mempool_free: %s that no memory pool gave",
					thing_kind_name(thing->kind));
	thing_give_back(thing);
	thing_gone(&session->things, thing, session->line);
	return true;
}

static bool run_resize(struct session *session, const struct args *args, struct value *result)
{
	*result = value_number(
		mempool_resize(args_thing(args, "pool")->at, (int)args_number(args, "min_nr")));
	return true;
}

/* --- flexible arrays -------------------------------------------------------- */

static bool run_flex_alloc(struct session *session, const struct args *args, struct value *result)
{
	struct flex_array *array = flex_array_alloc((int)args_number(args, "element_size"),
						    (unsigned int)args_number(args, "total"),
						    (gfp_t)args_number(args, "gfp"));

	verb_hold(session, THING_FLEX_ARRAY, array, result);
	return true;
}

/* An element is stored as its first 8 bytes, and zero behind them. */
static bool run_flex_put(struct session *session, const struct args *args, struct value *result)
{
	struct flex_array *array = args_thing(args, "array")->at;
	union {
		long number;
		char bytes[FLEX_ARRAY_PART_SIZE];
	} element = { .bytes = { 0 } };

	element.number = args_number(args, "value");
	*result = value_number(flex_array_put(array, (unsigned int)args_number(args, "nr"),
					      &element, (gfp_t)args_number(args, "gfp")));
	return true;
}

static bool run_flex_prealloc(struct session *session, const struct args *args,
			      struct value *result)
{
	*result = value_number(flex_array_prealloc(
		args_thing(args, "array")->at, (unsigned int)args_number(args, "start"),
		(unsigned int)args_number(args, "nr_elements"), (gfp_t)args_number(args, "gfp")));
	return true;
}

static bool run_flex_clear(struct session *session, const struct args *args, struct value *result)
{
	*result = value_number(flex_array_clear(args_thing(args, "array")->at,
						(unsigned int)args_number(args, "nr")));
	return true;
}

static bool run_flex_shrink(struct session *session, const struct args *args, struct value *result)
{
	*result = value_number(flex_array_shrink(args_thing(args, "array")->at));
	return true;
}

#define PARAM_POOL                                                                   \
	{                                                                            \
		.name = "pool", .kind = PARAM_THING, .things = THING_SET(THING_POOL) \
	}
#define PARAM_ARRAY                                                                         \
	{                                                                                   \
		.name = "array", .kind = PARAM_THING, .things = THING_SET(THING_FLEX_ARRAY) \
	}
#define PARAM_UINT(param)                                                  \
	{                                                                  \
		.name = (param), .kind = PARAM_NUMBER, .most = 0xffffffffl \
	}

const struct verb verbs_pool[] = {
	{ .name = "mempool_create",
	  .params = { { .name = "min_nr", .kind = PARAM_NUMBER, .most = 1 << 20 },
		      { .name = "size",
			.kind = PARAM_NUMBER,
			.optional = true,
			.least = 1,
			.most = __LONG_MAX__ },
		      { .name = "order", .kind = PARAM_NUMBER, .optional = true, .most = 18 },
		      { .name = "cache",
			.kind = PARAM_THING,
			.things = THING_SET(THING_CACHE),
			.optional = true } },
	  .run = run_create,
	  .help = "a pool with a reserve of min_nr elements" },
	{ .name = "mempool_alloc",
	  .params = { PARAM_POOL, PARAM_GFP },
	  .run = run_alloc,
	  .help = "an element: the allocator's, or of the reserve" },
	{ .name = "mempool_free",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_PAGES) | THING_SET(THING_MEMORY),
	  .each = give_element,
	  .help = "give elements back to their pools" },
	{ .name = "mempool_resize",
	  .params = { PARAM_POOL,
		      { .name = "min_nr", .kind = PARAM_NUMBER, .least = 1, .most = 1 << 20 } },
	  .run = run_resize,
	  .help = "change the size of the reserve; 0, or a negative error" },
	{ .name = "mempool_destroy",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_POOL),
	  .each = verb_give_back,
	  .help = "free pools and their reserves" },
	{ .name = "flex_array_alloc",
	  .params = { { .name = "element_size", .kind = PARAM_NUMBER, .most = 0x7fffffff },
		      PARAM_UINT("total"),
		      PARAM_GFP },
	  .run = run_flex_alloc,
	  .help = "an array of parts of a page each" },
	{ .name = "flex_array_put",
	  .params = { PARAM_ARRAY,
		      PARAM_UINT("nr"),
		      { .name = "value", .kind = PARAM_NUMBER },
		      PARAM_GFP },
	  .run = run_flex_put,
	  .help = "store a number as element nr; 0, or a negative error" },
	{ .name = "flex_array_prealloc",
	  .params = { PARAM_ARRAY, PARAM_UINT("start"), PARAM_UINT("nr_elements"), PARAM_GFP },
	  .run = run_flex_prealloc,
	  .help = "make the parts of a range; 0, or a negative error" },
	{ .name = "flex_array_clear",
	  .params = { PARAM_ARRAY, PARAM_UINT("nr") },
	  .run = run_flex_clear,
	  .help = "mark an element as not stored; 0, or a negative error" },
	{ .name = "flex_array_shrink",
	  .params = { PARAM_ARRAY },
	  .run = run_flex_shrink,
	  .help = "free the parts in which nothing is stored; how many" },
	{ .name = "flex_array_free",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_FLEX_ARRAY),
	  .each = verb_give_back,
	  .help = "free arrays with all their parts" },
	{ 0 },
};
