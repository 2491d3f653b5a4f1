/* SPDX-License-Identifier: MIT */
/*
 * Observe: a machine's program is told of each object that is handed out or comes back
 * (kalloc/observe.h). The slab room calls these where it tells of the events of objects
 * (trace.h), with no lock held: to be observed is to be traced, without a record.
 *
 * No counterpart in Linux 6.1, whose kmemleak and KASAN stand at the same places.
 */
#ifndef PROBE_OBSERVE_H
#define PROBE_OBSERVE_H

#include <kalloc/observe.h>

#include "trace.h"

/* Who is to be told; NULL: nobody. */
static inline const struct kalloc_observer *observe_whom(const struct kalloc_machine *m)
{
	return trace_wants(m, TRACE_OBSERVED) ? READ_ONCE(m->tracer->observer) : NULL;
}

static inline void observe_taken(const struct kalloc_machine *m, struct kmem_cache *s, void *object)
{
	const struct kalloc_observer *observer = observe_whom(m);

	if (observer && observer->taken)
		observer->taken(s, object);
}

static inline void observe_given(const struct kalloc_machine *m, struct kmem_cache *s, void *object)
{
	const struct kalloc_observer *observer = observe_whom(m);

	if (observer && observer->given)
		observer->given(s, object);
}

#endif
