/* SPDX-License-Identifier: MIT */
/*
 * Fault: the thread's N-th request from now on fails, or those that a function of the
 * program's chooses (kalloc_fail_by()), so that a program can see, one after the other, what
 * comes of each failure. Nothing is taken for a request that fails so, and nothing is
 * printed.
 *
 * What counts is what asks for memory: an object, objects in bulk, a block or blocks in
 * bulk, at the public doors and where one layer asks the next (a cache for a slab, vmalloc
 * for frames and its records). Not counted is __GFP_NOFAIL, and whatever is asked for in an
 * interrupt handler.
 *
 * While it counts, the thread is watched (watch.h): all its requests then come where they
 * are counted.
 *
 * Source: /proc/thread-self/fail-nth of Linux 6.1 (lib/fault-inject.c, mm/failslab.c,
 * should_fail_alloc_page() of mm/page_alloc.c), with ignore-gfp-wait and
 * ignore-gfp-highmem off and min-order 0.
 */
#ifndef PROBE_FAULT_H
#define PROBE_FAULT_H

#include <kalloc/gfp.h>
#include <kalloc/observe.h>

#include "task.h"

/* @nth: 1 for the next request; 0 for none. */
void fault_set_nth(unsigned int nth);

/* What is left of it; 0: it has failed, or was never asked for. */
static inline unsigned int fault_nth(void)
{
	return kalloc_self.fail_nth;
}

bool fault_count(gfp_t gfp);

/*
 * Count a request, with the flags as the thread's scopes narrow them. Return: true: it is
 * to fail.
 */
static inline bool fault_hits(gfp_t gfp)
{
	return task_is_watched() && fault_count(gfp);
}

#endif
