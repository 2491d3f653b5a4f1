/* SPDX-License-Identifier: MIT */
/*
 * Numbers out of the current machine's files. Each reads its file anew. Return: false if
 * there is no such zone, name or field.
 */
#ifndef SCENARIO_FACTS_H
#define SCENARIO_FACTS_H

#include <stdbool.h>

/* The number behind @name in /proc/vmstat, or in kB behind "name:" in /proc/meminfo. */
bool facts_named(const char *path, const char *name, long *number);

/*
 * A field of a zone in /proc/zoneinfo: "free", "min", "managed", "nr_free_pages" ...;
 * "protection" is that against requests without a zone modifier.
 */
bool facts_zone(int nid, const char *zone, const char *field, long *number);

/* "count", "high" or "batch" of one CPU's page lists of a zone. */
bool facts_pcp(int nid, const char *zone, int cpu, const char *field, long *number);

/*
 * Free blocks of an order, in one zone of all nodes, or in all if @zone is NULL. Return:
 * false if there is no such order, or no such zone.
 */
bool facts_free_blocks(const char *zone, long order, long *number);

/*
 * A column of /proc/slabinfo by the name in its heading, or a file in
 * /sys/kernel/slab/<cache>.
 */
bool facts_slab(const char *cache, const char *field, long *number);

long facts_nr_cpus(void);

#endif
