/* SPDX-License-Identifier: MIT */
/*
 * Observe: a machine's program is told of each object that is handed out or comes back
 * (kalloc/observe.h). The slab room calls these where objects of caches without fronts pass,
 * which is no hot path, with no lock held.
 *
 * No counterpart in Linux 6.1, whose kmemleak and KASAN stand at the same places.
 */
#ifndef PROBE_OBSERVE_H
#define PROBE_OBSERVE_H

#include <kalloc/observe.h>

#include "machine.h"

static inline void observe_taken(const struct kalloc_machine *m, struct kmem_cache *s, void *object)
{
	const struct kalloc_observer *observer = READ_ONCE(m->observer);

	if (unlikely(observer && observer->taken))
		observer->taken(s, object);
}

static inline void observe_given(const struct kalloc_machine *m, struct kmem_cache *s, void *object)
{
	const struct kalloc_observer *observer = READ_ONCE(m->observer);

	if (unlikely(observer && observer->given))
		observer->given(s, object);
}

#endif
