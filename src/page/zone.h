/* SPDX-License-Identifier: MIT */
/*
 * A zone: a range of frames of one node that meet one kind of need, its buddy
 * system, and the marks that say how many of its free frames who may take.
 *
 * Marks. min, low and high are set from vm.min_free_kbytes and
 * vm.watermark_scale_factor; a boost is added to all three after a partial steal.
 * A request at order o with mark m may proceed if
 *
 *	free - (2^o - 1) - reserves > m' + lowmem_reserve[highest]
 *
 * and a block of at least order o is free. m' is m, lowered for those who may
 * dig (ALLOC_MIN_RESERVE, ALLOC_NON_BLOCK); reserves are the high-atomic
 * pageblocks, for those who may not.
 *
 * Free frames are counted in free_pages, with a difference per CPU of up to
 * stat_threshold that is not folded in yet: marks are checked against the folded
 * count alone, as in Linux.
 *
 * Rank. Zones are tried from the highest to the lowest rank: MOVABLE, HIGHMEM,
 * NORMAL, DMA32, DMA. lowmem_reserve is indexed by rank. (enum zone_type numbers
 * HIGHMEM last, because x86-64 has none and its numbers are ABI.)
 *
 * Lock: `lock` protects the buddy system, the pageblock types, free_pages and the
 * per-CPU differences, boost, highatomic and the counters here. Ranges and names
 * are constant. Marks are written under the lock and read without it.
 *
 * Source: Linux 6.1 mm/page_alloc.c, and section 4 of its measured facts.
 */
#ifndef PAGE_ZONE_H
#define PAGE_ZONE_H

#include "buddy.h"
#include "plat.h"

enum zone_mark {
	WMARK_MIN,
	WMARK_LOW,
	WMARK_HIGH,
	NR_WMARK
};

/* How a request may use the zones; the two low bits are its mark. */
#define ALLOC_WMARK_MASK    0x03u
#define ALLOC_NO_WATERMARKS 0x04u
#define ALLOC_OOM	    0x08u
#define ALLOC_NON_BLOCK	    0x10u
#define ALLOC_MIN_RESERVE   0x20u /* == __GFP_HIGH */
#define ALLOC_NOFRAGMENT    0x100u
#define ALLOC_HIGHATOMIC    0x200u
#define ALLOC_KSWAPD	    0x800u  /* == __GFP_KSWAPD_RECLAIM */
#define ALLOC_SPREAD_DIRTY  0x1000u /* only nodes that are within their share of dirty pages */
#define ALLOC_TELL	    0x2000u /* whoever wants to hear of it, if it succeeds */
#define ALLOC_RESERVES	    (ALLOC_NON_BLOCK | ALLOC_MIN_RESERVE | ALLOC_HIGHATOMIC | ALLOC_OOM)

/* The most that stat_threshold is: it fits a signed byte. */
#define ZONE_STAT_THRESHOLD_MAX 125u

/* zone->flags: what is out of the ordinary, so that one look is enough if nothing is. */
#define ZONE_BOOSTED 1u
#define ZONE_DRESSES 2u /* as the room's `dresses` (trace_page.h) */

enum numa_item {
	NUMA_HIT,     /* allocated where it was wanted */
	NUMA_MISS,    /* allocated here, wanted elsewhere */
	NUMA_FOREIGN, /* wanted here, allocated elsewhere */
	NUMA_LOCAL,   /* by a CPU of this node */
	NUMA_OTHER,   /* by a CPU of another node */
	NR_NUMA_ITEMS
};

/* Flow through a zone or one CPU's lists of it: what /proc/vmstat adds up. */
struct zone_flow {
	unsigned long alloc_pages;
	unsigned long free_pages;
	unsigned long at_home;		   /* blocks that count as NUMA_HIT and NUMA_LOCAL: most */
	unsigned long numa[NR_NUMA_ITEMS]; /* what is counted singly */
};

/* All that counts as @item. */
static inline unsigned long zone_flow_numa(const struct zone_flow *flow, enum numa_item item)
{
	bool is_home = item == NUMA_HIT || item == NUMA_LOCAL;

	return flow->numa[item] + (is_home ? flow->at_home : 0);
}

struct pcp;

/* Where compaction stands in a zone (compact.h). */
struct zone_compact {
	struct lock lock;
	unsigned long migrate_pfn[2]; /* asynchronous, synchronous; 0: start over */
	unsigned long free_pfn;
	unsigned int considered; /* requests since the last deferral */
	unsigned int defer_shift;
	unsigned int order_failed; /* the lowest order that failed */
};

