/* SPDX-License-Identifier: MIT */
#include "meminfo.h"
#include "formats.h"
#include "vmap.h"
#include "zones.h"

/* vm.overcommit_ratio, percent of memory that may be committed. */
#define OVERCOMMIT_RATIO 50

static unsigned long kb_of(unsigned long nr_pages)
{
	return nr_pages << (PAGE_SHIFT - 10);
}

static bool line_is_highmem(unsigned int line)
{
	return line >= MEMINFO_HIGH_TOTAL && line <= MEMINFO_LOW_FREE;
}

void meminfo_format(struct text *text, const struct meminfo *info, bool has_highmem)
{
	static const struct {
		const char *label;
		const char *unit;
	} lines[NR_MEMINFO_LINES] = {
#define MEMINFO_ROW(id, label, unit) { label, unit },
		MEMINFO_LINES(MEMINFO_ROW)
#undef MEMINFO_ROW
	};

	for (unsigned int i = 0; i < NR_MEMINFO_LINES; i++) {
		if (has_highmem || !line_is_highmem(i))
			text_add(text, "%-16s%8lu%s\n", lines[i].label, info->value[i],
				 lines[i].unit);
	}
}

/* What no request may take from a zone: its high mark and its reserve for lower requests. */
static unsigned long zone_reserve(const struct zone *zone)
{
	long most = 0;

	for (unsigned int rank = zone->rank; rank < MAX_NR_ZONES; rank++)
		most = max(most, zone->lowmem_reserve[rank]);
	return min((unsigned long)most + zone_mark(zone, WMARK_HIGH), zone->managed_pages);
}

/* About half of what can be given up is given up easily. */
static unsigned long easy_part(unsigned long nr_pages, unsigned long low)
{
	return nr_pages - min(nr_pages / 2, low);
}

unsigned long meminfo_available(unsigned long free, unsigned long pagecache,
				unsigned long reclaimable, unsigned long low, unsigned long reserve)
{
	unsigned long have = free + easy_part(pagecache, low) + easy_part(reclaimable, low);

	return have > reserve ? have - reserve : 0;
}

static unsigned long pages_available(struct page_room *room, const struct items *items)
{
	const unsigned long *value = items->value;
	unsigned long low = 0, reserve = 0;
	struct zone *zone;

	for_each_zone(zone, room) {
		lock_take(&zone->lock);
		low += zone_mark(zone, WMARK_LOW);
		reserve += zone_reserve(zone);
		lock_drop(&zone->lock);
	}
	return meminfo_available(value[ITEM_nr_free_pages],
				 value[ITEM_nr_active_file] + value[ITEM_nr_inactive_file],
				 value[ITEM_nr_slab_reclaimable] +
					 value[ITEM_nr_kernel_misc_reclaimable],
				 low, reserve);
}

/* What reclaim works on. */
static void add_lru(struct meminfo *info, const struct items *items, const struct page_room *room)
{
	unsigned long *value = info->value;

	value[MEMINFO_CACHED] = kb_of(items->value[ITEM_nr_file_pages]);
	value[MEMINFO_ACTIVE_ANON] = kb_of(items->value[ITEM_nr_active_anon]);
	value[MEMINFO_INACTIVE_ANON] = kb_of(items->value[ITEM_nr_inactive_anon]);
	value[MEMINFO_ACTIVE_FILE] = kb_of(items->value[ITEM_nr_active_file]);
	value[MEMINFO_INACTIVE_FILE] = kb_of(items->value[ITEM_nr_inactive_file]);
	value[MEMINFO_ACTIVE] = value[MEMINFO_ACTIVE_ANON] + value[MEMINFO_ACTIVE_FILE];
	value[MEMINFO_INACTIVE] = value[MEMINFO_INACTIVE_ANON] + value[MEMINFO_INACTIVE_FILE];
	value[MEMINFO_SWAP_TOTAL] = kb_of(room->swap_pages);
	value[MEMINFO_SWAP_FREE] = kb_of(READ_ONCE(room->swap_free));
	value[MEMINFO_DIRTY] = kb_of(items->value[ITEM_nr_dirty]);
	value[MEMINFO_ANON_PAGES] = kb_of(items->value[ITEM_nr_anon_pages]);
}

static void add_totals(struct meminfo *info, struct page_room *room)
{
	unsigned long present = 0;
	struct zone *zone;

	for_each_zone(zone, room) {
		struct items items = { { 0 } };
		bool is_high = zone->type == ZONE_HIGHMEM;

		items_add_zone(&items, zone);
		info->value[is_high ? MEMINFO_HIGH_TOTAL : MEMINFO_LOW_TOTAL] +=
			kb_of(zone->managed_pages);
		info->value[is_high ? MEMINFO_HIGH_FREE : MEMINFO_LOW_FREE] +=
			kb_of(items.value[ITEM_nr_free_pages]);
		present += is_high ? 0 : zone->present_pages;
	}
	info->value[MEMINFO_MEM_TOTAL] =
		info->value[MEMINFO_HIGH_TOTAL] + info->value[MEMINFO_LOW_TOTAL];
	info->value[MEMINFO_DIRECT_MAP_4K] = kb_of(present);
}

static void meminfo_copy(struct meminfo *info, struct kalloc_machine *m)
{
	unsigned long *value = info->value;
	struct items items;

	*info = (struct meminfo){ { 0 } };
	items_of_machine(&items, m);
	add_totals(info, m->page);
	add_lru(info, &items, m->page);

	value[MEMINFO_MEM_FREE] = kb_of(items.value[ITEM_nr_free_pages]);
	value[MEMINFO_MEM_AVAILABLE] = kb_of(pages_available(m->page, &items));
	value[MEMINFO_S_RECLAIMABLE] = kb_of(items.value[ITEM_nr_slab_reclaimable]);
	value[MEMINFO_S_UNRECLAIM] = kb_of(items.value[ITEM_nr_slab_unreclaimable]);
	value[MEMINFO_SLAB] = value[MEMINFO_S_RECLAIMABLE] + value[MEMINFO_S_UNRECLAIM];
	value[MEMINFO_K_RECLAIMABLE] =
		value[MEMINFO_S_RECLAIMABLE] + kb_of(items.value[ITEM_nr_kernel_misc_reclaimable]);
	value[MEMINFO_COMMIT_LIMIT] =
		kb_of(pages_total(m) * OVERCOMMIT_RATIO / 100 + m->page->swap_pages);
	value[MEMINFO_VMALLOC_TOTAL] = (unsigned long)(m->vmalloc_end - m->vmalloc_start) >> 10;
	value[MEMINFO_VMALLOC_USED] = kb_of(vmap_nr_vmalloc(m));
	value[MEMINFO_HUGE_PAGE_SIZE] = 2048;
}

void meminfo_show(struct text *text, struct kalloc_machine *m)
{
	struct meminfo info;

	meminfo_copy(&info, m);
	meminfo_format(text, &info, zones_have_highmem(m->page));
}
