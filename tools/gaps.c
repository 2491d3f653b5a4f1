/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "gaps.h"
#include "memory.h"

void gaps_add(struct gaps *gaps, uint64_t from, uint64_t to)
{
	gaps->list = memory_grow(gaps->list, &gaps->capacity, gaps->count + 1, sizeof(*gaps->list));
	gaps->list[gaps->count++] = (struct gap){ from, to };
}

struct edge {
	uint64_t at;
	int step; /* +1 where a gap begins, -1 where it ends */
};

static int by_position(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->step - b->step;
}

size_t gaps_pause(struct gaps *gaps, uint64_t after, struct gap *pause)
{
	struct edge *edges = memory_new(2 * gaps->count, sizeof(*edges));
	size_t nr_edges = 0, depth = 0, deepest = 0;

	for (size_t i = 0; i < gaps->count; i++) {
		if (gaps->list[i].to <= after)
			continue;
		edges[nr_edges++] = (struct edge){ gaps->list[i].from, 1 };
		edges[nr_edges++] = (struct edge){ gaps->list[i].to, -1 };
	}
	qsort(edges, nr_edges, sizeof(*edges), by_position);
	for (size_t i = 0; i < nr_edges; i++) {
		depth += (size_t)edges[i].step;
		if (depth > deepest) {
			deepest = depth;
			*pause = (struct gap){ edges[i].at, edges[i + 1].at };
		}
	}
	free(edges);
	return 2 * deepest > nr_edges / 2 ? deepest : 0;
}

void gaps_fini(struct gaps *gaps)
{
	free(gaps->list);
	*gaps = (struct gaps){ 0 };
}
