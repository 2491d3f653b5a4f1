/* SPDX-License-Identifier: MIT */
/* What the things are like that a script holds. */
#include <string.h>

#include <kalloc/flex_array.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "frames.h"
#include "function.h"
#include "oom_task.h"
#include "page_cache.h"
#include "shrinkable.h"

#define HAS_FRAMES                                                                   \
	(THING_SET(THING_PAGES) | THING_SET(THING_RANGE) | THING_SET(THING_MEMORY) | \
	 THING_SET(THING_AREA))
#define HAS_ADDRESS (THING_SET(THING_PAGES) | THING_SET(THING_MEMORY) | THING_SET(THING_AREA))

/* A function of one live thing of one kind that gives a number. */
#define FUNCTION_OF(function, kind, type, number)                                          \
	static bool function(struct session *session, const struct value *args, size_t nr, \
			     struct value *result)                                         \
	{                                                                                  \
		struct thing *thing;                                                       \
		const type *of;                                                            \
                                                                                           \
		if (!function_thing(session, args, 0, THING_SET(kind), &thing))            \
			return false;                                                      \
		of = thing->at;                                                            \
		*result = value_number((long)(number));                                    \
		return true;                                                               \
	}

FUNCTION_OF(run_evicted, THING_PAGE_CACHE, struct page_cache, of->evicted)
FUNCTION_OF(run_moved, THING_PAGE_CACHE, struct page_cache, of->moved)
FUNCTION_OF(run_written, THING_PAGE_CACHE, struct page_cache, of->written)
FUNCTION_OF(run_killed, THING_TASK, struct oom_task, of->killed)

/* The frames of a block are remembered when it is gone. */
static bool run_pfn(struct session *session, const struct value *args, size_t nr,
		    struct value *result)
{
	struct thing *thing;
	long page = 0;

	if (!function_thing(session, args, 0, HAS_FRAMES, &thing) ||
	    (nr > 1 && !function_number(session, args, 1, &page)))
		return false;
	if (thing->kind != THING_PAGES && thing->kind != THING_RANGE &&
	    !function_live_thing(session, args, 0, HAS_FRAMES, &thing))
		return false;
	if (page < 0 || (unsigned long)page >= frames_count(thing))
		return session_complain(session, "pfn: page %ld of %lu", page, frames_count(thing));
	*result = value_number((long)frames_pfn(thing, (unsigned long)page));
	return true;
}

static bool run_order(struct session *session, const struct value *args, size_t nr,
		      struct value *result)
{
	struct thing *thing;

	if (!function_thing(session, args, 0, THING_SET(THING_PAGES), &thing))
		return false;
	*result = value_number(thing->order);
	return true;
}

static bool run_address(struct session *session, const struct value *args, size_t nr,
			struct value *result)
{
	struct thing *thing;

	if (!function_live_thing(session, args, 0, HAS_ADDRESS, &thing))
		return false;
	*result = value_number(
		(long)(thing->kind == THING_PAGES ? page_address(thing->at) : thing->at));
	return true;
}

/* Bytes that may be used. */
static bool run_size(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	struct thing *thing;

	if (!function_live_thing(session, args, 0, HAS_FRAMES | THING_SET(THING_CACHE), &thing))
		return false;
	if (thing->kind == THING_MEMORY)
		*result = value_number((long)ksize(thing->at));
	else if (thing->kind == THING_CACHE)
		*result = value_number((long)kmem_cache_size(thing->at));
	else
		*result = value_number((long)(frames_count(thing) << PAGE_SHIFT));
	return true;
}

static bool run_runs(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	struct thing *thing;

	if (!function_live_thing(session, args, 0, HAS_FRAMES, &thing))
		return false;
	*result = value_number((long)frames_runs(thing));
	return true;
}

static bool run_is_vmalloc(struct session *session, const struct value *args, size_t nr,
			   struct value *result)
{
	struct thing *thing;

	if (!function_live_thing(session, args, 0, HAS_ADDRESS, &thing))
		return false;
	*result = value_number(thing->kind == THING_AREA);
	return true;
}

static bool run_name(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	struct thing *thing;
	const char *name;

	if (!function_live_thing(session, args, 0, THING_SET(THING_CACHE), &thing))
		return false;
	name = kmem_cache_name(thing->at);
	*result = value_text(session_text(session, name, strlen(name)));
	return true;
}

