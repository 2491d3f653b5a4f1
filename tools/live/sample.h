/* SPDX-License-Identifier: MIT */
/* What kalloc top shows, read from a process's files at one time. */
#ifndef LIVE_SAMPLE_H
#define LIVE_SAMPLE_H

#include <stddef.h>
#include <sys/types.h>

#include "../slabinfo.h"

#define SAMPLE_ORDERS 20

/* One CPU's lists of free pages in one zone. */
struct sample_pages {
	unsigned int cpu;
	unsigned long count, high, batch;
};

struct sample_zone {
	unsigned int node;
	char name[16];
	unsigned long free, min, low, high, managed; /* pages */
	unsigned long blocks[SAMPLE_ORDERS];	     /* free, by order */
	unsigned int nr_orders;
	struct sample_pages *cpus;
	size_t nr_cpus, cpus_room;
};

struct sample {
	double time; /* seconds */
	unsigned long total_kb, free_kb, slab_kb, vmalloc_kb;
	/* Events so far: pages taken and given back, pages reclaimed, compactions. */
	unsigned long allocated, freed, reclaimed, compacted, compact_failed, oom_kills;
	struct slabinfo_row *caches;
	size_t nr_caches, caches_room;
	struct sample_zone *zones; /* those that have pages */
	size_t nr_zones, zones_room;
};

/* Return: 0 with @sample filled, to be given to sample_free(); -1 with errno as look() sets it. */
int sample_take(struct sample *sample, pid_t pid, unsigned int machine);
void sample_free(struct sample *sample);

#endif