struct zone {
	struct lock lock;
	const char *name;
	enum zone_type type;
	unsigned int rank;
	int nid;
	struct page_room *room;

	unsigned long zone_start_pfn;
	unsigned long spanned_pages; /* end - start */
	unsigned long present_pages; /* without holes */
	unsigned long managed_pages; /* given to the buddy system */

	struct buddy buddy;
	long free_pages;
	unsigned int stat_threshold;

	unsigned long _watermark[NR_WMARK];
	unsigned long watermark_boost;
	unsigned long nr_reserved_highatomic;
	unsigned long nr_isolated_blocks; /* pageblocks of MIGRATE_ISOLATE */
	bool tells; /* somebody wants to hear of what moves between here and the CPUs' lists */
	long lowmem_reserve[MAX_NR_ZONES]; /* by rank of the request's highest zone */
	unsigned int flags;

	struct zone_compact compact;
	struct zone_flow flow;
	struct pcp *pcp; /* one per CPU; NULL if the zone is empty */
	unsigned int nr_cpus;
};

extern const u8 zone_ranks[MAX_NR_ZONES]; /* rank of each zone_type */
extern const char *const zone_names[MAX_NR_ZONES];

/* The zone_type of a rank. */
static inline enum zone_type zone_type_of(unsigned int rank)
{
	unsigned int type = 0;

	while (zone_ranks[type] != rank)
		type++;
	return (enum zone_type)type;
}

static inline bool zone_is_populated(const struct zone *zone)
{
	return zone->present_pages != 0;
}

/* Set or clear bits of zone->flags. */
static inline void zone_set_flag(struct zone *zone, unsigned int flag, bool on)
{
	if (on)
		__atomic_fetch_or(&zone->flags, flag, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&zone->flags, ~flag, __ATOMIC_RELAXED);
}

/* A mark with the boost on it; @mark is a zone_mark. */
static inline unsigned long zone_mark(const struct zone *zone, unsigned int mark)
{
	return READ_ONCE(zone->_watermark[mark]) + READ_ONCE(zone->watermark_boost);
}

/*
 * Take a block from the lists of @mt, falling back to other types'; @flags as in
 * block_fall_back. Under the zone's lock; the caller counts. Return: NULL if none.
 */
struct page *zone_take_other(struct zone *zone, unsigned int order, enum migratetype mt,
			     unsigned int flags);

static inline struct page *zone_take(struct zone *zone, unsigned int order, enum migratetype mt,
				     unsigned int flags)
{
	struct page *page = buddy_take(&zone->buddy, order, mt);

	return likely(page) ? page : zone_take_other(zone, order, mt, flags);
}

/* Give a block back to the lists of its pageblock's type and count it; takes the lock. */
void zone_give_one(struct zone *zone, unsigned int cpu, struct page *page, unsigned int order);

/* Free frames with every CPU's difference folded in. */
long zone_free_exact(struct zone *zone);

/*
 * Whether the zone can serve a request: its order, mark, rank of its highest zone
 * and ALLOC_ flags. The fast form is for the first look (and knows that __GFP_ATOMIC
 * at order 0 and the min mark ignores the boost).
 */
bool zone_has(const struct zone *zone, unsigned int order, unsigned long mark, unsigned int highest,
	      unsigned int flags, long free_pages);
bool zone_has_fast(const struct zone *zone, unsigned int order, unsigned long mark,
		   unsigned int highest, unsigned int flags, gfp_t gfp);

/* Its parts: free frames that a request may not count on, and a mark as it is for it. */
long zone_unusable(const struct zone *zone, unsigned int order, unsigned int flags);
long zone_least(unsigned long mark, unsigned int flags);

/* Whether a block of at least @order is free that a request may have. */
bool zone_has_block(const struct zone *zone, unsigned int order, unsigned int flags);

/* min, low and high of a zone with @managed of @lowmem frames. Pure. */
void zone_marks(unsigned long min_free_kbytes, unsigned long scale_factor, unsigned long managed,
		unsigned long lowmem, bool is_highmem, unsigned long mark[NR_WMARK]);

/* vm.min_free_kbytes for @lowmem frames below HIGHMEM. Pure. */
unsigned long zone_min_free_kbytes(unsigned long lowmem);

/* Raise the marks after a partial steal. Return: whether they can be raised at all. */
bool zone_boost(struct zone *zone);

/* Count a request that wanted @preferred and got @nr frames here; @local: the caller's node. */
void zone_count_numa(struct zone_flow *flow, struct zone *preferred, const struct zone *zone,
		     int local, unsigned long nr);

#endif
