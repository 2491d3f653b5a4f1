/* SPDX-License-Identifier: MIT */
/* Booting, halting and forking the room, and the knobs that set its marks. */
#include "block.h"
#include "fragment.h"
#include "kasan.h"
#include "owner.h"
#include "pcp.h"
#include "quick.h"
#include "room.h"
#include "shrinker.h"
#include "trace_page.h"

const unsigned int lowmem_reserve_ratio[MAX_NR_ZONES] = {
	[ZONE_DMA] = 256,
	[ZONE_DMA32] = 256,
	[ZONE_NORMAL] = 32,
};

static unsigned int block_order_of(const struct machine_params *params)
{
	return min((unsigned int)params->max_order, (unsigned int)BLOCK_ORDER);
}

size_t page_linear_bytes(const struct machine_params *params)
{
	struct layout layout;

	return layout_of(params, &layout) ? 0 : layout.max_linear_pfn << PAGE_SHIFT;
}

size_t page_slots_bytes(const struct machine_params *params)
{
	return (size_t)kmap_count(params) << PAGE_SHIFT;
}

/* The first frame that the buddy system is given of a zone; not below its end: none is. */
static unsigned long first_managed(const struct layout_zone *range)
{
	return max(range->start, PFN_MANAGED);
}

/* Lists of CPUs for all zones that have frames. */
static unsigned long count_pcps(const struct layout *layout, const struct machine_params *params)
{
	unsigned long nr_zones = 0;

	for (unsigned int nid = 0; nid < layout->nr_nodes; nid++) {
		for (int type = 0; type < MAX_NR_ZONES; type++) {
			const struct layout_zone *range = &layout->zone[nid][type];

			nr_zones += first_managed(range) < range->end;
		}
	}
	return nr_zones * params->nr_cpus;
}

/* What the room has of the machine's tables. */
struct page_cut {
	struct page_room *room;
	struct zone **lists; /* of each node in turn */
	struct pcp *pcps;
	struct kmap_slot *slots;
	struct pageblock *blocks;
	struct page *vmemmap;
};

static struct page_cut page_cut(const struct layout *layout, const struct machine_params *params,
				struct tables *tables)
{
	size_t room_bytes = sizeof(struct page_room) + layout->nr_nodes * sizeof(struct node);
	size_t list_bytes = node_list_max(layout->nr_nodes) * sizeof(struct zone *);
	size_t nr_blocks = (layout->max_pfn >> block_order_of(params)) + 1;

	return (struct page_cut){
		.room = table_cut(tables, room_bytes),
		.lists = table_cut(tables, layout->nr_nodes * list_bytes),
		.pcps = table_cut(tables, count_pcps(layout, params) * sizeof(struct pcp)),
		.slots = table_cut(tables, kmap_count(params) * sizeof(struct kmap_slot)),
		/* Booting touches these two: they lie near the small ones. */
		.blocks = table_cut_large(tables, nr_blocks * sizeof(struct pageblock)),
		.vmemmap = table_cut_large(tables, layout->max_pfn * sizeof(struct page)),
	};
}

void page_measure(const struct kalloc_machine *m, struct tables *tables)
{
	struct layout layout;

	if (!layout_of(&m->params, &layout))
		page_cut(&layout, &m->params, tables);
}

static struct zone *zone_ranked(struct node *node, unsigned int rank)
{
	for (int type = 0; type < MAX_NR_ZONES; type++) {
		if (zone_ranks[type] == rank)
			return &node->zones[type];
	}
	return NULL;
}

static void set_reserves(struct node *node)
{
	for (unsigned int rank = 0; rank < MAX_NR_ZONES; rank++) {
		struct zone *zone = zone_ranked(node, rank);
		unsigned int ratio = lowmem_reserve_ratio[zone->type];
		unsigned long above = 0;

		for (unsigned int j = rank + 1; j < MAX_NR_ZONES; j++) {
			above += zone_ranked(node, j)->managed_pages;
			WRITE_ONCE(zone->lowmem_reserve[j],
				   ratio && zone->managed_pages ? (long)(above / ratio) : 0);
		}
	}
}

static unsigned long lowmem_pages(struct page_room *room)
{
	unsigned long nr = 0;
	struct zone *zone;

	for_each_zone(zone, room)
		nr += zone->type == ZONE_HIGHMEM ? 0 : zone->managed_pages;
	return nr;
}

void room_set_marks(struct page_room *room)
{
	unsigned long lowmem = lowmem_pages(room);
	struct node *node;
	struct zone *zone;

	for_each_zone(zone, room) {
		unsigned long mark[NR_WMARK];
		unsigned int nr_cpus;

		if (!zone->managed_pages)
			continue;
		zone_marks(room->min_free_kbytes, room->watermark_scale_factor, zone->managed_pages,
			   lowmem, zone->type == ZONE_HIGHMEM, mark);
		lock_take(&zone->lock);
		for (int i = 0; i < NR_WMARK; i++)
			WRITE_ONCE(zone->_watermark[i], mark[i]);
		WRITE_ONCE(zone->watermark_boost, 0);
		lock_drop(&zone->lock);

		nr_cpus = room->nodes[zone->nid].nr_cpus ?: zone->nr_cpus;
		for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++) {
			struct pcp *pcp = &zone->pcp[cpu];

			pcp_hold(pcp);
			pcp->batch = pcp_batch_for(zone->managed_pages);
			pcp->high = pcp_high_for(mark[WMARK_LOW], pcp->batch, nr_cpus);
			pcp_release(pcp);
		}
	}
	for_each_node(node, room)
		set_reserves(node);
}