/* What is there still of what may become less. */
static bool run_left(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	struct thing *thing;

	if (!function_live_thing(session, args, 0,
				 THING_SET(THING_POOL) | THING_SET(THING_PAGE_CACHE) |
					 THING_SET(THING_SHRINKER) | THING_SET(THING_TASK),
				 &thing))
		return false;
	if (thing->kind == THING_POOL)
		*result = value_number(((const mempool_t *)thing->at)->curr_nr);
	else if (thing->kind == THING_PAGE_CACHE)
		*result = value_number((long)((const struct page_cache *)thing->at)->resident);
	else if (thing->kind == THING_TASK)
		*result = value_number((long)((const struct oom_task *)thing->at)->task.nr_pages);
	else
		*result = value_number((long)(((const struct shrinkable *)thing->at)->nr -
					      ((const struct shrinkable *)thing->at)->given_up));
	return true;
}

static bool run_get(struct session *session, const struct value *args, size_t nr,
		    struct value *result)
{
	struct thing *thing;
	const struct flex_array *array;
	const void *element;
	long at, number = 0;

	if (!function_live_thing(session, args, 0, THING_SET(THING_FLEX_ARRAY), &thing) ||
	    !function_number(session, args, 1, &at))
		return false;
	array = thing->at;
	element = at < 0 || at > 0xffffffffl ? NULL : flex_array_get(thing->at, (unsigned int)at);
	if (element)
		memcpy(&number, element, array->element_size < 8 ? (size_t)array->element_size : 8);
	*result = element ? value_number(number) : value_null();
	return true;
}

/* Elements that fit in the base have no parts. */
static bool run_parts(struct session *session, const struct value *args, size_t nr,
		      struct value *result)
{
	const struct flex_array *array;
	struct thing *thing;
	long parts = 0;

	if (!function_live_thing(session, args, 0, THING_SET(THING_FLEX_ARRAY), &thing))
		return false;
	array = thing->at;
	if ((size_t)array->element_size * (size_t)array->total_nr_elements >
	    FLEX_ARRAY_BASE_BYTES_LEFT) {
		for (size_t i = 0; i < FLEX_ARRAY_NR_BASE_PTRS; i++)
			parts += array->parts[i] != NULL;
	}
	*result = value_number(parts);
	return true;
}

static bool run_count(struct session *session, const struct value *args, size_t nr,
		      struct value *result)
{
	if (args[0].kind != VALUE_LIST)
		return session_complain(session, "count: it is %s, not a list",
					value_kind_name(args[0]));
	*result = value_number((long)args[0].list->count);
	return true;
}

const struct function functions_of_things[] = {
	{ "pfn", "thing[, page]", 1, 2, run_pfn, "number of a thing's first frame, or of another" },
	{ "order", "pages", 1, 1, run_order, "order of a block of pages" },
	{ "address", "thing", 1, 1, run_address, "its address; 0: it has none" },
	{ "size", "thing", 1, 1, run_size, "bytes that may be used" },
	{ "runs", "thing", 1, 1, run_runs, "how many runs of neighbouring frames it lies in" },
	{ "is_vmalloc", "thing", 1, 1, run_is_vmalloc, "whether it lies in the vmalloc space" },
	{ "name", "cache", 1, 1, run_name, "of a shared cache that of its first user" },
	{ "left", "thing", 1, 1, run_left,
	  "elements in a pool's reserve; pages of a page cache or a task, objects of a shrinker" },
	{ "evicted", "cache", 1, 1, run_evicted, "pages that reclaim took from a page cache" },
	{ "written", "cache", 1, 1, run_written, "pages that reclaim wrote" },
	{ "moved", "cache", 1, 1, run_moved, "pages that compaction moved" },
	{ "killed", "task", 1, 1, run_killed, "whether the OOM policy killed it" },
	{ "get", "array, nr", 2, 2, run_get, "element nr of a flexible array; NULL: no part" },
	{ "parts", "array", 1, 1, run_parts, "parts that a flexible array has" },
	{ "count", "list", 1, 1, run_count, "elements of a list" },
	{ 0 },
};
