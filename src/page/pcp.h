/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU page lists: the front of one zone for one CPU. Orders 0..3 have a list
 * per migratetype, order 9 (a pageblock) one for movable and one for the rest.
 *
 * Taking and giving use the head (hot end) of a list; an empty list is refilled
 * from the zone, `batch` frames' worth at its tail; at `high` frames the CPU gives
 * batch << free_factor back, emptying the lists from their tails, round-robin from
 * the list just given to. free_factor grows while a CPU only gives and halves at
 * each taking. A frame remembers on the list the migratetype its pageblock had
 * when it was given.
 *
 * Lock: `part` (plat/percpu.h) protects everything here but free_diff and threshold
 * (the zone's lock). It is only ever tried on the hot paths: if another thread on the
 * same virtual CPU is inside, the request goes to the zone itself, as in Linux 6.1.
 *
 * Invariant (pcp_ok): count == sum over the lists of entries << order.
 */
#ifndef PAGE_PCP_H
#define PAGE_PCP_H

#include "halves.h"
#include "zone.h"

#define PCP_LOW_ORDERS 4
#define PCP_LISTS      (PCP_LOW_ORDERS * MIGRATE_PCPTYPES + 2)

/* Largest power by which repeated giving may raise the batch. */
#define PCP_FREE_FACTOR_MAX 5

struct pcp {
	struct percpu part;
	unsigned int count; /* frames */
	unsigned int high;
	unsigned int batch;
	unsigned int free_factor;
	s8 free_diff; /* free frames not yet in zone->free_pages */
	struct zone_flow flow;
	struct list_head lists[PCP_LISTS];
} cacheline;

/* Add @delta to the free frames, on behalf of @pcp's CPU; under the zone's lock. */
static inline void pcp_count_free(struct zone *zone, struct pcp *pcp, long delta)
{
	long diff = pcp->free_diff + delta;

	/* Outside of -stat_threshold .. stat_threshold. */
	if ((unsigned long)(diff + zone->stat_threshold) > 2UL * zone->stat_threshold) {
		WRITE_ONCE(zone->free_pages, zone->free_pages + diff);
		diff = 0;
	}
	WRITE_ONCE(pcp->free_diff, (s8)diff);
}

static inline void zone_count_free(struct zone *zone, unsigned int cpu, long delta)
{
	pcp_count_free(zone, &zone->pcp[cpu], delta);
}

/* Give a block back to the lists of @mt and count it; under the zone's lock. */
static always_inline void zone_give(struct zone *zone, unsigned int cpu, struct page *page,
				    unsigned int order, enum migratetype mt)
{
	if (likely(mt != MIGRATE_ISOLATE))
		zone_count_free(zone, cpu, 1L << order);
	halves_give(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap), order, mt,
		    BUDDY_AUTO);
}

/* Whether blocks of this order have per-CPU lists. */
static inline bool pcp_has_order(unsigned int order)
{
	return order < PCP_LOW_ORDERS || order == BLOCK_ORDER;
}

static inline unsigned int pcp_index(unsigned int order, enum migratetype mt)
{
	if (order >= PCP_LOW_ORDERS)
		return PCP_LOW_ORDERS * MIGRATE_PCPTYPES + (mt == MIGRATE_MOVABLE);
	return order * MIGRATE_PCPTYPES + mt;
}

static inline unsigned int pcp_order(unsigned int index)
{
	return index >= PCP_LOW_ORDERS * MIGRATE_PCPTYPES ? BLOCK_ORDER : index / MIGRATE_PCPTYPES;
}

/* What a CPU may hold of a zone. Pure. */
unsigned int pcp_batch_for(unsigned long managed);
unsigned int pcp_high_for(unsigned long low_mark, unsigned int batch, unsigned int nr_local_cpus);

void pcp_init(struct pcp *pcp);

/* One request to take blocks from a zone. */
struct pcp_take {
	struct zone *preferred; /* for the NUMA counters */
	enum migratetype mt;
	unsigned int order;
	unsigned int flags; /* ALLOC_* */
	bool cold;	    /* from the cold end */
	int local_nid;
};

/*
 * Take one block through the CPU's lists. Return: NULL also when another thread is
 * using the lists.
 */
struct page *pcp_take(struct zone *zone, unsigned int cpu, const struct pcp_take *take);

/*
 * Fill the empty ones of @nr slots with single frames in one visit, those that pcp_take would
 * have returned, in use and else as frame_hand_out() leaves them. Return: how many slots
 * are full, from the first on; further ones may have been before.
 */
unsigned long pcp_fill(struct zone *zone, unsigned int cpu, const struct pcp_take *take,
		       struct page **slots, unsigned long nr);

/* Give a block whose frames are ready to be free; @cold: to the cold end. */
void pcp_give(struct zone *zone, unsigned int cpu, struct page *page, unsigned int order,
	      bool cold);

/* Give everything that a CPU holds of a zone back to it. */
void pcp_drain(struct zone *zone, unsigned int cpu);

/* Keep everybody away from a CPU's lists / let them in again. Not for hot paths. */
void pcp_hold(struct pcp *pcp);
void pcp_release(struct pcp *pcp);

/* The invariant above; with the lock held or the machine quiet. */
bool pcp_ok(const struct pcp *pcp);

#endif
