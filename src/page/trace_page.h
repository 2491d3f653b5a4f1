/* SPDX-License-Identifier: MIT */
/*
 * What the room says of blocks while its events are wanted (probe/trace.h), and how
 * it comes to be asked.
 *
 * The quick paths (quick.h) ask for no event. They look, as they always did, whether blocks
 * are to be dressed: ZONE_DRESSES of the zone's flags, `dresses` and `undresses` of the
 * room. These are set as long as anybody wants to hear of blocks that are handed out or come
 * back, and every block then takes a way on which it is told of, without ending up anywhere
 * else than it would have.
 *
 * Besides Linux's fields, a record of a block that was handed out or came back has how many
 * frames its zone has free on its lists just then.
 */
#ifndef PAGE_TRACE_PAGE_H
#define PAGE_TRACE_PAGE_H

#include "room.h"
#include "trace.h"

/* Set what the quick paths look at, at boot and whenever somebody's wishes change. */
void trace_page_follow(struct kalloc_machine *m);

/* @page may be NULL: the request failed. */
void trace_page_alloc(struct kalloc_machine *m, const struct page *page, gfp_t gfp,
		      unsigned int order);

/*
 * A block left the lists of a zone, those of type @mt; for a CPU's lists if it can be.
 * @stamp: as in trace_write().
 */
void trace_page_taken(struct kalloc_machine *m, u64 stamp, const struct page *page,
		      unsigned int order, enum migratetype mt);

void trace_page_free(struct kalloc_machine *m, const struct page *page, unsigned int order);

static inline bool trace_page_wants_alloc(const struct kalloc_machine *m)
{
	return trace_wants(m, TRACE_BIT(mm_page_alloc));
}

static inline bool trace_page_wants_taken(const struct kalloc_machine *m)
{
	return trace_wants(m, TRACE_BIT(mm_page_alloc_zone_locked));
}

#endif
