/* SPDX-License-Identifier: MIT */
#include "layout.h"

unsigned long layout_present(const struct layout *layout, unsigned long start, unsigned long end)
{
	unsigned long present = 0;
	const struct layout_zone runs[] = {
		{ 1, PFN_LOW_HOLE },
		{ PFN_MANAGED, layout->low_end },
		{ PFN_DMA32_END, layout->high_end },
	};

	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		unsigned long from = max(start, runs[i].start);
		unsigned long to = min(end, runs[i].end);

		if (from < to)
			present += to - from;
	}
	return present;
}

/* The pfn below which @nr frames of memory lie, the low hole counted as memory. */
static unsigned long pfn_after(const struct layout *layout, unsigned long nr)
{
	if (nr <= layout->low_end)
		return nr;
	return PFN_DMA32_END + (nr - layout->low_end);
}

static struct layout_zone cut(unsigned long start, unsigned long end, unsigned long lo,
			      unsigned long hi)
{
	start = max(start, lo);
	end = min(end, hi);
	return (struct layout_zone){ start, max(start, end) };
}

/* The zones of a node that owns [start, end). */
static void cut_zones(const struct layout *layout, struct layout_zone *zone, unsigned long start,
		      unsigned long end, unsigned long nr_movable, unsigned long block)
{
	unsigned long linear_end = min(end, layout->max_linear_pfn);
	unsigned long dma32_end = min(layout->low_end, PFN_DMA32_END);
	unsigned long top = max(start, linear_end);
	unsigned long movable;

	zone[ZONE_HIGHMEM] = cut(start, end, layout->max_linear_pfn, layout->max_pfn);
	if (zone[ZONE_HIGHMEM].end > zone[ZONE_HIGHMEM].start)
		top = zone[ZONE_HIGHMEM].end;

	/* Movable memory is the top of the node's highest zone, and at most all of that. */
	movable = top - min(nr_movable, top - start);
	movable = ALIGN_UP(movable, block);
	if (zone[ZONE_HIGHMEM].end > zone[ZONE_HIGHMEM].start)
		movable = max(movable, zone[ZONE_HIGHMEM].start);
	else if (top > PFN_DMA32_END)
		movable = max(movable, max(start, PFN_DMA32_END));
	else
		movable = max(movable, min(top, max(start, PFN_DMA_END)));
	movable = min(movable, top);
	if (!nr_movable)
		movable = top;

	zone[ZONE_MOVABLE] = cut(start, top, movable, top);
	zone[ZONE_DMA] = cut(start, linear_end, 1, min(PFN_DMA_END, movable));
	zone[ZONE_DMA32] = cut(start, linear_end, PFN_DMA_END, min(dma32_end, movable));
	zone[ZONE_NORMAL] = cut(start, linear_end, PFN_DMA32_END, max(movable, PFN_DMA32_END));
	zone[ZONE_HIGHMEM].end =
		max(zone[ZONE_HIGHMEM].start, min(zone[ZONE_HIGHMEM].end, movable));
	zone[ZONE_DEVICE] = (struct layout_zone){ top, top };
}

/*
 * Frames of each node: what kalloc.nodes= says, or equal shares in whole blocks, the
 * last one with what is left. Return: 0, or -EINVAL if a share would be too small.
 */
static int share_out(const struct machine_params *params, unsigned long share[LAYOUT_NODES])
{
	unsigned long nr = params->mem_bytes >> PAGE_SHIFT;
	unsigned long block = 1UL << params->max_order;
	unsigned long equal = nr / params->nr_nodes;

	if (params->nr_nodes > 1)
		equal = ALIGN_DOWN(equal, block);
	if (!params->has_node_bytes && params->nr_nodes > 1 && equal < 2 * PFN_MANAGED)
		return -EINVAL;
	for (unsigned long nid = 0; nid < params->nr_nodes; nid++) {
		share[nid] = params->has_node_bytes ? params->node_bytes[nid] >> PAGE_SHIFT : equal;
		if (share[nid] > nr)
			return -EINVAL;
		nr -= share[nid];
	}
	if (!params->has_node_bytes)
		share[params->nr_nodes - 1] += nr;
	return 0;
}

int layout_of(const struct machine_params *params, struct layout *layout)
{
	unsigned long nr = params->mem_bytes >> PAGE_SHIFT;
	unsigned long nr_high = params->highmem_bytes >> PAGE_SHIFT;
	unsigned long nr_movable = params->movablecore_bytes >> PAGE_SHIFT;
	unsigned long share[LAYOUT_NODES], at = 0;
	int err = share_out(params, share);

	if (err)
		return err;
	*layout = (struct layout){ .low_end = nr, .nr_nodes = (unsigned int)params->nr_nodes };
	if (nr >= PFN_SPLIT_FROM) {
		layout->low_end = PFN_BELOW_HOLE;
		layout->high_end = PFN_DMA32_END + (nr - PFN_BELOW_HOLE);
	}
	layout->max_pfn = pfn_after(layout, nr);
	layout->max_linear_pfn = pfn_after(layout, nr - nr_high);

	for (unsigned int nid = 0; nid < layout->nr_nodes; at += share[nid++]) {
		/* Just below the hole and just above it are the same number of frames on. */
		unsigned long start = at < layout->low_end || !layout->high_end
					      ? at
					      : PFN_DMA32_END + (at - layout->low_end);

		cut_zones(layout, layout->zone[nid], start,
			  max(start, pfn_after(layout, at + share[nid])),
			  nr_movable / layout->nr_nodes, 1UL << params->max_order);
	}
	return 0;
}
