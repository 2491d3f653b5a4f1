// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME "> " fmt

#include "state.h"

#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pageblock-flags.h>
#include <linux/percpu.h>
#include <linux/vmalloc.h>

static unsigned long nr_blocks(struct zone *zone)
{
	return DIV_ROUND_UP(zone->spanned_pages, pageblock_nr_pages);
}

int state_init(struct state *state, struct zone *zone, int room_nid)
{
	/* No two entries begin at the same frame. */
	state->entries =
		vmalloc_node(array_size(zone->spanned_pages, sizeof(*state->entries)), room_nid);
	state->blocks = vmalloc_node(array_size(nr_blocks(zone), sizeof(*state->blocks)), room_nid);
	return state->entries && state->blocks ? 0 : -ENOMEM;
}

void state_fini(struct state *state)
{
	vfree(state->entries);
	vfree(state->blocks);
}

/* The kernel keeps this lookup to itself; the table it reads is within reach. */
static int block_type(unsigned long pfn)
{
	const unsigned long *flags = section_to_usemap(__pfn_to_section(pfn));
	unsigned long first = (pfn % PAGES_PER_SECTION >> pageblock_order) * NR_PAGEBLOCK_BITS;

	return flags[first / BITS_PER_LONG] >> first % BITS_PER_LONG & MIGRATETYPE_MASK;
}

static unsigned int count_movable(unsigned long pfn, unsigned long end)
{
	unsigned int nr_movable = 0;

	while (pfn < end) {
		struct page *page = pfn_to_page(pfn);

		if (PageBuddy(page)) {
			pfn += 1UL << page_private(page);
			continue;
		}
		if (PageLRU(page) || __PageMovable(page))
			nr_movable++;
		pfn++;
	}
	return nr_movable;
}

static void record_blocks(struct state *state, struct zone *zone)
{
	unsigned long pfn = zone->zone_start_pfn;
	unsigned long end = zone_end_pfn(zone);
	struct state_block *block = state->blocks;

	for (; pfn < end; pfn += pageblock_nr_pages, block++) {
		block->type = block_type(pfn);
		block->nr_movable = count_movable(pfn, min(pfn + pageblock_nr_pages, end));
	}
}

static void record_entry(struct state *state, struct page *page, bool on_cpu, int list, int type)
{
	state->entries[state->nr_entries++] = (struct state_entry){
		.pfn = page_to_pfn(page),
		.on_cpu = on_cpu,
		.list = list,
		.type = type,
	};
}

static void record_buddy_lists(struct state *state, struct zone *zone)
{
	struct page *page;
	int order, type;

	for (order = 0; order < MAX_ORDER; order++)
		for (type = 0; type < MIGRATE_TYPES; type++)
			list_for_each_entry(page, &zone->free_area[order].free_list[type],
					    buddy_list)
				record_entry(state, page, false, order, type);
}

static void record_cpu_lists(struct state *state, struct per_cpu_pages *cpu)
{
	struct page *page;
	int list;

	for (list = 0; list < NR_PCP_LISTS; list++)
		list_for_each_entry(page, &cpu->lists[list], pcp_list)
			record_entry(state, page, true, list, page->index);
}

void state_record(struct state *state, struct zone *zone)
{
	struct per_cpu_pages *cpu = this_cpu_ptr(zone->per_cpu_pageset);
	unsigned long irqs;

	spin_lock_irqsave(&zone->lock, irqs);
	state->nr_entries = 0;
	record_buddy_lists(state, zone);
	record_cpu_lists(state, cpu);
	record_blocks(state, zone);
	state->boost = zone->watermark_boost;
	state->nr_free = atomic_long_read(&zone->vm_stat[NR_FREE_PAGES]);
	state->nr_highatomic = zone->nr_reserved_highatomic;
	state->nr_isolate = zone->nr_isolate_pageblock;
	state->zone_flags = zone->flags;
	state->free_factor = cpu->free_factor;
	state->free_diff = this_cpu_ptr(zone->per_cpu_zonestats)->vm_stat_diff[NR_FREE_PAGES];
	state->cpu_count = cpu->count;
	spin_unlock_irqrestore(&zone->lock, irqs);
}

