/* SPDX-License-Identifier: MIT */
/*
 * What the marks of this library's recorder (kalloc/trace.h) tell about the events between
 * them: the cache that each object is of, and which events are part of a call.
 *
 * A cache is told of, with a number and the bytes of its objects, when it is made or when
 * recording begins. An object of a size that no other cache has had so far is of that cache;
 * else a mark before the event says which. So event->cache, empty in Linux's own text of a
 * kmem_cache_alloc, is filled in here: with the cache's name, or where an earlier one was
 * called the same, with name and number. A recording without marks, a kernel's for instance,
 * tells nothing.
 *
 * The calls that make, shrink and destroy a cache have marks at their begin and end. What the
 * thread does between them is of the call: it comes again when the call is made again. Its
 * objects are of the cache CACHES_CALL, which is none.
 */
#ifndef TOOLS_MARKS_H
#define TOOLS_MARKS_H

#include "names.h"
#include "trace.h"

struct marks {
	struct table caches; /* number → its name in @names; extra: bytes of an object */
	struct names names;
	struct table callers; /* threads that are in a call: pid + 1 */
	uint64_t ptr;	      /* of the object that the next event may be about; 0: none */
	uint64_t ptr_cache;
};

/* Learn from @event, or fill in its @cache and @in_call; to be shown all events, in order. */
void marks_take(struct marks *marks, struct trace_event *event);

void marks_fini(struct marks *marks);

#endif
