/* SPDX-License-Identifier: MIT */
/*
 * Nodes: each holds its zones and the order in which a request that starts there
 * tries the zones of the machine (its zone lists): its own zones from the highest
 * rank down, then those of the next nodes in turn, all at the same distance.
 *
 * CPUs are spread over the nodes in equal runs: CPU c of n is on node c*nodes/n.
 * (Linux with numa=fake puts them all on the first; see docs/deviations.md.)
 *
 * Everything here is constant after boot but the counters, which are atomic.
 */
#ifndef PAGE_NODE_H
#define PAGE_NODE_H

#include "layout.h"
#include "zone.h"

#define ZONELIST_MAX (LAYOUT_NODES * MAX_NR_ZONES + 1)

struct node {
	int nid;
	unsigned int nr_cpus;
	struct zone zones[MAX_NR_ZONES];
	struct zone *fallback[ZONELIST_MAX]; /* NULL-terminated, populated zones only */
	struct zone *only[MAX_NR_ZONES + 1]; /* the same, for __GFP_THISNODE */
	unsigned long numa_foreign;
	long stat[NR_NODE_STATS];
};

/* CPUs of @nr_cpus that are on node @nid. */
unsigned int node_cpus(unsigned int nid, unsigned int nr_nodes, unsigned long nr_cpus);

/* Fill the zone lists of all nodes. */
void node_link(struct node *nodes, unsigned int nr_nodes);

/* The first zone of a list that a request may use; NULL if there is none. */
struct zone *node_first_zone(struct zone *const *list, unsigned int highest,
			     const unsigned long *nodemask);

static inline bool node_allows(const unsigned long *nodemask, int nid)
{
	return !nodemask || *nodemask >> nid & 1;
}

#endif
