/* SPDX-License-Identifier: MIT */
/* Zones and nodes: libkalloc's, seen from outside. */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/spinlock.h>
#include <linux/list.h>
#include <linux/wait.h>
#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/threads.h>
#include <linux/numa.h>
#include <linux/init.h>
#include <linux/seqlock.h>
#include <linux/nodemask.h>
#include <linux/atomic.h>
#include <linux/mm_types.h>
#include <linux/local_lock.h>
#include <linux/topology.h>
#include <linux/mutex.h>
#include <asm/page.h>

/* What others are handed only. */
struct lruvec;
struct zonelist;

/* In libkalloc's order (kalloc/page.h). */
enum zone_type {
	ZONE_DMA,
	ZONE_DMA32,
	ZONE_NORMAL,
	ZONE_MOVABLE,
	ZONE_DEVICE,
	ZONE_HIGHMEM,
	MAX_NR_ZONES
};

/* What is counted is libkalloc's (/proc/vmstat). */
enum zone_stat_item {
	NR_ZSPAGES,
	NR_VM_ZONE_STAT_ITEMS
};

enum node_stat_item {
	NR_VM_NODE_STAT_ITEMS
};

enum numa_stat_item {
	NR_VM_NUMA_EVENT_ITEMS
};

/* No node has a visible part. */
typedef struct pglist_data {
	int node_id;
} pg_data_t;

enum meminit_context {
	MEMINIT_EARLY,
	MEMINIT_HOTPLUG,
};

#define MAX_PAGE_ORDER	   10
#define NR_PAGE_ORDERS	   11
#define MAX_ORDER_NR_PAGES (1UL << MAX_PAGE_ORDER)
#define pageblock_order	   9
#define pageblock_nr_pages (1UL << pageblock_order)

#endif
