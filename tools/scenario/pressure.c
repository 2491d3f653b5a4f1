/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "pressure.h"

static const struct {
	const char *name;
	enum zone_type type;
	gfp_t gfp;
} zones[] = {
	{ "DMA", ZONE_DMA, __GFP_DMA },
	{ "DMA32", ZONE_DMA32, __GFP_DMA32 },
	{ "Normal", ZONE_NORMAL, 0 },
	{ "HighMem", ZONE_HIGHMEM, __GFP_HIGHMEM },
	{ "Movable", ZONE_MOVABLE, __GFP_HIGHMEM | __GFP_MOVABLE },
};

bool pressure_begin(struct pressure *pressure, const char *name, gfp_t gfp)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (strcmp(name, zones[i].name) != 0)
			continue;
		*pressure = (struct pressure){
			.type = zones[i].type,
			.gfp = (gfp & ~__GFP_RECLAIM) | zones[i].gfp | __GFP_MEMALLOC |
			       __GFP_NOWARN,
		};
		return true;
	}
	return false;
}

struct page *pressure_take(struct pressure *pressure)
{
	struct page *page;

	while ((page = alloc_page(pressure->gfp))) {
		if (page_zonenum(page) == pressure->type)
			return page;
		pressure->aside = memory_grow(pressure->aside, &pressure->capacity,
					      pressure->nr_aside + 1, sizeof(struct page *));
		pressure->aside[pressure->nr_aside++] = page;
	}
	return NULL;
}

void pressure_end(struct pressure *pressure)
{
	while (pressure->nr_aside)
		__free_page(pressure->aside[--pressure->nr_aside]);
	free(pressure->aside);
}