/* How far a CPU's free count may differ from what is folded in. */
static unsigned int stat_threshold(unsigned long managed, unsigned long nr_cpus)
{
	unsigned int mem = fls_long(managed >> (27 - PAGE_SHIFT));

	return min(2 * fls_long(nr_cpus) * (1 + mem), ZONE_STAT_THRESHOLD_MAX);
}

static void zone_boot(struct page_room *room, struct zone *zone, int nid, enum zone_type type,
		      const struct page_cut *cut)
{
	const struct layout_zone *range = &room->layout.zone[nid][type];
	struct kalloc_machine *m = room->m;
	struct buddy *buddy = &zone->buddy;
	unsigned long first = first_managed(range);

	zone->name = zone_names[type];
	zone->type = type;
	zone->rank = zone_ranks[type];
	zone->nid = nid;
	zone->room = room;
	zone->zone_start_pfn = range->end > range->start ? range->start : 0;
	zone->spanned_pages = range->end - range->start;
	zone->present_pages = layout_present(&room->layout, range->start, range->end);
	lock_init(&zone->lock, RANK_ZONE);
	lock_init(&zone->compact.lock, RANK_COMPACT);
	if (first >= range->end)
		return;

	zone->managed_pages = layout_present(&room->layout, first, range->end);
	zone->free_pages = (long)zone->managed_pages;
	zone->nr_cpus = (unsigned int)m->params.nr_cpus;
	zone->stat_threshold = stat_threshold(zone->managed_pages, zone->nr_cpus);

	buddy_init(buddy, cut->vmemmap, range->start, range->end);
	buddy->blocks = cut->blocks;
	buddy_set_orders(buddy, (unsigned int)m->params.max_order, block_order_of(&m->params));
	buddy->frame_flags = frame_flags(nid, type);
	if (range->start <= PFN_BELOW_HOLE && range->end > PFN_DMA32_END) {
		buddy->hole_start = PFN_BELOW_HOLE;
		buddy->hole_end = PFN_DMA32_END;
	}
	buddy_fill(buddy, first, range->end);
}

/* The per-CPU lists of all zones that have frames lie in one block. */
static void pcps_boot(struct page_room *room, struct pcp *pcp)
{
	struct zone *zone;

	room->pcp_block = pcp;
	for_each_zone(zone, room) {
		if (!zone->managed_pages)
			continue;
		zone->pcp = pcp;
		for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++)
			pcp_init(pcp++);
	}
	room->nr_pcps = (unsigned long)(pcp - room->pcp_block);
}

/* Map the machine's memory, its holes and HIGHMEM left out. */
static int map_linear(struct page_room *room, const struct ram *ram)
{
	const struct layout *layout = &room->layout;
	char *linear = room->m->linear;
	unsigned long end = layout->max_linear_pfn, low = min(layout->low_end, end);
	int err;

	if (end <= PFN_DMA32_END)
		return ram_map(ram, linear, 0, low << PAGE_SHIFT);
	/* For the host this is less work than a mapping on each side of the hole. */
	err = ram_map(ram, linear, 0, end << PAGE_SHIFT);
	return err ?: ram_hide(linear + (low << PAGE_SHIFT), (PFN_DMA32_END - low) << PAGE_SHIFT);
}

static int ram_boot(struct page_room *room)
{
	int err = ram_create(&room->ram, room->layout.max_pfn << PAGE_SHIFT,
			     room->m->params.ram_private);

	if (err)
		return err;
	err = map_linear(room, &room->ram);
	if (!err && room->m->params.page_owner)
		err = owner_boot(room->m, room->layout.max_pfn);
	if (err)
		ram_destroy(&room->ram);
	return err;
}

static void room_init(struct page_room *room, struct kalloc_machine *m)
{
	room->m = m;
	room->watermark_scale_factor = 10;
	room->watermark_boost_factor = 15000;
	room->warn_limit = (struct ratelimit){ .interval_ms = 10000, .burst = 1 };
	lock_init(&room->knob_lock, RANK_NONE);
	lock_init(&room->fragment_lock, RANK_FRAGMENT);
	list_init(&room->fragmentations);
	lock_init(&room->daemon_lock, RANK_NONE);
	lock_init(&room->shrinker_lock, RANK_SHRINKER);
	list_init(&room->shrinkers);
	oom_init(&room->oom);
	room->swap_pages = room->swap_free = m->params.swap_bytes >> PAGE_SHIFT;
}

