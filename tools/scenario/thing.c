/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include <kalloc/flex_array.h>
#include <kalloc/fragment.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "memory.h"
#include "oom_task.h"
#include "page_cache.h"
#include "shrinkable.h"
#include "thing.h"

struct thing *thing_new(struct things *things, enum thing_kind kind, void *at, int line)
{
	struct thing *thing = memory_new(1, sizeof(*thing));

	*thing = (struct thing){ .kind = kind,
				 .alive = true,
				 .refs = 1,
				 .made_at = line,
				 .at = at,
				 .prev = things->last };
	if (things->last)
		things->last->next = thing;
	else
		things->first = thing;
	things->last = thing;
	things->nr++;
	return thing;
}

void thing_set_from(struct thing *thing, struct thing *from)
{
	thing->from = from;
	from->refs++;
}

/* What is kept of a thing beside the machine's memory. */
static void fini(struct thing *thing)
{
	if (thing->kind == THING_PAGE_CACHE)
		page_cache_fini(thing->at);
	else if (thing->kind == THING_SHRINKER)
		shrinkable_fini(thing->at);
	else if (thing->kind == THING_TASK)
		oom_task_fini(thing->at);
}

static void free_unused(struct thing *thing)
{
	if (thing->alive || thing->refs)
		return;
	fini(thing);
	if (thing->from)
		thing_drop(thing->from);
	free(thing);
}

void thing_gone(struct things *things, struct thing *thing, int line)
{
	if (thing->prev)
		thing->prev->next = thing->next;
	else
		things->first = thing->next;
	if (thing->next)
		thing->next->prev = thing->prev;
	else
		things->last = thing->prev;
	things->nr--;
	thing->alive = false;
	thing->gone_at = line;
	free_unused(thing);
}

void thing_drop(struct thing *thing)
{
	thing->refs--;
	free_unused(thing);
}

static const char *const names[] = {
	[THING_PAGES] = "a block of pages",
	[THING_RANGE] = "a range of pages",
	[THING_MEMORY] = "memory of the slab layer",
	[THING_AREA] = "an area of the vmalloc space",
	[THING_CACHE] = "a cache",
	[THING_POOL] = "a memory pool",
	[THING_FLEX_ARRAY] = "a flexible array",
	[THING_PAGE_CACHE] = "a page cache",
	[THING_SHRINKER] = "a shrinker",
	[THING_TASK] = "a task",
	[THING_FRAGMENTATION] = "a fragmentation",
};
_Static_assert(sizeof(names) / sizeof(names[0]) == NR_THING_KINDS, "a name each");

const char *thing_kind_name(enum thing_kind kind)
{
	return names[kind];
}

void thing_kinds_show(unsigned int kinds, char *buf, size_t size)
{
	size_t len = 0;

	for (unsigned int kind = 0; kind < NR_THING_KINDS && len < size; kind++) {
		if (kinds & THING_SET(kind))
			len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? " or " : "",
						names[kind]);
	}
}

/* By the kind alone. */
static void give_plainly(struct thing *thing)
{
	switch (thing->kind) {
	case THING_PAGES:
		__free_pages(thing->at, thing->order);
		break;
	case THING_RANGE:
		free_contig_range(thing->pfn, thing->size);
		break;
	case THING_MEMORY:
		kfree(thing->at);
		break;
	case THING_AREA:
		vfree(thing->at);
		break;
	case THING_POOL:
		mempool_destroy(thing->at);
		break;
	case THING_FLEX_ARRAY:
		flex_array_free(thing->at);
		break;
	case THING_PAGE_CACHE:
		page_cache_give_back(thing->at);
		break;
	case THING_SHRINKER:
		shrinkable_give_back(thing->at);
		break;
	case THING_TASK:
		oom_task_give_back(thing->at);
		break;
	default:
		kalloc_fragment_release(thing->at);
		break;
	}
}

bool thing_give_back(struct thing *thing)
{
	const struct thing *from = thing->from;

	if (thing->kind == THING_CACHE)
		return !kalloc_cache_destroy(thing->at);
	if (from && from->kind == THING_POOL && from->alive)
		mempool_free(thing->at, from->at);
	else if (from && thing->kind == THING_MEMORY && from->alive)
		kmem_cache_free(from->at, thing->at);
	else
		give_plainly(thing);
	return true;
}

void thing_show(const struct thing *thing, char *buf, size_t size)
{
	int len = snprintf(buf, size, "%s", names[thing->kind]);
	char *at = buf + len;

	if (len < 0 || (size_t)len >= size)
		return;
	size -= (size_t)len;
	switch (thing->kind) {
	case THING_PAGES:
		snprintf(at, size, " of order %u at frame %lu", thing->order, thing->pfn);
		break;
	case THING_RANGE:
		snprintf(at, size, ", %zu from frame %lu on", thing->size, thing->pfn);
		break;
	case THING_MEMORY:
	case THING_AREA:
		snprintf(at, size, ", %zu bytes", thing->size);
		break;
	default:
		break;
	}
}
