/* SPDX-License-Identifier: MIT */
#include "kpage.h"
#include "room.h"

#define KPF(bit) (1ULL << KPF_##bit)

unsigned long kpage_frames(const struct kalloc_machine *m)
{
	return m->page->layout.max_pfn;
}

void kpagecount_fill(struct kalloc_machine *m, u64 *words, unsigned long pfn, unsigned long nr)
{
	memset(words, 0, nr * sizeof(*words));
}

/* Whether @pfn lies in a free block; only the first frame of one says so itself. */
static bool is_free(const struct buddy *buddy, unsigned long pfn)
{
	for (unsigned int order = 0; order <= buddy->max_order; order++) {
		unsigned long first = pfn & ~((1UL << order) - 1);
		struct frame_view view;

		if (first < buddy->start_pfn)
			return false;
		view = frame_look(buddy->vmemmap + first);
		if (view.kind == FRAME_IS_FREE && view.order >= order)
			return true;
	}
	return false;
}

static racy_read unsigned long compound_word(const struct page *page)
{
	return *(const volatile unsigned long *)&page->compound_head;
}

/* The bits of page->flags that have one here. */
static u64 flags_shown(unsigned long flags)
{
	static const struct {
		unsigned long flag;
		u64 shown;
	} bits[] = {
		{ PG_REFERENCED, KPF(REFERENCED) },
		{ PG_DIRTY, KPF(DIRTY) },
		{ PG_LRU, KPF(LRU) },
		{ PG_ACTIVE, KPF(ACTIVE) },
		{ PG_SLAB, KPF(SLAB) },
		{ PG_SWAPBACKED, KPF(SWAPBACKED) },
		{ PG_HEAD, KPF(COMPOUND_HEAD) },
	};
	u64 shown = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		if (flags & bits[i].flag)
			shown |= bits[i].shown;
	}
	return shown;
}

static u64 frame_word(const struct buddy *buddy, unsigned long pfn)
{
	const struct page *page = buddy->vmemmap + pfn;
	unsigned long flags, head;
	u64 word;

	if (buddy_is_virgin(buddy, pfn))
		return KPF(BUDDY);
	flags = frame_flags_now(page);
	head = compound_word(page);
	word = flags_shown(flags);
	if (head & 1) {
		const struct page *first = (const struct page *)(head - 1);

		return word | KPF(COMPOUND_TAIL) |
		       (frame_flags_now(first) & PG_SLAB ? KPF(SLAB) : 0);
	}
	if ((flags & PG_LRU) && (flags & PG_SWAPBACKED))
		word |= KPF(ANON);
	if (frame_look(page).count == 0 && is_free(buddy, pfn))
		word |= KPF(BUDDY);
	return word;
}

void kpageflags_fill(struct kalloc_machine *m, u64 *words, unsigned long pfn, unsigned long nr)
{
	struct zone *zone;

	for (unsigned long i = 0; i < nr; i++)
		words[i] = pfn + i < PFN_MANAGED ? KPF(RESERVED) : KPF(NOPAGE);
	for_each_zone(zone, m->page) {
		unsigned long from = max(max(pfn, PFN_MANAGED), zone->zone_start_pfn);
		unsigned long end = min(pfn + nr, zone->zone_start_pfn + zone->spanned_pages);

		for (unsigned long at = from; at < end; at++) {
			if (!buddy_is_hole(&zone->buddy, at))
				words[at - pfn] = frame_word(&zone->buddy, at);
		}
	}
}
