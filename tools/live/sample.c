/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../memory.h"
#include "look.h"
#include "sample.h"

/* The text behind the end of the line at @at, or "". */
static const char *next_line(const char *at)
{
	const char *newline = strchr(at, '\n');

	return newline ? newline + 1 : at + strlen(at);
}

/* The sum of the numbers in lines that begin with @prefix, whatever stands behind that. */
static unsigned long sum_of(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);
	unsigned long sum = 0, number;

	for (; *text; text = next_line(text))
		if (strncmp(text, prefix, len) == 0 && sscanf(text, "%*s %lu", &number) == 1)
			sum += number;
	return sum;
}

static void totals_read(struct sample *sample, const char *meminfo, const char *vmstat)
{
	sample->total_kb = sum_of(meminfo, "MemTotal:");
	sample->free_kb = sum_of(meminfo, "MemFree:");
	sample->slab_kb = sum_of(meminfo, "Slab:");
	sample->vmalloc_kb = sum_of(meminfo, "VmallocUsed:");
	sample->allocated = sum_of(vmstat, "pgalloc_");
	sample->freed = sum_of(vmstat, "pgfree ");
	sample->reclaimed = sum_of(vmstat, "pgsteal_kswapd ") + sum_of(vmstat, "pgsteal_direct ");
	sample->compacted = sum_of(vmstat, "compact_success ");
	sample->compact_failed = sum_of(vmstat, "compact_fail ");
	sample->oom_kills = sum_of(vmstat, "oom_kill ");
}

static void caches_read(struct sample *sample, const char *slabinfo)
{
	struct slabinfo_row row;

	while (slabinfo_next(&slabinfo, &row)) {
		sample->caches = memory_grow(sample->caches, &sample->caches_room,
					     sample->nr_caches + 1, sizeof(*sample->caches));
		sample->caches[sample->nr_caches++] = row;
	}
}

static void cpu_add(struct sample_zone *zone, unsigned int cpu)
{
	zone->cpus =
		memory_grow(zone->cpus, &zone->cpus_room, zone->nr_cpus + 1, sizeof(*zone->cpus));
	zone->cpus[zone->nr_cpus++] = (struct sample_pages){ .cpu = cpu };
}

static void zone_line(struct sample_zone *zone, const char *line)
{
	struct sample_pages *last = zone->nr_cpus ? &zone->cpus[zone->nr_cpus - 1] : NULL;
	unsigned long number;
	unsigned int cpu;

	if (sscanf(line, " pages free %lu", &number) == 1)
		zone->free = number;
	else if (sscanf(line, " min %lu", &number) == 1)
		zone->min = number;
	else if (sscanf(line, " low %lu", &number) == 1)
		zone->low = number;
	else if (sscanf(line, " managed %lu", &number) == 1)
		zone->managed = number;
	else if (sscanf(line, " cpu: %u", &cpu) == 1)
		cpu_add(zone, cpu);
	else if (last && sscanf(line, " count: %lu", &number) == 1)
		last->count = number;
	else if (last && sscanf(line, " high: %lu", &number) == 1)
		last->high = number;
	else if (last && sscanf(line, " batch: %lu", &number) == 1)
		last->batch = number;
	else if (!last && sscanf(line, " high %lu", &number) == 1)
		zone->high = number;
}

static void zone_drop(struct sample *sample)
{
	free(sample->zones[--sample->nr_zones].cpus);
	sample->zones[sample->nr_zones] = (struct sample_zone){ 0 };
}

static void zones_read(struct sample *sample, const char *zoneinfo)
{
	struct sample_zone *zone = NULL;

	for (; *zoneinfo; zoneinfo = next_line(zoneinfo)) {
		struct sample_zone begun = { 0 };

		if (sscanf(zoneinfo, "Node %u, zone %15s", &begun.node, begun.name) != 2) {
			if (zone)
				zone_line(zone, zoneinfo);
			continue;
		}
		if (zone && !zone->managed)
			zone_drop(sample);
		sample->zones = memory_grow(sample->zones, &sample->zones_room,
					    sample->nr_zones + 1, sizeof(*sample->zones));
		zone = &sample->zones[sample->nr_zones++];
		*zone = begun;
	}
	if (zone && !zone->managed)
		zone_drop(sample);
}

static struct sample_zone *zone_find(struct sample *sample, unsigned int node, const char *name)
{
	for (size_t i = 0; i < sample->nr_zones; i++)
		if (sample->zones[i].node == node && strcmp(sample->zones[i].name, name) == 0)
			return &sample->zones[i];
	return NULL;
}

static void blocks_read(struct sample *sample, const char *buddyinfo)
{
	for (; *buddyinfo; buddyinfo = next_line(buddyinfo)) {
		struct sample_zone *zone;
		unsigned int node;
		char name[16];
		int at, used;

		if (sscanf(buddyinfo, "Node %u, zone %15s%n", &node, name, &at) != 2)
			continue;
		zone = zone_find(sample, node, name);
		while (zone && zone->nr_orders < SAMPLE_ORDERS && buddyinfo[at] != '\n' &&
		       sscanf(buddyinfo + at, "%*[ ]%lu%n", &zone->blocks[zone->nr_orders],
			      &used) == 1) {
			at += used;
			zone->nr_orders++;
		}
	}
}

int sample_take(struct sample *sample, pid_t pid, unsigned int machine)
{
	enum {
		MEMINFO,
		VMSTAT,
		SLABINFO,
		ZONEINFO,
		BUDDYINFO,
		NR
	};
	struct look_file files[NR] = {
		[MEMINFO] = { .path = "/proc/meminfo" },
		[VMSTAT] = { .path = "/proc/vmstat" },
		[SLABINFO] = { .path = "/proc/slabinfo" },
		[ZONEINFO] = { .path = "/proc/zoneinfo" },
		[BUDDYINFO] = { .path = "/proc/buddyinfo" },
	};
	struct timespec now;

	*sample = (struct sample){ 0 };
	if (look(pid, machine, files, NR))
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	sample->time = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	totals_read(sample, files[MEMINFO].data, files[VMSTAT].data);
	caches_read(sample, files[SLABINFO].data);
	zones_read(sample, files[ZONEINFO].data);
	blocks_read(sample, files[BUDDYINFO].data);
	look_free(files, NR);
	return 0;
}

void sample_free(struct sample *sample)
{
	for (size_t i = 0; i < sample->nr_zones; i++)
		free(sample->zones[i].cpus);
	free(sample->zones);
	free(sample->caches);
	*sample = (struct sample){ 0 };
}
