/* SPDX-License-Identifier: MIT */
/*
 * The text formats of the files, one function and one source file each. Numbers
 * are taken from the rooms under their locks, one zone, list or cache at a time:
 * a file is not a snapshot of one moment, as in the kernel.
 *
 * Where a file shows more than loose numbers, it is made in two steps: a function
 * that copies them out, and a pure one that formats the copy. The second is
 * declared here, so that tests can give it what a real kernel printed.
 */
#ifndef PROC_FORMATS_H
#define PROC_FORMATS_H

#include "items.h"
#include "slab.h"

void buddyinfo_show(struct text *text, struct kalloc_machine *m);
void pagetypeinfo_show(struct text *text, struct kalloc_machine *m);
void zoneinfo_show(struct text *text, struct kalloc_machine *m);
void slabinfo_show(struct text *text, struct kalloc_machine *m);
void vmallocinfo_show(struct text *text, struct kalloc_machine *m);
void vmstat_show(struct text *text, struct kalloc_machine *m);
void meminfo_show(struct text *text, struct kalloc_machine *m);

/* One line of buddyinfo: free blocks of orders 0 .. @max_order. */
void buddyinfo_format(struct text *text, const struct zone *zone, const unsigned long *nr_free,
		      unsigned int max_order);

/* One line of the first and of the second table of pagetypeinfo. */
void pagetypeinfo_format_free(struct text *text, const struct zone *zone, enum migratetype mt,
			      const unsigned long *nr_free, unsigned int max_order);
void pagetypeinfo_format_blocks(struct text *text, const struct zone *zone,
				const unsigned long nr_blocks[MIGRATE_TYPES]);

/* One zone of zoneinfo, but for the lines of its CPUs. */
struct zoneinfo {
	const char *name;
	int nid;
	bool is_populated;
	bool shows_node;       /* the first populated zone of its node */
	bool is_unreclaimable; /* kswapd has given its node up */
	unsigned int nr_protection;
	unsigned long boost;
	unsigned long mark[NR_WMARK]; /* boost included */
	unsigned long spanned, present, managed;
	unsigned long start_pfn;
	long protection[MAX_NR_ZONES];
	struct items items;
};

struct zoneinfo_cpu {
	unsigned int count, high, batch, threshold;
};

void zoneinfo_format_zone(struct text *text, const struct zoneinfo *info);
void zoneinfo_format_cpu(struct text *text, unsigned int cpu, const struct zoneinfo_cpu *info);
void zoneinfo_format_end(struct text *text, const struct zoneinfo *info);

/* One line of slabinfo. */
void slabinfo_format(struct text *text, const struct slab_info *info);

/* All of vmstat. */
void vmstat_format(struct text *text, const struct items *items, bool has_highmem);

#endif
