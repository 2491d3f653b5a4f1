/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's memory policy: which node a request that names none starts at,
 * and which nodes it may use. A thread's own, so no lock. It stays with the thread when
 * that enters another machine; there it names those of its nodes that exist.
 */
#ifndef PAGE_POLICY_H
#define PAGE_POLICY_H

#include <kalloc/mempolicy.h>
#include <kalloc/page.h>

#include "base.h"

struct policy {
	int mode; /* MPOL_* */
	unsigned long nodes;
	int last; /* MPOL_INTERLEAVE: the node of the request before */
};

extern __thread struct policy policy_self __attribute__((tls_model("initial-exec")));

/* True if requests just start at the thread's node. */
static inline bool policy_is_local(void)
{
	return likely(policy_self.mode == MPOL_DEFAULT) || policy_self.mode == MPOL_LOCAL;
}

/* The node that a request of this thread starts at; @local is the thread's own. */
int policy_node(const struct kalloc_machine *m, int local);

/* The nodes that it may use; NULL for all. @highest: rank of its highest zone. */
const unsigned long *policy_mask(const struct kalloc_machine *m, unsigned int highest);

#endif
