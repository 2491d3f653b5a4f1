/* SPDX-License-Identifier: MIT */
/*
 * What happened in a machine's page room, counted: the event lines of /proc/vmstat
 * that reclaim, compaction and OOM give a meaning to. Nothing here is on a hot path,
 * so each is one atomic counter. (pgalloc, pgfree and numa_* are counted in the
 * zones, see struct zone_flow.)
 */
#ifndef PAGE_EVENT_H
#define PAGE_EVENT_H

#include <kalloc/page.h>

#include "base.h"

enum page_event {
	ALLOCSTALL, /* one for each zone type */
	PGACTIVATE = ALLOCSTALL + MAX_NR_ZONES,
	PGDEACTIVATE,
	PGREFILL,
	PGSTEAL_KSWAPD,
	PGSTEAL_DIRECT,
	PGSCAN_KSWAPD,
	PGSCAN_DIRECT,
	PGSCAN_ANON,
	PGSCAN_FILE,
	PGSTEAL_ANON,
	PGSTEAL_FILE,
	SLABS_SCANNED,
	KSWAPD_LOW_WMARK_HIT_QUICKLY,
	KSWAPD_HIGH_WMARK_HIT_QUICKLY,
	PAGEOUTRUN,
	OOM_KILL,
	PSWPOUT,
	PGMIGRATE_SUCCESS,
	PGMIGRATE_FAIL,
	COMPACTMIGRATE_SCANNED,
	COMPACTFREE_SCANNED,
	COMPACTISOLATED,
	COMPACTSTALL,
	COMPACTFAIL,
	COMPACTSUCCESS,
	KCOMPACTD_WAKE,
	KCOMPACTD_MIGRATE_SCANNED,
	KCOMPACTD_FREE_SCANNED,
	NR_VMSCAN_WRITE,
	NR_DIRTIED,
	NR_WRITTEN,
	NR_PAGE_EVENTS
};

struct kalloc_machine;

void page_event_add(struct kalloc_machine *m, enum page_event event, unsigned long nr);
unsigned long page_event(const struct kalloc_machine *m, enum page_event event);

#endif
