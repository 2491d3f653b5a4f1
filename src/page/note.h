/* SPDX-License-Identifier: MIT */
/*
 * Note: what an explained request (probe/explain.h) notes in this room. The numbers of a
 * zone are those that its mark was checked with; like that check they are read without the
 * zone's lock. All but the last are for where there is a record.
 */
#ifndef PAGE_NOTE_H
#define PAGE_NOTE_H

#include "explain.h"
#include "request.h"

/* A request begins; @nr is 0 for a block, else the number of single frames. */
void note_request(gfp_t gfp, unsigned int order, int nid, unsigned long nr);

/* It ends with @nr blocks, of which this is the first. */
void note_request_end(const struct page *page, unsigned long nr);

/* An attempt with these ALLOC_ flags begins. */
void note_step(enum kalloc_step step, unsigned int flags);

/*
 * A zone was looked at, of whose free pages @block count as taken. KALLOC_ZONE_MARK may turn
 * out to be KALLOC_ZONE_PIECES.
 */
void note_zone(const struct alloc_request *req, struct zone *zone, unsigned int flags, long block,
	       enum kalloc_verdict verdict);

/*
 * Of which order the block is that a request would be split from; -1: the lists of its type
 * have none. Under the zone's lock.
 */
int note_source(const struct buddy *buddy, unsigned int order, enum migratetype mt);

/* The block, from the zone's lists / from those of the request's CPU. */
void note_taken(const struct alloc_request *req, const struct zone *zone, const struct page *page,
		int split);
void note_taken_from_cpu(const struct alloc_request *req, const struct zone *zone,
			 const struct page *page);

static inline void note_give_up(enum kalloc_give_up reason)
{
	explain(.kind = KALLOC_NOTE_GIVE_UP, .number = reason);
}

#endif
