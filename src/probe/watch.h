/* SPDX-License-Identifier: MIT */
/*
 * Watch: the mark KALLOC_WATCHED of a thread, for all who want to see its requests: while
 * it is set, none of them goes by what is inline in programs or quick, and nobody else's
 * takes longer. Those who want to see all requests of a machine are of trace.h.
 *
 * Invariant: it is set just if a request is to fail or a function decides that (fault.h), or
 * there is a record (explain.h). A daemon's turn on the thread takes it away, and puts it back
 * (page/kswapd.c).
 */
#ifndef PROBE_WATCH_H
#define PROBE_WATCH_H

#include <kalloc/explain.h>

#include "task.h"

extern __thread struct kalloc_explain *explain_self __attribute__((tls_model("initial-exec")));

static inline void watch_update(void)
{
	if (kalloc_self.fail_nth || kalloc_self.fails || explain_self)
		kalloc_self.task.preempt_count |= KALLOC_WATCHED;
	else
		kalloc_self.task.preempt_count &= ~KALLOC_WATCHED;
}

#endif
