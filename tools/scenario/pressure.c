/* SPDX-License-Identifier: MIT */
#include <string.h>

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
#define NR_ZONES (sizeof(zones) / sizeof(zones[0]))

bool pressure_zone(const char *name, enum zone_type *type)
{
	for (size_t i = 0; i < NR_ZONES; i++) {
		*type = zones[i].type;
		if (strcmp(name, zones[i].name) == 0)
			return true;
	}
	return false;
}

struct page *pressure_take(enum zone_type type)
{
	gfp_t gfp = __GFP_MEMALLOC | __GFP_NOWARN;
	struct page *page;

	for (size_t i = 0; i < NR_ZONES; i++)
		gfp |= zones[i].type == type ? zones[i].gfp : 0;
	page = alloc_page(gfp);
	/* Of the next zone: this one has none left. */
	if (page && page_zonenum(page) != type) {
		__free_page(page);
		return NULL;
	}
	return page;
}