static void nodes_boot(struct page_room *room, const struct page_cut *cut)
{
	const struct machine_params *params = &room->m->params;
	unsigned int nr_nodes = room->layout.nr_nodes;

	for (unsigned int nid = 0; nid < nr_nodes; nid++) {
		struct node *node = &room->nodes[nid];

		node->nid = (int)nid;
		node->fallback = cut->lists + nid * node_list_max(nr_nodes);
		lru_init(&node->lru);
		node->nr_cpus = node_cpus(nid, nr_nodes, params->nr_cpus);
		for (int type = 0; type < MAX_NR_ZONES; type++)
			zone_boot(room, &node->zones[type], (int)nid, (enum zone_type)type, cut);
	}
	pcps_boot(room, cut->pcps);
	node_link(params, room->nodes, nr_nodes);
}

int page_boot(struct kalloc_machine *m)
{
	struct layout layout;
	struct page_room *room;
	struct page_cut cut;
	int err = layout_of(&m->params, &layout);

	if (err)
		return err;
	cut = page_cut(&layout, &m->params, &m->tables);
	m->vmemmap = cut.vmemmap;
	room = cut.room;
	room->layout = layout;
	room_init(room, m);
	kmap_init(&room->kmap, kmap_count(&m->params), cut.slots, m->slots);
	err = ram_boot(room);
	if (err)
		return err;
	m->page = room;
	m->node_stats = room->stats;
	nodes_boot(room, &cut);
	quick_boot(room);
	trace_page_follow(m);
	trace_follow(m, trace_page_follow);
	room->min_free_kbytes = zone_min_free_kbytes(lowmem_pages(room));
	room_set_marks(room);
	return 0;
}

/* Others may get these addresses from the host. What was never used is open. */
static void open_all(struct page_room *room)
{
	struct zone *zone;

	for_each_zone(zone, room) {
		const struct buddy *buddy = &zone->buddy;
		bool has_virgin = buddy_has_virgin(buddy);
		unsigned long used_end = has_virgin ? buddy->virgin_pfn : buddy->end_pfn;
		unsigned long next = has_virgin ? buddy->virgin_end : buddy->end_pfn;

		kasan_open_frames(room->m, buddy->start_pfn, used_end - buddy->start_pfn);
		kasan_open_frames(room->m, next, buddy->end_pfn - next);
	}
}

void page_halt(struct kalloc_machine *m)
{
	fragment_halt(m->page);
	if (kasan_is_on(m))
		open_all(m->page);
	owner_halt(m);
	ram_destroy(&m->page->ram);
	m->page = NULL;
}

#define for_each_pcp(pcp, room) \
	for (pcp = (room)->pcp_block; pcp < (room)->pcp_block + (room)->nr_pcps; pcp++)

void page_freeze(struct kalloc_machine *m)
{
	struct page_room *room = m->page;
	int claim = percpu_claim_new();
	struct node *node;
	struct zone *zone;
	struct pcp *pcp;

	lock_take_nested(&room->knob_lock);
	lock_take_nested(&room->fragment_lock);
	lock_take_nested(&room->shrinker_lock);
	lock_take_nested(&room->oom.lock);
	for_each_node(node, room)
		lock_take_nested(&node->lru.lock);
	for_each_zone(zone, room)
		lock_take_nested(&zone->compact.lock);
	lock_take_nested(&room->kmap.lock);
	for_each_pcp(pcp, room) percpu_claim_begin(&pcp->part, claim);
	rseq_fence();
	for_each_pcp(pcp, room) percpu_claim_end(&pcp->part, claim);
	for_each_zone(zone, room)
		lock_take_nested(&zone->lock);
}

void page_thaw(struct kalloc_machine *m)
{
	struct page_room *room = m->page;
	struct node *node;
	struct zone *zone;
	struct pcp *pcp;

	for_each_zone(zone, room)
		lock_drop(&zone->lock);
	for_each_pcp(pcp, room) percpu_unclaim(&pcp->part);
	lock_drop(&room->kmap.lock);
	for_each_zone(zone, room)
		lock_drop(&zone->compact.lock);
	for_each_node(node, room)
		lock_drop(&node->lru.lock);
	lock_drop(&room->oom.lock);
	lock_drop(&room->shrinker_lock);
	lock_drop(&room->fragment_lock);
	lock_drop(&room->knob_lock);
}

int page_ram_copy(struct kalloc_machine *m, struct ram *copy)
{
	return ram_copy(&m->page->ram, copy);
}

int page_ram_replace(struct kalloc_machine *m, const struct ram *copy)
{
	struct page_room *room = m->page;
	int err = map_linear(room, copy);

	if (!err)
		err = kmap_remap(&room->kmap, copy);
	if (err)
		return err;
	ram_destroy(&room->ram);
	room->ram = *copy;
	kswapd_forget_run(room);
	shrinker_forget_calls(room);
	oom_forget_run(&room->oom);
	return 0;
}

const struct ram *page_ram(const struct kalloc_machine *m)
{
	return &m->page->ram;
}
