/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "pcp.h"
#include "room.h"

unsigned int pcp_batch_for(unsigned long managed)
{
	unsigned long batch = min(managed >> 10, (1UL << 20) >> PAGE_SHIFT) / 4;

	batch = max(batch, 1UL);
	return max((unsigned int)rounddown_pow2(batch + batch / 2) - 1, 1u);
}

unsigned int pcp_high_for(unsigned long low_mark, unsigned int batch, unsigned int nr_local_cpus)
{
	return max((unsigned int)(low_mark / nr_local_cpus), batch * 4);
}

void pcp_init(struct pcp *pcp)
{
	*pcp = (struct pcp){ .batch = 1 };
	percpu_init(&pcp->part);
	for (unsigned int i = 0; i < PCP_LISTS; i++)
		list_init(&pcp->lists[i]);
}

/* Under the lock; reports read the count without it. */
static void count_add(struct pcp *pcp, int nr)
{
	WRITE_ONCE(pcp->count, pcp->count + (unsigned int)nr);
}

/* Move blocks from the zone to the tail of a list. Return: frames moved. */
static unsigned int refill(struct zone *zone, unsigned int cpu, const struct pcp_take *take,
			   struct list_head *list)
{
	unsigned int batch = zone->pcp[cpu].batch;
	unsigned int nr = batch > 1 ? max(batch >> take->order, 2u) : batch;
	unsigned int taken = 0, listed = 0;

	lock_take(&zone->lock);
	for (; taken < nr; taken++) {
		struct page *page = zone_take(zone, take->order, take->mt, take->flags);

		if (!page)
			break;
		if (unlikely(!frame_check_new(page)))
			continue;
		page->private = take->order;
		list_add_tail(&page->pcp_list, list);
		listed++;
	}
	zone_count_free(zone, cpu, -(long)((unsigned long)taken << take->order));
	lock_drop(&zone->lock);
	return listed << take->order;
}

static struct page *take_one(struct zone *zone, unsigned int cpu, const struct pcp_take *take)
{
	struct pcp *pcp = &zone->pcp[cpu];
	struct list_head *list = &pcp->lists[pcp_index(take->order, take->mt)];
	struct page *page;

	if (unlikely(list_empty(list))) {
		count_add(pcp, (int)refill(zone, cpu, take, list));
		if (list_empty(list))
			return NULL;
	}
	page = likely(!take->cold) ? list_first_entry(list, struct page, pcp_list)
				   : list_last_entry(list, struct page, pcp_list);
	list_del(&page->pcp_list);
	count_add(pcp, -(1 << take->order));
	return page;
}

static void count_taken(struct zone *zone, struct pcp *pcp, const struct pcp_take *take,
			unsigned long nr)
{
	pcp->flow.alloc_pages += nr << take->order;
	zone_count_numa(&pcp->flow, take->preferred, zone, take->local_nid, nr);
}

struct page *pcp_take(struct zone *zone, unsigned int cpu, const struct pcp_take *take)
{
	struct pcp *pcp = &zone->pcp[cpu];
	int home = percpu_enter(&pcp->part, RANK_PCP);
	struct page *page;

	if (unlikely(home == PERCPU_BUSY))
		return NULL;
	pcp->free_factor >>= 1;
	page = take_one(zone, cpu, take);
	if (likely(page))
		count_taken(zone, pcp, take, 1);
	percpu_leave(&pcp->part, RANK_PCP, home);
	return page;
}

unsigned long pcp_take_list(struct zone *zone, unsigned int cpu, const struct pcp_take *take,
			    unsigned long nr, struct list_head *list)
{
	struct pcp *pcp = &zone->pcp[cpu];
	int home = percpu_enter(&pcp->part, RANK_PCP);
	unsigned long got = 0;

	if (unlikely(home == PERCPU_BUSY))
		return 0;
	for (; got < nr; got++) {
		struct page *page = take_one(zone, cpu, take);

		if (!page)
			break;
		list_add_tail(&page->pcp_list, list);
	}
	if (got)
		count_taken(zone, pcp, take, got);
	percpu_leave(&pcp->part, RANK_PCP, home);
	return got;
}

/* The noted type, but nothing may slip out of a pageblock that was isolated since. */
static enum migratetype type_to_give(const struct zone *zone, const struct page *page)
{
	if (likely(!zone->nr_isolated_blocks))
		return frame_type(page);
	return block_type(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap));
}

