/* SPDX-License-Identifier: MIT */
#include "show_mem.h"

#include "pcp.h"
#include "swap.h"

#define KB(nr_pages) ((unsigned long)(nr_pages) << (PAGE_SHIFT - 10))

/* What a report says of LRU lists, of one node or of all. */
struct lru_counts {
	unsigned long nr[NR_LRU_LISTS];
	unsigned long isolated[2];
	unsigned long dirty;
};

static void lru_counts_add(struct lru_counts *counts, struct lru *lru)
{
	lock_take(&lru->lock);
	for (int i = 0; i < NR_LRU_LISTS; i++)
		counts->nr[i] += lru->nr[i];
	for (int i = 0; i < 2; i++)
		counts->isolated[i] += lru->nr_isolated[i];
	counts->dirty += lru->nr_dirty;
	lock_drop(&lru->lock);
}

static struct lru_counts lru_counts_of(struct page_room *room)
{
	struct lru_counts counts = { 0 };
	struct node *node;

	for_each_node(node, room)
		lru_counts_add(&counts, &node->lru);
	return counts;
}

static unsigned long stat_sum(struct page_room *room, enum node_stat item)
{
	unsigned long nr = 0;

	for (unsigned int nid = 0; nid < room->layout.nr_nodes; nid++)
		nr += node_stat(room->m, (int)nid, item);
	return nr;
}

static unsigned long pcp_pages(const struct zone *zone)
{
	unsigned long nr = 0;

	for (unsigned int cpu = 0; zone->pcp && cpu < zone->nr_cpus; cpu++)
		nr += READ_ONCE(zone->pcp[cpu].count);
	return nr;
}

static unsigned long free_pages_of(const struct zone *zone)
{
	return (unsigned long)max(READ_ONCE(zone->free_pages), 0L);
}

static void show_totals(struct page_room *room)
{
	struct lru_counts lru = lru_counts_of(room);
	unsigned long nr_free = 0, nr_pcp = 0;
	struct zone *zone;

	for_each_zone(zone, room) {
		nr_free += free_pages_of(zone);
		nr_pcp += pcp_pages(zone);
	}
	console_print("Mem-Info:\n"
		      "active_anon:%lu inactive_anon:%lu isolated_anon:%lu\n"
		      " active_file:%lu inactive_file:%lu isolated_file:%lu\n"
		      " unevictable:0 dirty:%lu writeback:0\n"
		      " slab_reclaimable:%lu slab_unreclaimable:%lu\n"
		      " mapped:0 shmem:0 pagetables:0\n"
		      " sec_pagetables:0 bounce:0\n"
		      " kernel_misc_reclaimable:%lu\n"
		      " free:%lu free_pcp:%lu free_cma:0\n",
		      lru.nr[LRU_ACTIVE_ANON], lru.nr[LRU_INACTIVE_ANON], lru.isolated[0],
		      lru.nr[LRU_ACTIVE_FILE], lru.nr[LRU_INACTIVE_FILE], lru.isolated[1],
		      lru.dirty, stat_sum(room, NR_SLAB_RECLAIMABLE),
		      stat_sum(room, NR_SLAB_UNRECLAIMABLE),
		      stat_sum(room, NR_KERNEL_MISC_RECLAIMABLE), nr_free, nr_pcp);
}

static void show_node(struct node *node)
{
	struct lru_counts lru = { 0 };

	if (!node->only[0])
		return;
	lru_counts_add(&lru, &node->lru);
	console_print("Node %d active_anon:%lukB inactive_anon:%lukB active_file:%lukB "
		      "inactive_file:%lukB unevictable:0kB isolated(anon):%lukB "
		      "isolated(file):%lukB mapped:0kB dirty:%lukB writeback:0kB shmem:0kB "
		      "shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB "
		      "kernel_stack:0kB pagetables:0kB sec_pagetables:0kB "
		      "all_unreclaimable? %s\n",
		      node->nid, KB(lru.nr[LRU_ACTIVE_ANON]), KB(lru.nr[LRU_INACTIVE_ANON]),
		      KB(lru.nr[LRU_ACTIVE_FILE]), KB(lru.nr[LRU_INACTIVE_FILE]),
		      KB(lru.isolated[0]), KB(lru.isolated[1]), KB(lru.dirty),
		      READ_ONCE(node->kswapd.failures) >= KSWAPD_MAX_FAILURES ? "yes" : "no");
}

static void add_zone(struct text *text, const struct zone *zone, const unsigned long *lru)
{
	unsigned int cpu = cpu_current(zone->room->m->params.nr_cpus);

	text_add(text,
		 "Node %d %s free:%lukB boost:%lukB min:%lukB low:%lukB high:%lukB "
		 "reserved_highatomic:%luKB active_anon:%lukB inactive_anon:%lukB "
		 "active_file:%lukB inactive_file:%lukB unevictable:0kB writepending:0kB "
		 "present:%lukB managed:%lukB mlocked:0kB bounce:0kB free_pcp:%lukB "
		 "local_pcp:%lukB free_cma:0kB\n",
		 zone->nid, zone->name, KB(free_pages_of(zone)),
		 KB(READ_ONCE(zone->watermark_boost)), KB(zone_mark(zone, WMARK_MIN)),
		 KB(zone_mark(zone, WMARK_LOW)), KB(zone_mark(zone, WMARK_HIGH)),
		 KB(READ_ONCE(zone->nr_reserved_highatomic)), KB(lru[LRU_ACTIVE_ANON]),
		 KB(lru[LRU_INACTIVE_ANON]), KB(lru[LRU_ACTIVE_FILE]), KB(lru[LRU_INACTIVE_FILE]),
		 KB(zone->present_pages), KB(zone->managed_pages), KB(pcp_pages(zone)),
		 zone->pcp ? KB(READ_ONCE(zone->pcp[cpu].count)) : 0);
}

