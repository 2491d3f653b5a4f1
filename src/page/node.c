/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "room.h"

unsigned int node_cpus(unsigned int nid, unsigned int nr_nodes, unsigned long nr_cpus)
{
	unsigned long first = DIV_ROUND_UP(nid * nr_cpus, nr_nodes);
	unsigned long end = DIV_ROUND_UP((nid + 1) * nr_cpus, nr_nodes);

	return (unsigned int)(end - first);
}

int node_current(const struct kalloc_machine *m)
{
	unsigned long nr_cpus = m->params.nr_cpus;

	if (likely(m->page->layout.nr_nodes == 1))
		return 0;
	return (int)(cpu_current(nr_cpus) * m->page->layout.nr_nodes / nr_cpus);
}

unsigned int node_count(const struct kalloc_machine *m)
{
	return m->page->layout.nr_nodes;
}

/* Append the populated zones of @node, highest rank first. Return: the new end. */
static struct zone **append_zones(struct zone **end, struct node *node)
{
	for (int rank = MAX_NR_ZONES - 1; rank >= 0; rank--) {
		for (int type = 0; type < MAX_NR_ZONES; type++) {
			if (zone_ranks[type] == rank && node->zones[type].managed_pages)
				*end++ = &node->zones[type];
		}
	}
	*end = NULL;
	return end;
}

/* Linux's number of possible nodes: how much distance outweighs load. */
#define MAX_NUMNODES 1024

struct ordering {
	const struct machine_params *params;
	struct node *nodes;
	unsigned int nr_nodes;
	unsigned int load[LAYOUT_NODES]; /* how often a node was first at its distance */
};

unsigned int node_distance_of(const struct machine_params *params, unsigned int from,
			      unsigned int to)
{
	if (params->distance[0][0])
		return params->distance[from][to];
	return from == to ? 10 : 20;
}

static bool has_memory(const struct node *node)
{
	return node->only[0] != NULL;
}

/*
 * The nearest node to @from that is not @used; of equally near ones the next in turn,
 * one without CPUs, one that is not yet the first choice of others. -1: none.
 */
static int next_best(const struct ordering *order, unsigned int from, u64 used)
{
	unsigned long best = ~0UL;
	int found = -1;

	for (unsigned int nid = 0; nid < order->nr_nodes; nid++) {
		unsigned long value = node_distance_of(order->params, from, nid);

		if (used >> nid & 1 || !has_memory(&order->nodes[nid]))
			continue;
		value += (nid < from) + (order->nodes[nid].nr_cpus != 0);
		value = value * MAX_NUMNODES + order->load[nid];
		if (value < best) {
			best = value;
			found = (int)nid;
		}
	}
	return found;
}

static void link_fallback(struct ordering *order, unsigned int from)
{
	struct zone **end = append_zones(order->nodes[from].fallback, &order->nodes[from]);
	unsigned int last = node_distance_of(order->params, from, from);
	u64 used = 1ULL << from;
	int nid;

	while ((nid = next_best(order, from, used)) >= 0) {
		unsigned int distance = node_distance_of(order->params, from, (unsigned int)nid);

		order->load[nid] += distance != last;
		last = distance;
		used |= 1ULL << nid;
		end = append_zones(end, &order->nodes[nid]);
	}
}

void node_link(const struct machine_params *params, struct node *nodes, unsigned int nr_nodes)
{
	struct ordering order = { .params = params, .nodes = nodes, .nr_nodes = nr_nodes };

	for (unsigned int nid = 0; nid < nr_nodes; nid++)
		append_zones(nodes[nid].only, &nodes[nid]);
	for (unsigned int nid = 0; nid < nr_nodes; nid++)
		link_fallback(&order, nid);
}

struct zone *node_first_zone(struct zone *const *list, unsigned int highest,
			     const unsigned long *nodemask)
{
	for (; *list; list++) {
		if ((*list)->rank <= highest && node_allows(nodemask, (*list)->nid))
			return *list;
	}
	return NULL;
}

/* Linux's vm.dirty_ratio, in percent. */
#define DIRTY_RATIO 20

/* Frames that the zones of a node keep back from page cache. */
static long node_reserve(const struct node *node)
{
	long nr = 0;

	for (struct zone *const *at = node->only; *at; at++) {
		long most = 0;

		for (int rank = 0; rank < MAX_NR_ZONES; rank++)
			most = max(most, READ_ONCE((*at)->lowmem_reserve[rank]));
		most += (long)zone_mark(*at, WMARK_HIGH);
		nr += min(most, (long)(*at)->managed_pages);
	}
	return nr;
}

bool node_dirty_ok(const struct node *node)
{
	long nr = 0;

	for (struct zone *const *at = node->only; *at; at++)
		nr += READ_ONCE((*at)->free_pages);
	nr = max(nr - node_reserve(node), 0L);
	nr += (long)READ_ONCE(node->lru.nr[LRU_INACTIVE_FILE]);
	nr += (long)READ_ONCE(node->lru.nr[LRU_ACTIVE_FILE]);
	return (long)READ_ONCE(node->lru.nr_dirty) <= nr * DIRTY_RATIO / 100;
}

unsigned long node_stat(const struct kalloc_machine *m, int nid, enum node_stat item)
{
	long nr = READ_ONCE(m->node_stats[nid].nr[item]);

	return nr > 0 ? (unsigned long)nr : 0;
}
