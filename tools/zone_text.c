/* SPDX-License-Identifier: MIT */
#include <kalloc/page.h>

#include "zone_text.h"

const char *zone_text(unsigned int type)
{
	static const char *const names[MAX_NR_ZONES] = {
		[ZONE_DMA] = "DMA",	    [ZONE_DMA32] = "DMA32",   [ZONE_NORMAL] = "Normal",
		[ZONE_MOVABLE] = "Movable", [ZONE_DEVICE] = "Device", [ZONE_HIGHMEM] = "HighMem",
	};

	return type < MAX_NR_ZONES ? names[type] : "?";
}

const char *migratetype_text(unsigned int type)
{
	static const char *const names[MIGRATE_TYPES] = {
		[MIGRATE_UNMOVABLE] = "Unmovable",     [MIGRATE_MOVABLE] = "Movable",
		[MIGRATE_RECLAIMABLE] = "Reclaimable", [MIGRATE_HIGHATOMIC] = "HighAtomic",
		[MIGRATE_ISOLATE] = "Isolate",
	};

	return type < MIGRATE_TYPES ? names[type] : "?";
}
