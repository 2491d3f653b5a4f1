/* SPDX-License-Identifier: MIT */
#include "halves.h"
#include "note.h"
#include "pcp.h"
#include "room.h"
#include "trace_page.h"

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

static cold_path void note_refill(const struct zone *zone, unsigned int cpu,
				  const struct pcp_take *take, int split, unsigned long pages)
{
	explain_add(&(const struct kalloc_note){
		.kind = KALLOC_NOTE_REFILL,
		.refill = { .zone = zone->name,
			    .type = migratetype_names[take->mt],
			    .nid = zone->nid,
			    .cpu = cpu,
			    .order = take->order,
			    .split = split,
			    .pages = pages },
	});
}

/* Tell of the last @nr blocks on a list. */
static never_inline void tell_taken(const struct zone *zone, const struct pcp_take *take,
				    const struct list_head *list, unsigned int nr)
{
	struct kalloc_machine *m = zone->room->m;
	const struct list_head *link = list;
	u64 now = trace_stamp(m);

	while (nr--)
		link = link->prev;
	for (; link != list; link = link->next)
		trace_page_taken(m, now, list_entry(link, struct page, pcp_list), take->order,
				 take->mt);
}

/* Move blocks from the zone to the tail of a list. Return: frames moved. */
static always_inline unsigned int refill_as(struct zone *zone, unsigned int cpu,
					    const struct pcp_take *take, struct list_head *list,
					    const bool noted)
{
	unsigned int batch = zone->pcp[cpu].batch;
	unsigned int nr = batch > 1 ? max(batch >> take->order, 2u) : batch;
	unsigned int taken = 0, listed = 0;
	struct list_head *last = list->prev;
	int split = -1;

	lock_take(&zone->lock);
	if (noted)
		split = note_source(&zone->buddy, take->order, take->mt);
	for (; taken < nr; taken++) {
		struct page *page = halves_take(&zone->buddy, take->order, take->mt);

		if (unlikely(!page))
			page = buddy_take_virgin(&zone->buddy, take->order, take->mt);
		if (unlikely(!page))
			page = zone_take_other(zone, take->order, take->mt, take->flags);
		if (!page)
			break;
		if (unlikely(!frame_is_new(page))) {
			frame_clear_free(page);
			frame_refuse_new(page);
			continue;
		}
		WRITE_ONCE(page->page_type, FRAME_TYPE_NONE);
		frame_set_type(page, take->mt);
		page->private = take->order;
		page->pcp_list.prev = last;
		WRITE_ONCE(last->next, &page->pcp_list);
		last = &page->pcp_list;
		listed++;
	}
	WRITE_ONCE(last->next, list);
	list->prev = last;
	if (unlikely(zone->tells))
		tell_taken(zone, take, list, listed);
	zone_count_free(zone, cpu, -(long)((unsigned long)taken << take->order));
	lock_drop(&zone->lock);
	if (noted)
		note_refill(zone, cpu, take, split, (unsigned long)listed << take->order);
	return listed << take->order;
}

static cold_path unsigned int refill_noted(struct zone *zone, unsigned int cpu,
					   const struct pcp_take *take, struct list_head *list)
{
	return refill_as(zone, cpu, take, list, true);
}

static unsigned int refill(struct zone *zone, unsigned int cpu, const struct pcp_take *take,
			   struct list_head *list)
{
	return unlikely(explain_on()) ? refill_noted(zone, cpu, take, list)
				      : refill_as(zone, cpu, take, list, false);
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

/* From the head of a list, while it and the slots last. Return: how many slots are full now. */
static unsigned long fill_from(struct list_head *list, struct page **slots, unsigned long nr,
			       unsigned long *got)
{
	struct list_head *at = list->next;
	unsigned long i = 0;

	for (; i < nr && at != list; i++) {
		if (!slots[i]) {
			slots[i] = list_entry(at, struct page, pcp_list);
			at = at->next;
			list_init(&slots[i]->pcp_list);
			frame_hand_out(slots[i]);
			++*got;
		}
	}
	WRITE_ONCE(list->next, at);
	at->prev = list;
	return i;
}

static unsigned long fill_cold(struct zone *zone, unsigned int cpu, const struct pcp_take *take,
			       struct page **slots, unsigned long nr, unsigned long *got)
{
	for (unsigned long i = 0; i < nr; i++) {
		if (slots[i])
			continue;
		slots[i] = take_one(zone, cpu, take);
		if (!slots[i])
			return i;
		frame_hand_out(slots[i]);
		++*got;
	}
	return nr;
}

static unsigned long fill_hot(struct zone *zone, unsigned int cpu, const struct pcp_take *take,
			      struct page **slots, unsigned long nr, unsigned long *got)
{
	struct pcp *pcp = &zone->pcp[cpu];
	struct list_head *list = &pcp->lists[pcp_index(0, take->mt)];
	unsigned long i = fill_from(list, slots, nr, got);