/*
 * Give at least @nr frames back to the zone, first those of list @index. The range
 * of lists looked at narrows from both ends as they are found empty.
 */
static void give_back(struct zone *zone, unsigned int cpu, long nr, int index)
{
	struct pcp *pcp = &zone->pcp[cpu];
	int lowest = 0, highest = PCP_LISTS - 1;

	nr = min(nr, (long)pcp->count);
	index--;
	lock_take(&zone->lock);
	while (nr > 0) {
		struct list_head *list;
		unsigned int order;

		for (;;) {
			if (++index > highest)
				index = lowest;
			list = &pcp->lists[index];
			if (!list_empty(list))
				break;
			highest -= index == highest;
			lowest += index == lowest;
		}
		order = pcp_order((unsigned int)index);
		do {
			struct page *page = list_last_entry(list, struct page, pcp_list);

			list_del(&page->pcp_list);
			count_add(pcp, -(1 << order));
			nr -= 1L << order;
			zone_give(zone, cpu, page, order, type_to_give(zone, page));
		} while (nr > 0 && !list_empty(list));
	}
	lock_drop(&zone->lock);
}

/* How many frames to give back at @high. */
static long nr_to_give(struct pcp *pcp, unsigned int high, bool all)
{
	long batch = pcp->batch, most = (long)high - batch, nr;

	if (unlikely(all))
		return pcp->count;
	if (unlikely(high < pcp->batch))
		return 1;
	nr = batch << pcp->free_factor;
	if (nr < most && pcp->free_factor < PCP_FREE_FACTOR_MAX)
		pcp->free_factor++;
	return min(max(nr, batch), most);
}

void pcp_give(struct zone *zone, unsigned int cpu, struct page *page, unsigned int order, bool cold)
{
	struct pcp *pcp = &zone->pcp[cpu];
	enum migratetype mt = block_type(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap));
	unsigned int index, high;
	bool all;
	int home;

	frame_set_type(page, mt);
	page->private = order;
	home = mt == MIGRATE_ISOLATE ? PERCPU_BUSY : percpu_enter(&pcp->part, RANK_PCP);
	if (unlikely(home == PERCPU_BUSY)) {
		zone_give_one(zone, cpu, page, order);
		return;
	}
	index = pcp_index(order, mt < MIGRATE_PCPTYPES ? mt : MIGRATE_MOVABLE);
	if (likely(!cold))
		list_add(&page->pcp_list, &pcp->lists[index]);
	else
		list_add_tail(&page->pcp_list, &pcp->lists[index]);
	count_add(pcp, 1 << order);
	pcp->flow.free_pages += 1UL << order;

	/* Blocks of orders 1..3 in a row of frees would fragment the zone: let them all go. */
	all = pcp->free_factor && order && order <= PAGE_ALLOC_COSTLY_ORDER;
	high = all ? 0 : pcp->high;
	if (unlikely(pcp->count >= high))
		give_back(zone, cpu, nr_to_give(pcp, high, all), (int)index);
	percpu_leave(&pcp->part, RANK_PCP, home);
}

void pcp_drain(struct zone *zone, unsigned int cpu)
{
	struct pcp *pcp = &zone->pcp[cpu];
	int home = percpu_enter(&pcp->part, RANK_PCP);

	/* Another CPU's, or in use: more ado. */
	if (home == PERCPU_BUSY)
		pcp_hold(pcp);
	if (pcp->count)
		give_back(zone, cpu, pcp->count, 0);
	if (home == PERCPU_BUSY)
		pcp_release(pcp);
	else
		percpu_leave(&pcp->part, RANK_PCP, home);
}

void pcp_hold(struct pcp *pcp)
{
	int claim = percpu_claim_new();

	if (CHECK_LEVEL >= 1)
		lock_check_take(RANK_PCP);
	if (percpu_claim_begin(&pcp->part, claim))
		rseq_fence();
	percpu_claim_end(&pcp->part, claim);
}

void pcp_release(struct pcp *pcp)
{
	if (CHECK_LEVEL >= 1)
		lock_check_drop(RANK_PCP);
	percpu_unclaim(&pcp->part);
}

bool pcp_ok(const struct pcp *pcp)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < PCP_LISTS; i++) {
		const struct page *page;

		if (!list_ok(&pcp->lists[i]))
			return false;
		list_for_each_entry(page, &pcp->lists[i], pcp_list)
			count += 1u << pcp_order(i);
	}
	return count == pcp->count;
}
