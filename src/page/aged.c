/* SPDX-License-Identifier: MIT */
#include "aged.h"
#include "request.h"

/* Lives without an end come after all that have one. */
#define DUE_NEVER (1UL << 62)

struct ageing {
	struct kalloc_fragmentation *frag;
	unsigned long now;   /* requests made */
	unsigned long limit; /* frames */
	unsigned long sum_of_weights;
	u32 *heap; /* slots: heap[i] is due no later than heap[2i + 1] and heap[2i + 2] */
	u32 nr;
	size_t bytes;
};

/* --- the heap ----------------------------------------------------------- */

static unsigned long due(const struct ageing *ageing, u32 at)
{
	return ageing->frag->slots[ageing->heap[at]].due;
}

static void swap(struct ageing *ageing, u32 a, u32 b)
{
	u32 slot = ageing->heap[a];

	ageing->heap[a] = ageing->heap[b];
	ageing->heap[b] = slot;
}

static void heap_push(struct ageing *ageing, u32 slot)
{
	u32 at = ageing->nr++;

	ageing->heap[at] = slot;
	while (at && due(ageing, at) < due(ageing, (at - 1) / 2)) {
		swap(ageing, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static u32 heap_pop(struct ageing *ageing)
{
	u32 first = ageing->heap[0], at = 0, child;

	ageing->heap[0] = ageing->heap[--ageing->nr];
	while ((child = 2 * at + 1) < ageing->nr) {
		if (child + 1 < ageing->nr && due(ageing, child + 1) < due(ageing, child))
			child++;
		if (due(ageing, at) <= due(ageing, child))
			break;
		swap(ageing, at, child);
		at = child;
	}
	return first;
}

/* --- lives -------------------------------------------------------------- */

static unsigned long nr_held(const struct kalloc_fragmentation *frag)
{
	unsigned long nr = 0;

	for (int mt = 0; mt < MIGRATE_PCPTYPES; mt++)
		nr += frag->nr_held[mt];
	return nr;
}

/*
 * End the life that is due first. Return: false if there is none, or another thread is just
 * moving its page: that ends a little later.
 */
static bool end_first(struct ageing *ageing)
{
	struct kalloc_fragmentation *frag = ageing->frag;
	u32 slot;

	if (!ageing->nr)
		return false;
	slot = heap_pop(ageing);
	if (holding_drop(frag, slot))
		return true;
	frag->slots[slot].due = ageing->now + 1;
	heap_push(ageing, slot);
	return false;
}

static void end_due(struct ageing *ageing)
{
	while (ageing->nr && due(ageing, 0) <= ageing->now) {
		if (!end_first(ageing))
			return;
	}
}

static bool make_room(struct ageing *ageing, unsigned int order)
{
	while (nr_held(ageing->frag) + (1UL << order) > ageing->limit) {
		if (!end_first(ageing))
			return false;
	}
	return true;
}

static unsigned long draw_due(struct ageing *ageing, unsigned int life)
{
	struct rand *rand = &ageing->frag->rand;

	if (!life)
		return DUE_NEVER + ageing->now + rand_below_long(rand, 2 * ageing->limit + 1);
	return ageing->now + 1 + rand_below_long(rand, 2UL * life - 1);
}

/* --- requests ----------------------------------------------------------- */

static const struct kalloc_fragment_size *draw_size(struct ageing *ageing)
{
	const struct kalloc_fragment_size *size = ageing->frag->profile.sizes;
	unsigned long at = rand_below_long(&ageing->frag->rand, ageing->sum_of_weights);

	while (at >= size->weight)
		at -= size++->weight;
	return size;
}

static struct page *request(struct zone *zone, enum migratetype mt, unsigned int order)
{
	struct zone *only[] = { zone, NULL };
	struct page_room *room = zone->room;
	const struct alloc_request req = {
		.room = room,
		.gfp = holding_gfp(mt),
		.order = order,
		.mt = mt,
		.highest = zone->rank,
		.cpu = cpu_current(room->m->params.nr_cpus),
		.local_nid = node_current(room->m),
		.zones = only,
		.preferred = zone,
	};

	return order > zone->buddy.max_order ? NULL : request_attempt_unnoted(&req, WMARK_MIN);
}

static void hold(struct ageing *ageing, struct page *page, unsigned int order, enum migratetype mt,
		 unsigned long end)
{
	struct kalloc_fragmentation *frag = ageing->frag;
	unsigned long nr = 1;

	if (mt == MIGRATE_MOVABLE && order) {
		split_page(page, order);
		nr = 1UL << order;
		order = 0;
	}
	for (; nr--; page++) {
		u32 slot = holding_add(frag, page, order, mt, false);

		frag->slots[slot].due = end;
		heap_push(ageing, slot);
	}
	holding_settle(frag);
}

static void step(struct ageing *ageing)
{
	struct kalloc_fragmentation *frag = ageing->frag;
	const struct kalloc_fragment_size *size = draw_size(ageing);
	enum migratetype mt = size->migratetype == KALLOC_FRAGMENT_BY_RATIO
				      ? holding_deal(frag)
				      : (enum migratetype)size->migratetype;
	unsigned long end = draw_due(ageing, size->life);
	struct page *page = NULL;

	end_due(ageing);
	if (make_room(ageing, size->order))
		page = request(frag->zone, mt, size->order);
	if (page)
		hold(ageing, page, size->order, mt, end);
	else
		frag->nr_failed++;
	ageing->now++;
}

int aged_run(struct kalloc_fragmentation *frag)
{
	struct kalloc_fragment_profile *profile = &frag->profile;
	struct ageing ageing = {
		.frag = frag,
		.limit = (unsigned long)((double)frag->nr_began * profile->fraction + 0.5),
		.bytes = pages_total(frag->zone->room->m) * sizeof(*ageing.heap),
	};

	for (unsigned int i = 0; i < profile->nr_sizes; i++)
		ageing.sum_of_weights += profile->sizes[i].weight;
	ageing.heap = map_alloc(ageing.bytes);
	if (!ageing.heap)
		return -ENOMEM;
	while (ageing.now < profile->steps)
		step(&ageing);
	map_free(ageing.heap, ageing.bytes);
	return 0;
}