	count_add(pcp, -(int)*got);
	while (i < nr) {
		unsigned long before = *got;

		count_add(pcp, (int)refill(zone, cpu, take, list));
		if (list_empty(list))
			break;
		i += fill_from(list, slots + i, nr - i, got);
		count_add(pcp, -(int)(*got - before));
	}
	return i;
}

unsigned long pcp_fill(struct zone *zone, unsigned int cpu, const struct pcp_take *take,
		       struct page **slots, unsigned long nr)
{
	struct pcp *pcp = &zone->pcp[cpu];
	int home = percpu_enter(&pcp->part, RANK_PCP);
	unsigned long got = 0;

	if (unlikely(home == PERCPU_BUSY))
		return 0;
	nr = likely(!take->cold) ? fill_hot(zone, cpu, take, slots, nr, &got)
				 : fill_cold(zone, cpu, take, slots, nr, &got);
	if (got)
		count_taken(zone, pcp, take, got);
	percpu_leave(&pcp->part, RANK_PCP, home);
	return nr;
}

/* The noted type, but nothing may slip out of a pageblock that was isolated since. */
static enum migratetype type_to_give(const struct zone *zone, const struct page *page)
{
	if (likely(!zone->nr_isolated_blocks))
		return frame_type(page);
	return block_type(&zone->buddy, (unsigned long)(page - zone->buddy.vmemmap));
}

/* Tell of the blocks that give_list() is about to give back. */
static never_inline void tell_given(const struct zone *zone, const struct list_head *list, long nr,
				    unsigned int order)
{
	struct kalloc_machine *m = zone->room->m;
	const struct list_head *at = list->prev;
	u64 now = trace_stamp(m);

	for (; nr > 0 && at != list; at = at->prev, nr -= 1L << order) {
		const struct page *page = list_entry(at, struct page, pcp_list);

		TRACE_AT(m, now, mm_page_pcpu_drain, .pfn = pfn_of(m, page), .order = order,
			 .migratetype = type_to_give(zone, page));
	}
}

/*
 * Give blocks of one list back, from its tail on, until that are @nr frames or it is empty.
 * Under the zone's lock. Return: how many frames.
 */
static long give_list(struct zone *zone, unsigned int cpu, long nr, unsigned int index)
{
	struct pcp *pcp = &zone->pcp[cpu];
	struct list_head *list = &pcp->lists[index], *at = list->prev;
	unsigned int order = pcp_order(index);
	long block = 1L << order, given = 0;

	if (unlikely(zone->tells))
		tell_given(zone, list, nr, order);
	do {
		struct page *page = list_entry(at, struct page, pcp_list);

		at = at->prev;
		/* If it becomes part of its buddy's block nobody else says that it is on no list. */
		page->pcp_list = (struct list_head){ NULL, NULL };
		given += block;
		zone_give(zone, cpu, page, order, type_to_give(zone, page));
	} while (given < nr && at != list);
	list->prev = at;
	WRITE_ONCE(at->next, list);
	count_add(pcp, -(int)given);
	return given;
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
		for (;;) {
			if (++index > highest)
				index = lowest;
			if (!list_empty(&pcp->lists[index]))
				break;
			highest -= index == highest;
			lowest += index == lowest;
		}
		nr -= give_list(zone, cpu, nr, (unsigned int)index);
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
