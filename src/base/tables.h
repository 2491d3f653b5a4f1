/* SPDX-License-Identifier: MIT */
/*
 * Tables: the private memory of one machine. It is one mapping, zero until touched,
 * which each room cuts what it needs from as it boots, and which is given back as a
 * whole. So a machine costs the host as few calls as one table would.
 *
 * Small tables lie side by side: booting writes to most of them, and each page that is
 * touched costs more than what is written there. Behind them lie the large ones, each
 * from a page of its own, of which booting touches a page or two near their beginning.
 *
 * A room says in one function what it cuts. Run on tables_to_measure() that adds up how
 * many bytes it takes, and run on a machine's tables it has them.
 */
#ifndef BASE_TABLES_H
#define BASE_TABLES_H

#include "base.h"

#define TABLE_ALIGN 64UL /* of a small one */

struct tables {
	unsigned long small, small_end; /* what is left for small ones */
	unsigned long large, large_end;
};

/* Nothing yet, and no end: small and large are how many bytes were cut. */
static inline struct tables tables_to_measure(void)
{
	return (struct tables){ .small_end = ~0UL, .large_end = ~0UL };
}

/* Bytes of tables that are as large as @measured. */
static inline size_t tables_bytes(const struct tables *measured)
{
	return PAGE_ALIGN(measured->small) + measured->large;
}

/* Tables as large as @measured, at address @start. */
static inline struct tables tables_at(const struct tables *measured, unsigned long start)
{
	unsigned long large = start + PAGE_ALIGN(measured->small);

	return (struct tables){
		.small = start,
		.small_end = start + measured->small,
		.large = large,
		.large_end = large + measured->large,
	};
}

static inline void *table_cut(struct tables *tables, size_t bytes)
{
	unsigned long at = tables->small;

	tables->small += ALIGN_UP(bytes, TABLE_ALIGN);
	return (void *)at;
}

static inline void *table_cut_large(struct tables *tables, size_t bytes)
{
	unsigned long at = tables->large;

	tables->large += ALIGN_UP(bytes, PAGE_SIZE);
	return (void *)at;
}

/* No more was cut than there is. */
static inline bool tables_ok(const struct tables *tables)
{
	return tables->small <= tables->small_end && tables->large <= tables->large_end;
}

#endif
