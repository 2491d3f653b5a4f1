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

void node_link(struct node *nodes, unsigned int nr_nodes)
{
	for (unsigned int nid = 0; nid < nr_nodes; nid++) {
		struct zone **end = nodes[nid].fallback;

		append_zones(nodes[nid].only, &nodes[nid]);
		for (unsigned int step = 0; step < nr_nodes; step++)
			end = append_zones(end, &nodes[(nid + step) % nr_nodes]);
	}
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

void node_stat_add(struct kalloc_machine *m, int nid, enum node_stat item, long nr_pages)
{
	__atomic_add_fetch(&m->page->nodes[nid].stat[item], nr_pages, __ATOMIC_RELAXED);
}

unsigned long node_stat(const struct kalloc_machine *m, int nid, enum node_stat item)
{
	long nr = READ_ONCE(m->page->nodes[nid].stat[item]);

	return nr > 0 ? (unsigned long)nr : 0;
}