static void print_sizes(struct zone *zone, const struct state *after)
{
	const struct per_cpu_pages *cpu = raw_cpu_ptr(zone->per_cpu_pageset);

	pr_info("# zone %s start %lx spanned %lu present %lu managed %lu", zone->name,
		zone->zone_start_pfn, zone->spanned_pages, zone->present_pages,
		zone_managed_pages(zone));
	pr_cont(" min %lu low %lu high %lu", min_wmark_pages(zone), low_wmark_pages(zone),
		high_wmark_pages(zone));
	pr_cont(" pcp high %d batch %d count %d", cpu->high, cpu->batch, after->cpu_count);
	pr_cont(" wmin %lu wlow %lu whigh %lu thr %d", zone->_watermark[WMARK_MIN],
		zone->_watermark[WMARK_LOW], zone->_watermark[WMARK_HIGH],
		raw_cpu_ptr(zone->per_cpu_zonestats)->stat_threshold);
	pr_cont(" reserve_dma %ld reserve_dma32 %ld reserve_normal %ld reserve_movable %ld",
		zone->lowmem_reserve[ZONE_DMA], zone->lowmem_reserve[ZONE_DMA32],
		zone->lowmem_reserve[ZONE_NORMAL], zone->lowmem_reserve[ZONE_MOVABLE]);
	pr_cont(" max_order %d pageblock_order %d", MAX_ORDER, pageblock_order);
}

static void print_flag_values(void)
{
	pr_cont(" GFP_NOWAIT %x HIGH %x ATOMIC %x MOVABLE %x RECLAIMABLE %x", GFP_NOWAIT,
		(__force u32)__GFP_HIGH, (__force u32)__GFP_ATOMIC, (__force u32)__GFP_MOVABLE,
		(__force u32)__GFP_RECLAIMABLE);
	pr_cont(" MEMALLOC %x NOMEMALLOC %x THISNODE %x NOWARN %x", (__force u32)__GFP_MEMALLOC,
		(__force u32)__GFP_NOMEMALLOC, (__force u32)__GFP_THISNODE,
		(__force u32)__GFP_NOWARN);
}

static void print_values(const struct state *state, int end)
{
	pr_cont(" boost%d %lu ff%d %d diff%d %d gfree%d %lu ha%d %lu", end, state->boost, end,
		state->free_factor, end, state->free_diff, end, state->nr_free, end,
		state->nr_highatomic);
	pr_cont(" zflags%d %lx count%d %d isolate%d %lu", end, state->zone_flags, end,
		state->cpu_count, end, state->nr_isolate);
}

void state_print_header(struct zone *zone, const struct state *before, const struct state *after)
{
	print_sizes(zone, after);
	print_flag_values();
	pr_cont(" reserve_highatomic %lu", before->nr_highatomic);
	print_values(before, 0);
	print_values(after, 1);
	pr_cont("\n");
}

void state_print_blocks(struct zone *zone, const struct state *before, const struct state *after)
{
	unsigned long i;

	for (i = 0; i < nr_blocks(zone); i++)
		pr_info("B %lx %u %u %u\n", zone->zone_start_pfn + (i << pageblock_order),
			before->blocks[i].type, after->blocks[i].type,
			before->blocks[i].nr_movable);
}

void state_print_lists(const struct state *state, char letter)
{
	unsigned long i;

	for (i = 0; i < state->nr_entries; i++) {
		const struct state_entry *entry = &state->entries[i];

		pr_info("%c %d %u %u %x\n", letter, entry->on_cpu, entry->list, entry->type,
			entry->pfn);
	}
}
