/* SPDX-License-Identifier: MIT */
#include "policy.h"
#include "room.h"
#include "self.h"

__thread struct policy policy_self __attribute__((tls_model("initial-exec")));

static int next_node(unsigned long nodes, int after)
{
	unsigned long above = after < 63 ? nodes & (~0UL << (after + 1)) : 0;

	return __builtin_ctzl(above ?: nodes);
}

/* The policy's nodes that machine @m has. */
static unsigned long nodes_on(const struct kalloc_machine *m)
{
	return policy_self.nodes & (~0UL >> (64 - m->page->layout.nr_nodes));
}

int policy_node(const struct kalloc_machine *m, int local)
{
	unsigned long nodes = nodes_on(m);

	if (!nodes)
		return local;
	switch (policy_self.mode) {
	case MPOL_PREFERRED:
		return __builtin_ctzl(nodes);
	case MPOL_INTERLEAVE:
		policy_self.last = next_node(nodes, policy_self.last);
		return policy_self.last;
	default:
		return local;
	}
}

/* Whether a node of the mask has a zone that the request may use; else binding is moot. */
static bool mask_has_zone(const struct page_room *room, unsigned long nodes, unsigned int highest)
{
	for (; nodes; nodes &= nodes - 1) {
		const struct node *node = &room->nodes[__builtin_ctzl(nodes)];

		if (node_first_zone(node->only, highest, NULL))
			return true;
	}
	return false;
}

const unsigned long *policy_mask(const struct kalloc_machine *m, unsigned int highest)
{
	if (policy_self.mode == MPOL_PREFERRED_MANY && nodes_on(m))
		return &policy_self.nodes;
	if (policy_self.mode == MPOL_BIND && mask_has_zone(m->page, nodes_on(m), highest))
		return &policy_self.nodes;
	return NULL;
}

int kalloc_set_mempolicy(int mode, unsigned long nodes)
{
	const struct page_room *room = machine_current()->page;
	const bool takes_mask = mode != MPOL_DEFAULT && mode != MPOL_LOCAL;

	if (mode < 0 || mode >= MPOL_MAX)
		return -EINVAL;
	/* Of the nodes named, those that have memory. */
	for (unsigned int nid = 0; nid < 64; nid++) {
		if (nid >= room->layout.nr_nodes || !room->nodes[nid].only[0])
			nodes &= ~(1UL << nid);
	}
	if (takes_mask && !nodes)
		return -EINVAL;
	policy_self = (struct policy){ .mode = mode, .nodes = takes_mask ? nodes : 0, .last = 63 };
	kalloc_self.has_policy = !policy_is_local();
	return 0;
}

int kalloc_get_mempolicy(unsigned long *nodes)
{
	if (nodes)
		*nodes = policy_self.nodes;
	return policy_self.mode;
}
