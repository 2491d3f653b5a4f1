/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "caches_seen.h"
#include "memory.h"

static bool is_same(const struct kalloc_cache_view *a, const struct kalloc_cache_view *b)
{
	return a->size == b->size && a->order == b->order && a->flags == b->flags &&
	       strcmp(a->name, b->name) == 0;
}

static void see(void *ctx, const struct kalloc_cache_view *view)
{
	struct caches_seen *caches = ctx;
	struct table_slot *slot = table_put(&caches->numbers, (uintptr_t)view->cache);
	struct cache_seen *seen = slot->value ? &caches->list[slot->value - 1] : NULL;
	const char *name;

	if (!seen || !is_same(&seen->view, view)) {
		caches->list = memory_grow(caches->list, &caches->capacity, caches->nr + 1,
					   sizeof(*caches->list));
		seen = &caches->list[caches->nr++];
		seen->view.name = memory_text(view->name, strlen(view->name));
		slot->value = caches->nr;
	}
	name = seen->view.name;
	seen->view = *view;
	seen->view.name = name;
	seen->is_there = true;
}

void caches_seen_look(struct caches_seen *caches)
{
	for (size_t i = 0; i < caches->nr; i++)
		caches->list[i].is_there = false;
	kalloc_inspect_caches(see, caches);
}

unsigned int caches_seen_id(const struct caches_seen *caches, const struct kmem_cache *cache)
{
	const struct table_slot *slot =
		cache ? table_find(&caches->numbers, (uintptr_t)cache) : NULL;

	return slot ? (unsigned int)slot->value - 1 : ~0u;
}

static void write_cache(const struct kalloc_cache_view *view, struct json *json)
{
	json_begin(json, NULL, '{');
	json_string(json, "name", view->name);
	json_number(json, "flags", view->flags);
	json_number(json, "object_size", view->object_size);
	json_number(json, "size", view->size);
	json_number(json, "align", view->align);
	json_number(json, "red_left", view->red_left);
	json_number(json, "end", view->end);
	json_number(json, "free_pointer", view->free_pointer);
	json_number(json, "objects", view->objects);
	json_number(json, "order", view->order);
	json_number(json, "sheaf_objects", view->sheaf_objects);
	json_number(json, "cpu_slabs", view->cpu_slabs);
	json_number(json, "min_partial", (long long)view->min_partial);
	json_end(json, '}');
}

void caches_seen_write(const struct caches_seen *caches, struct json *json)
{
	json_begin(json, "caches", '[');
	for (size_t i = 0; i < caches->nr; i++)
		write_cache(&caches->list[i].view, json);
	json_end(json, ']');
}

void caches_seen_fini(struct caches_seen *caches)
{
	for (size_t i = 0; i < caches->nr; i++)
		free((char *)(uintptr_t)caches->list[i].view.name);
	free(caches->list);
	table_fini(&caches->numbers);
}