/* One number for each zone that the machine's kernel would have: HIGHMEM only with highmem=. */
static void add_reserves(struct text *text, const struct zone *zone)
{
	text_add(text, "lowmem_reserve[]:");
	for (unsigned int rank = 0; rank < MAX_NR_ZONES; rank++) {
		if (rank != zone_ranks[ZONE_HIGHMEM] || zone->room->m->params.highmem_bytes)
			text_add(text, " %ld", zone->lowmem_reserve[rank]);
	}
	text_add(text, "\n");
}

static void show_zone(struct zone *zone)
{
	struct lru *lru = &zone->room->nodes[zone->nid].lru;
	unsigned long nr[NR_LRU_LISTS];
	char buf[1024];
	struct text text = text_on(buf, sizeof(buf));

	lock_take(&lru->lock);
	memcpy(nr, lru->zone_nr[zone->type], sizeof(nr));
	lock_drop(&lru->lock);
	add_zone(&text, zone, nr);
	add_reserves(&text, zone);
	console_print("%s", buf);
}

static void add_types(struct text *text, const struct buddy *buddy, unsigned int order)
{
	static const char letters[MIGRATE_TYPES] = "UMEHI";

	text_add(text, "(");
	for (int mt = 0; mt < MIGRATE_TYPES; mt++) {
		if (!buddy_is_empty(buddy, order, (enum migratetype)mt))
			text_add(text, "%c", letters[mt]);
	}
	text_add(text, ") ");
}

static void show_blocks(struct zone *zone)
{
	unsigned long total = 0;
	char buf[1024];
	struct text text = text_on(buf, sizeof(buf));

	text_add(&text, "Node %d %s: ", zone->nid, zone->name);
	lock_take(&zone->lock);
	for (unsigned int order = 0; order <= zone->buddy.max_order; order++) {
		unsigned long nr = zone->managed_pages ? zone->buddy.area[order].nr_free : 0;

		total += nr << order;
		text_add(&text, "%lu*%lukB ", nr, KB(1) << order);
		if (nr)
			add_types(&text, &zone->buddy, order);
	}
	lock_drop(&zone->lock);
	text_add(&text, "= %lukB\n", KB(total));
	console_print("%s", buf);
}

/* The zones that have memory, node by node, each node's from the lowest up. */
static void each_zone(struct page_room *room, void (*show)(struct zone *zone))
{
	struct node *node;

	for_each_node(node, room) {
		int nr = 0;

		while (node->only[nr])
			nr++;
		while (nr--)
			show(node->only[nr]);
	}
}

static void show_huge_pages(const struct node *node)
{
	static const unsigned long sizes_kb[] = { 1048576, 2048 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes_kb); i++)
		console_print("Node %d hugepages_total=0 hugepages_free=0 hugepages_surp=0 "
			      "hugepages_size=%lukB\n",
			      node->nid, sizes_kb[i]);
}

static void show_end(struct page_room *room)
{
	unsigned long present = 0, highmem = 0, reserved = 0;
	struct lru_counts lru = lru_counts_of(room);
	struct zone *zone;

	for_each_zone(zone, room) {
		present += zone->present_pages;
		reserved += zone->present_pages - zone->managed_pages;
		highmem += zone->type == ZONE_HIGHMEM ? zone->present_pages : 0;
	}
	console_print("%lu total pagecache pages\n"
		      "0 pages in swap cache\n"
		      "Free swap  = %lukB\n"
		      "Total swap = %lukB\n"
		      "%lu pages RAM\n"
		      "%lu pages HighMem/MovableOnly\n"
		      "%lu pages reserved\n",
		      lru.nr[LRU_ACTIVE_FILE] + lru.nr[LRU_INACTIVE_FILE] + lru.isolated[1],
		      KB(swap_left(room)), KB(room->swap_pages), present, highmem, reserved);
}

void show_mem(struct page_room *room)
{
	struct node *node;

	show_totals(room);
	for_each_node(node, room)
		show_node(node);
	each_zone(room, show_zone);
	each_zone(room, show_blocks);
	for_each_node(node, room)
		show_huge_pages(node);
	show_end(room);
}

void show_nodes(struct text *text, const unsigned long *nodemask)
{
	const char *comma = "";

	if (!nodemask) {
		text_add(text, "(null)");
		return;
	}
	for (unsigned int nid = 0; nid < LAYOUT_NODES; nid++) {
		unsigned int last = nid;

		if (!node_allows(nodemask, (int)nid))
			continue;
		while (last + 1 < LAYOUT_NODES && node_allows(nodemask, (int)last + 1))
			last++;
		text_add(text, "%s%u", comma, nid);
		if (last > nid)
			text_add(text, "-%u", last);
		comma = ",";
		nid = last;
	}
}

unsigned long show_memory_nodes(struct page_room *room)
{
	unsigned long nodes = 0;
	struct node *node;

	for_each_node(node, room)
		nodes |= (unsigned long)(node->only[0] != NULL) << node->nid;
	return nodes;
}

void show_mems_allowed(struct text *text, struct page_room *room)
{
	unsigned long nodes = show_memory_nodes(room);

	text_add(text, ",cpuset=/,mems_allowed=");
	show_nodes(text, &nodes);
}
