/* SPDX-License-Identifier: MIT */
/*
 * Tables: the private memory of one machine. It is one mapping, zero until touched,
 * which each room cuts what it needs from as it boots, and which is given back as a
 * whole. So a machine costs the host as few calls as one table would.
 *
 * Small tables are cut from the low end and lie side by side: booting writes to most of
 * them, and each page that is touched costs more than what is written there. Large ones,
 * of which it touches a page or none, are cut from the high end, where a page is theirs.
 *
 * A room says in one function what it cuts. Run on tables_to_measure() it learns how many
 * bytes that takes, and run on a machine's tables it has them.
 */
#ifndef BASE_TABLES_H
#define BASE_TABLES_H

#include "base.h"

#define TABLE_ALIGN 64UL /* of a small one */

struct tables {
	unsigned long low;
	unsigned long high;
};

/* Nowhere, and as many as can be. */
static inline struct tables tables_to_measure(void)
{
	return (struct tables){ .low = 0, .high = ~0UL & PAGE_MASK };
}

/* Bytes that were cut from what tables_to_measure() gave. */
static inline size_t tables_measured(const struct tables *tables)
{
	return tables->low + (tables_to_measure().high - tables->high);
}

static inline void *table_cut(struct tables *tables, size_t bytes)
{
	unsigned long at = tables->low;

	tables->low += ALIGN_UP(bytes, TABLE_ALIGN);
	return (void *)at;
}

static inline void *table_cut_large(struct tables *tables, size_t bytes)
{
	tables->high -= ALIGN_UP(bytes, PAGE_SIZE);
	return (void *)tables->high;
}

#endif
