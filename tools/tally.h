/* SPDX-License-Identifier: MIT */
/*
 * What became of each event of a trace. Every event is counted under exactly one
 * of the reasons, so the reasons add up to the events; TALLY_IMPLICIT counts no
 * event but the lack of one.
 */
#ifndef TOOLS_TALLY_H
#define TOOLS_TALLY_H

#include <stdio.h>

enum tally_reason {
	/* replayed */
	TALLY_ALLOC,
	TALLY_FREE,
	TALLY_FREE_BORN,
	TALLY_PAGE_ALLOC,
	TALLY_PAGE_FREE,
	TALLY_CALL,
	/* skipped: nothing to do */
	TALLY_SLAB_PAGE_ALLOC,
	TALLY_SLAB_PAGE_FREE,
	TALLY_NULL_FREE,
	TALLY_FAILED,
	TALLY_BATCHED,
	TALLY_INNER,
	TALLY_UNKNOWN,
	TALLY_OWN,
	TALLY_CALL_END,
	TALLY_IN_CALL,
	TALLY_NO_MEMORY,
	TALLY_NO_MEMORY_FREE,
	/* frees without an allocation, which the trace explains */
	TALLY_BORN,
	TALLY_BORN_PAGE,
	TALLY_SILENT,
	TALLY_SILENT_PAGE,
	TALLY_PAUSE,
	/* and does not explain */
	TALLY_UNEXPLAINED,
	TALLY_REASONS,
};

struct tally {
	unsigned long long counts[TALLY_REASONS];
	unsigned long long implicit; /* allocations of an address still in use */
};

/* Return: the events counted under the reasons @first to @last. */
unsigned long long tally_sum(const struct tally *tally, enum tally_reason first,
			     enum tally_reason last);

/* Print the reasons that occurred, in three groups. */
void tally_show(const struct tally *tally, FILE *out);

#endif
