/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "caches.h"
#include "marks.h"

/* A text that no cache had yet for one called @name. Return: its number among the names. */
static size_t name_new(struct marks *marks, struct trace_span name, uint64_t id)
{
	size_t known = marks->names.count;
	size_t index = names_id(&marks->names, name.text, name.len);
	char text[512];
	int len;

	if (index == known)
		return index;
	len = snprintf(text, sizeof(text), "%.*s#%llu", (int)name.len, name.text,
		       (unsigned long long)id);
	return names_id(&marks->names, text, (size_t)len);
}

static struct table_slot *cache_of(struct marks *marks, const struct trace_call *call)
{
	struct table_slot *cache = table_find(&marks->caches, call->id);

	if (!cache) {
		cache = table_put(&marks->caches, call->id);
		cache->value = name_new(marks, call->name, call->id);
	}
	return cache;
}

static void name_event(const struct marks *marks, struct trace_event *event,
		       const struct table_slot *cache)
{
	const char *name = marks->names.texts[cache->value];

	event->cache = (struct trace_span){ name, strlen(name) };
}

/* The only cache with objects of @size so far; NULL if there is none, or several. */
static const struct table_slot *find_by_size(const struct marks *marks, uint64_t size)
{
	const struct table_slot *found = NULL;

	for (size_t i = 0; i < marks->caches.nr_slots; i++) {
		const struct table_slot *cache = &marks->caches.slots[i];

		if (!cache->key || cache->extra != size)
			continue;
		if (found)
			return NULL;
		found = cache;
	}
	return found;
}

static uint64_t caller_key(const struct trace_event *event)
{
	return (uint64_t)event->pid + 1;
}

static void note_caller(struct marks *marks, const struct trace_event *event)
{
	struct table_slot *caller;

	if (event->pid < 0 || event->call.verb == TRACE_EXISTS)
		return;
	if (!event->call.is_end) {
		table_put(&marks->callers, caller_key(event))->value = 1;
		return;
	}
	caller = table_find(&marks->callers, caller_key(event));
	if (caller)
		table_drop(&marks->callers, caller);
}

static bool is_in_call(const struct marks *marks, const struct trace_event *event)
{
	return event->pid >= 0 && table_find(&marks->callers, caller_key(event));
}

static void name_object(const struct marks *marks, struct trace_event *event)
{
	const struct table_slot *cache;

	if (event->in_call) {
		event->cache = (struct trace_span){ CACHES_CALL, strlen(CACHES_CALL) };
		return;
	}
	if (event->kind == TRACE_FREE)
		return;
	if (marks->ptr && marks->ptr == event->ptr)
		cache = table_find(&marks->caches, marks->ptr_cache);
	else
		cache = find_by_size(marks, event->bytes_alloc);
	if (cache)
		name_event(marks, event, cache);
}

void marks_take(struct marks *marks, struct trace_event *event)
{
	struct table_slot *cache;
	uint64_t ptr = 0;

	event->in_call = event->kind != TRACE_CALL && is_in_call(marks, event);
	switch (event->kind) {
	case TRACE_CALL:
		cache = cache_of(marks, &event->call);
		if (event->call.slab_size)
			cache->extra = event->call.slab_size;
		name_event(marks, event, cache);
		note_caller(marks, event);
		break;
	case TRACE_NAME:
		marks->ptr_cache = cache_of(marks, &event->call)->key;
		ptr = event->ptr;
		break;
	case TRACE_ALLOC:
	case TRACE_FREE:
		name_object(marks, event);
		break;
	default:
		break;
	}
	marks->ptr = ptr;
}

void marks_fini(struct marks *marks)
{
	table_fini(&marks->caches);
	table_fini(&marks->callers);
	names_fini(&marks->names);
	*marks = (struct marks){ 0 };
}
