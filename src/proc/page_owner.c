/* SPDX-License-Identifier: MIT */
#include "page_owner.h"

#include "block.h"
#include "formats.h"
#include "migrate.h"
#include "plat.h"
#include "request.h"
#include "symbols.h"
#include "zones.h"

static void show_stack(struct text *text, const struct owner_record *record,
		       struct symbols *symbols)
{
	for (unsigned int i = 0; i < record->nr_stack; i++) {
		text_add(text, " ");
		symbols_show(symbols, text, record->stack[i]);
		text_add(text, "\n");
	}
}

void page_owner_format_flags(struct text *text, unsigned long flags)
{
	/* In the order in which the kernel prints them. */
	static const struct {
		unsigned int bit;
		const char *name;
	} names[] = {
		{ 0, "locked" },     { 7, "waiters" },	     { 8, "error" },
		{ 1, "referenced" }, { 2, "uptodate" },	     { 3, "dirty" },
		{ 4, "lru" },	     { 5, "active" },	     { 6, "workingset" },
		{ 9, "slab" },	     { 10, "owner_priv_1" }, { 11, "arch_1" },
		{ 12, "reserved" },  { 13, "private" },	     { 14, "private_2" },
		{ 15, "writeback" }, { 16, "head" },	     { 17, "mappedtodisk" },
		{ 18, "reclaim" },   { 19, "swapbacked" },   { 20, "unevictable" },
		{ 21, "mlocked" },
	};
	unsigned long left = flags & ((1UL << FRAME_LAST_CPU_SHIFT) - 1);

	text_add(text, "0x%lx(", flags);
	for (size_t i = 0; i < ARRAY_SIZE(names) && left; i++) {
		if (!(left >> names[i].bit & 1))
			continue;
		left &= ~(1UL << names[i].bit);
		text_add(text, "%s|", names[i].name);
	}
	if (left)
		text_add(text, "0x%lx|", left);
	text_add(text, "node=%lu|zone=%lu|lastcpupid=0x%lx)", flags >> FRAME_NODE_SHIFT,
		 flags >> FRAME_ZONE_SHIFT & FRAME_ZONE_MASK,
		 (flags & FRAME_LAST_CPU) >> FRAME_LAST_CPU_SHIFT);
}

void page_owner_format(struct text *text, const struct page_owner_block *block)
{
	const struct owner_record *record = &block->record;
	char gfp[512];

	kalloc_gfp_show(record->gfp, gfp, sizeof(gfp));
	text_add(text,
		 "Page allocated via order %u, mask 0x%x(%s), pid %d, tgid %d (%s), ts %llu ns, "
		 "free_ts %llu ns\n",
		 record->order, record->gfp, gfp, record->pid, record->tgid, record->comm,
		 (unsigned long long)record->ts_ns, (unsigned long long)record->free_ts_ns);
	text_add(text, "PFN %lu type %s Block %lu type %s Flags ", block->pfn,
		 migratetype_names[request_type(record->gfp)], block->pfn >> block->block_order,
		 migratetype_names[block->block_type]);
	page_owner_format_flags(text, block->flags);
	text_add(text, "\n");
}

void page_owner_format_end(struct text *text, const struct owner_record *record)
{
	static const char *const reasons[] = {
		[MR_COMPACTION] = "compaction",
		[MR_CONTIG_RANGE] = "contig_range",
	};

	if (record->migrate_reason != OWNER_NOT_MIGRATED)
		text_add(text, "Page has been migrated, last migrate reason: %s\n",
			 reasons[record->migrate_reason]);
	text_add(text, "\n");
}

bool page_owner_exists(const struct kalloc_machine *m)
{
	return m->owners != NULL;
}

/* The first frame from @pfn on that was ever used and is in no free block. */
static unsigned long next_used(const struct buddy *buddy, unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		struct frame_view view;

		if (buddy_is_hole(buddy, pfn)) {
			pfn = buddy->hole_end;
			continue;
		}
		if (buddy_is_virgin(buddy, pfn)) {
			pfn = pfn < buddy->hole_start ? min(buddy->hole_start, buddy->virgin_end)
						      : buddy->virgin_end;
			continue;
		}
		view = frame_look(buddy->vmemmap + pfn);
		if (view.kind != FRAME_IS_FREE || view.order > buddy->max_order)
			return pfn;
		pfn += 1UL << view.order;
	}
	return end;
}

static void show_zone(struct text *text, struct zone *zone, struct symbols *symbols)
{
	const struct buddy *buddy = &zone->buddy;
	struct page_owner_block block = { .block_order = buddy->block_order };
	unsigned long end = zone->zone_start_pfn + zone->spanned_pages;
	unsigned long pfn = next_used(buddy, max(zone->zone_start_pfn, PFN_MANAGED), end);

	for (; pfn < end; pfn = next_used(buddy, pfn + 1, end)) {
		if (!owner_read(zone->room->m, pfn, &block.record))
			continue;
		block.pfn = pfn;
		block.block_type = block_type(buddy, pfn);
		block.flags = frame_flags_now(buddy->vmemmap + pfn);
		page_owner_format(text, &block);
		show_stack(text, &block.record, symbols);
		page_owner_format_end(text, &block.record);
	}
}

void page_owner_show(struct text *text, struct kalloc_machine *m)
{
	struct symbols symbols = { 0 };
	struct zone *zone;

	for_each_shown_zone(zone, m->page)
	{
		if (zone->managed_pages)
			show_zone(text, zone, &symbols);
	}
}
