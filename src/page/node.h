/* SPDX-License-Identifier: MIT */
/*
 * Nodes: each holds its zones and the order in which a request that starts there
 * tries the zones of the machine (its zone lists): its own zones from the highest
 * rank down, then those of the other nodes, nearest first. A node may have no memory
 * (kalloc.nodes=); its list then begins at the nearest node that has.
 *
 * CPUs are spread over the nodes in equal runs: CPU c of n is on node c*nodes/n.
 * (Linux with numa=fake puts them all on the first; see docs/deviations.md.)
 *
 * Everything here is constant after boot but the counters, which are atomic.
 */
#ifndef PAGE_NODE_H
#define PAGE_NODE_H

#include "kswapd.h"
#include "layout.h"
#include "lru.h"
#include "zone.h"

struct node {
	int nid;
	unsigned int nr_cpus;
	struct zone zones[MAX_NR_ZONES];
	struct zone **fallback;		     /* NULL-terminated, populated zones only */
	struct zone *only[MAX_NR_ZONES + 1]; /* the same, for __GFP_THISNODE */
	struct lru lru;
	struct kswapd kswapd;
	unsigned long numa_foreign;
	unsigned long numa_interleave;
};

/* Entries that a fallback list may need. */
static inline size_t node_list_max(unsigned int nr_nodes)
{
	return (size_t)nr_nodes * MAX_NR_ZONES + 1;
}

/* CPUs of @nr_cpus that are on node @nid. */
unsigned int node_cpus(unsigned int nid, unsigned int nr_nodes, unsigned long nr_cpus);

/* Distance between two nodes, as the firmware would say it: 10 to itself. */
unsigned int node_distance_of(const struct machine_params *params, unsigned int from,
			      unsigned int to);

/* Fill the zone lists of all nodes, for which there is room. */
void node_link(const struct machine_params *params, struct node *nodes, unsigned int nr_nodes);

/* The first zone of a list that a request may use; NULL if there is none. */
struct zone *node_first_zone(struct zone *const *list, unsigned int highest,
			     const unsigned long *nodemask);

/*
 * Whether the node holds no more than its share of dirty file pages: 20 % of what
 * could be dirty, its free frames above the reserves and its file pages.
 */
bool node_dirty_ok(const struct node *node);

static inline bool node_allows(const unsigned long *nodemask, int nid)
{
	return !nodemask || *nodemask >> nid & 1;
}

#endif
